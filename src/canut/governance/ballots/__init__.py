"""Votes on any question: who may vote, secret ballots with receipts, and the count (MECHANISMS 7.3 and 7.8).

A vote knows nothing of what it is about but a title and an address. The room whose question it is opens it
(`usecases.open_vote`), closes it when its time is past (`usecases.close_vote`) and acts on the result.
"""
