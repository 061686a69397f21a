"""An answer beside its checks: texts to take over, what is to be mended, what the reviewer sees."""
