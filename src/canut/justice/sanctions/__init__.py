"""Sanctions: what a named person of those who run the site decides about somebody, and how it is undone."""
