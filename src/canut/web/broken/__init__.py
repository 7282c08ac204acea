"""Pages about broken tasks: reporting one, and what its requester makes of the row."""
