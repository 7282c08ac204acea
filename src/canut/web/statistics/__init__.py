"""Pages on what justice comes to on this site, for everybody."""
