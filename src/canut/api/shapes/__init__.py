"""What goes in and comes out: frozen models, and nothing in them that a room has not decided."""
