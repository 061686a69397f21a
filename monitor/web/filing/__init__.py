"""Attached files at the doors: how they are sent, shown and handed out."""
