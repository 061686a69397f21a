"""Beams of handling: parts of co-sections, who is called back, how long a file is kept."""
