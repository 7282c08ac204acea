"""Canut: crowd work owned by the crowd."""

__version__ = "0.1.0"
