"""Cards and what belongs to watching over orders, as rows."""
