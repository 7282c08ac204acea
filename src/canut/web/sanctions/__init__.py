"""Sanctions: the published list, one's own, with or without signing in, and for those who run the site."""
