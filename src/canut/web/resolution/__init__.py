"""Resolution juries: what they say and choose, in public; taking part by those who were drawn."""
