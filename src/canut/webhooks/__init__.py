"""What happens to one's projects and work, told to one's own programs as it happens."""
