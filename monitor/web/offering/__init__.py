"""What may be done with an order, told to machines and scripts: the source of the page's forms."""
