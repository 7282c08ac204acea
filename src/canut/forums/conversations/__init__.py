"""A worker and a requester alone about a project or one task, and the notes that tell all what came of it."""
