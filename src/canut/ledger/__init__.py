"""Money kept for a purpose, and its movements: written once, never overdrawn, always balanced."""
