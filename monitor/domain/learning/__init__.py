"""When a new model may take the place of the old one, and when a machine may dispatch alone."""
