"""Pages on which people look back on everything they did here."""
