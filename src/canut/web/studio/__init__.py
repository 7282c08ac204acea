"""Pages on which a requester makes, fills, publishes and watches projects."""
