"""A mediator's way beside the others: two sides settle what divides them, with help (MECHANISMS 6.5)."""
