"""What a letter shows beside its labels: opinion, missing facts, several requests."""
