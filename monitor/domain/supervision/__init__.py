"""When an order is warned of, carded, chased or raised, and who is told."""
