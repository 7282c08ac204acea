"""What one may expect of the other side: standings and records, each explained from stored inputs."""
