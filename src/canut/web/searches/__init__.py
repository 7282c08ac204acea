"""Pages about saved searches."""
