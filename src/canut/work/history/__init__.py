"""Everything somebody did here: as a worker each task they took, as a requester each one that was taken.

The page, the file and the API ask one query (`pages.history_page`), and the sums beneath are the ledger's.
"""
