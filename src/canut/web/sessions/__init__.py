"""Work by the hour on pages: sessions and their bar, sensitive work, and refusing a project together."""
