"""What everybody has a right to know: by which rules, with which numbers, something is decided about them."""
