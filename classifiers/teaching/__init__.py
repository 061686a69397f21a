"""How a model learns from decided messages, and is examined before it is trusted."""
