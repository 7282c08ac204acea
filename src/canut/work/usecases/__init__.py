"""What people do with work, one verb a file."""
