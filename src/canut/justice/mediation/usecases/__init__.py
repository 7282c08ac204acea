"""What is done in disputes and with mediators, one verb a file."""
