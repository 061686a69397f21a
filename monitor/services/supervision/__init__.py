"""Watch over what is due, late or stuck: give cards, lift them, tell people."""
