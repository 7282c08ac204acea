"""The pages of a project's results."""
