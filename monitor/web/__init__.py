"""The doors that people use: pages, parts, guards."""
