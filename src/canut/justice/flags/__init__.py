"""Flags: members say that something should not be here; enough who have no tie hide it for a while.

A named person then confirms it or shows it again (MECHANISMS 6.4).
"""
