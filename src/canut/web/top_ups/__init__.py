"""Pages about top-ups: what comes to a requester's project, and contests for an operator to decide."""
