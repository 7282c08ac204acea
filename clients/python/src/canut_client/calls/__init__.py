"""What can be asked of a site, a file a subject; `Canut` has all of it."""
