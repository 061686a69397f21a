"""Copies of the whole database, for backups."""
