"""What is done with motions to stop an algorithm, one verb a file."""
