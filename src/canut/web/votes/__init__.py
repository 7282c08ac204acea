"""Pages of votes: which there are, casting a ballot, the count and the published list."""
