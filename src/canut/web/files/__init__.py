"""Files that workers send with their answers: sending, taking away again, fetching."""
