"""How much text there may be, and how fast it may come: against floods, not against talk."""

LONGEST_TITLE = 120
LONGEST_TEXT = 10_000
MOST_MENTIONS = 10
"""How many people one post may call by name; names after these are text like any other."""

MOST_EDITS = 50
"""How often one post may be put in other words."""

POSTS_AN_HOUR = 60
THREADS_A_DAY = 10
"""By one person, over all threads."""

A_PAGE = 50
"""Posts on one page of a thread, and answers on one page of a search."""
