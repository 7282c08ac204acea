"""Pages about top-ups: what comes to a requester's project, and contesting one."""
