"""Pages about a requester's money."""
