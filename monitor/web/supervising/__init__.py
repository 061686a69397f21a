"""督办: the cards of an order as people see them, and the list of what is late or stuck."""
