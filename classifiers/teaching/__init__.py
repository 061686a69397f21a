"""How a model learns from decided messages, and how it is examined before anybody trusts it."""
