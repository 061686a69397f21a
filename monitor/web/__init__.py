"""What one sees: pages for the staff and for everybody, and the machine door."""
