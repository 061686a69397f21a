"""A draft of an answer from a language model of the bureau's own: off by default, always marked."""
