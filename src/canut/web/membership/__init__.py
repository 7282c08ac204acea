"""Pages of membership: where one stands and why, ways in and out, the members, and drawing by lot."""
