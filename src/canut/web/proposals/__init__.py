"""Pages of proposals: the hub, the list, one proposal with all that is done to it, and writing one."""
