"""How much may be written in a facilitated discussion, beside what holds for every post."""

LONGEST_QUESTION = 200
LONGEST_STATEMENT = 300
LONGEST_PIECE = 10_000
"""Of one of the four pieces of a record."""

MOST_STATEMENTS = 60
"""In all: more could be weighed by nobody. How many one person makes, the charter says."""

MOST_RECORDS = 3
"""How often a record can be written while it is open to objections, the first time counted."""

MOST_OPEN_CALLS = 5
"""How many people one may have asked at once to take a part."""
