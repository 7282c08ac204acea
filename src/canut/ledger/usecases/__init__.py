"""What can be done with money. The rooms above pay; this room only keeps the books."""
