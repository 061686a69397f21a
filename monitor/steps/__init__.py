"""What people do with an order, in the order of its life; a step never calls a step."""
