"""Learning from decisions: examples, models that are proposed and chosen, what goes alone."""
