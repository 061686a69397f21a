"""The beams that every step leans on."""
