"""Flagging something, what became of it, and the queue of those who look at what was flagged."""
