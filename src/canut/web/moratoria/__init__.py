"""Motions to stop an algorithm: what is stopped, what is moved, and supporting it."""
