"""Simulated crowds on the real rules: the demo's own work, and replays of real answers.

Whoever is made here is marked as simulated, and the pages say so.
"""
