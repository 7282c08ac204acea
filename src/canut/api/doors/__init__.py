"""The addresses, a file a subject. Each makes one call into a room and translates the answer."""
