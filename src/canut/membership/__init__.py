"""Who is admitted, to which college they belong, how active they are, and drawing by lot among them."""
