"""The command line: translates arguments, makes one call, prints the answer."""
