"""What is right: plain values in, answer and reason out; no I/O, no clock."""
