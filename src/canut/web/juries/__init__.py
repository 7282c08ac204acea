"""Justice at one place: its hub, the seats of who was drawn to hear appeals, and the fund that pays."""
