"""Lists of orders that wait: which there are, how a row looks, what the panel beside it says."""
