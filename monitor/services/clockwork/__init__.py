"""Reckon open clocks again where what they were reckoned by has changed."""
