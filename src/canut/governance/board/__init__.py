"""The board: who is elected to it and how, what it decides in the open, and how members recall somebody.

Seats are filled college by college, by the single transferable vote (MECHANISMS 7.9).
"""
