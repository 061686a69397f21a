"""How a model learns from decided messages, is examined before it is trusted, and gives reasons."""
