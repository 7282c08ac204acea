"""What is done with proposals, one verb a file."""
