"""Attached files on their way in, on their way out, and what upkeep does for them."""
