"""Pages on which workers find work."""
