"""Justice: what was decided about somebody is looked at again by peers, and binds (MECHANISMS 6)."""
