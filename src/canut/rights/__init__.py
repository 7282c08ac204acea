"""What everybody has a right to: the rules by which they are decided about, their data, and to leave."""
