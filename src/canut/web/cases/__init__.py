"""Appeals as the two sides see them: opening one, what it is about, how far it is, how it ended."""
