"""Peer comparison: workers of a project say which of two accepted answers to a task is better.

Its requester asks for it and pays it, as ordinary work of their own. Each comparison is a task of a project
that shows two answers side by side; who gave either is never asked, and nobody is told who it was. Answers
begin equal and are scored by TrueSkill; each further round of a task compares those that are closest by then.
"""
