"""Pages of somebody's own journal, and of the portfolio they make of it."""
