"""Pages of one's webhooks: which programs are told of what, and what came of it."""
