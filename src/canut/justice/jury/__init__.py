"""Juries of peers who hear a case: drawn by lot, paid from the justice fund, blind to the two sides."""
