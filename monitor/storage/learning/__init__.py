"""What was learnt from decisions: versions of models, and what they would have done alone."""
