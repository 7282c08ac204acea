"""Reading disputes, summaries, mediators and the yearly report."""
