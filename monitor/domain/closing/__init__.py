"""How an answered order comes to rest: who is called back, how long the file is kept."""
