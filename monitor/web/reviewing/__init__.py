"""The copy under review: laid beside its original, and what was found in it."""
