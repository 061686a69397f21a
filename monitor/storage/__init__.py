"""What is: one noun a room, its tables and its reads together; no rules."""
