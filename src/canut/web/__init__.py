"""The pages: HTML first, for people."""
