"""What is done with resolution juries, one verb a file."""
