"""Pages on which a requester decides on what was handed in."""
