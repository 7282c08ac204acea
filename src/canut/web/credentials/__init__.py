"""Badges: what the site publishes for those who check them, a member's own, and checking one here."""
