"""The numbers that the rules go by, and the public log of who set each of them, when and why."""
