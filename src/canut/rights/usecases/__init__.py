"""What somebody may do about what the site knows of them."""
