"""Pages of qualifications: a requester's own, and what somebody holds of others'."""
