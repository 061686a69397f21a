"""What people do to move a late or stuck order on."""
