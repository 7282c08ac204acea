"""What a requester wants done, who does it, what comes of it, and what is paid for it."""
