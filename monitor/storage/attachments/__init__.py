"""Attached files: their bytes on disk by hash, and the rows that say whose they are."""
