"""The time of an order: more of it, and days that a law does not count."""
