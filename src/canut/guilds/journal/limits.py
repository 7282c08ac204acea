"""How long and how many things of a journal may be. They bound what one page or file has to hold."""

LONGEST_TITLE = 120
LONGEST_TEXT = 4_000
LONGEST_NAME = 80
MOST_ENTRIES = 2_000
MOST_LINES = 200
MOST_CHOSEN = 24
ENTRIES_A_PAGE = 20
LONGEST_SEARCH = 100
