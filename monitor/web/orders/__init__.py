"""One order as staff see it: what its page shows, which forms it offers, what they send."""
