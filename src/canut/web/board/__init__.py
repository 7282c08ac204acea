"""Pages of the board: who sits, elections and their counts, recalls, and motions."""
