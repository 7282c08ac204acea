"""How long a beat of the cascade takes over a whole country's projects, and what it costs the hot path."""
