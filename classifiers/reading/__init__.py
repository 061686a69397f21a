"""What a trained model sees of texts, what it says of them, and the words that speak for it."""
