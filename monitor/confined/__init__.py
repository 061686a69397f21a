"""Where untrusted files are opened: a child process with limits, and the one who keeps it."""
