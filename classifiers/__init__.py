"""Reads text, says what it sees, decides nothing."""
