"""Reading work, for pages, programs and exports; returns frozen values."""
