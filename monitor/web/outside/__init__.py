"""What everybody may see: published answers, public figures, where a letter stands."""
