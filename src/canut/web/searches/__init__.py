"""Pages about saved searches, and about when and where somebody is told of what is new."""
