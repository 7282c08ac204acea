"""Pages about other people: who worked for one, what one has said of whom, a requester's record."""
