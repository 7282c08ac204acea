"""The public log as everybody reads it."""
