"""How much may be asked for at once, and what a comparison asks in its design."""

MOST_PAIRS = 1_000
"""How many pairs one call may ask to be compared; more are asked for task by task."""

LAST_ROUND = 1_000
"""Far beyond any round that still says something."""

QUESTION, FIRST, SECOND, TIE = "better", "first", "second", "tie"
"""The name of the question in the design, and of its answers: the sides as `Pair` stores them."""
