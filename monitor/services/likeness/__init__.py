"""Likeness: what was written before about the same matter, and what was answered."""
