"""Tell people what waits for them: one row each, on the page and by whatever way out there is."""
