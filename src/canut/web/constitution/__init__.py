"""The articles of the constitution, which anybody may read."""
