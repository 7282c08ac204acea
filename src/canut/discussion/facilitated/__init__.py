"""Facilitated discussions: a question, three rounds, a facilitator, a rapporteur, and a written record.

What is asked about, and who may take part, rooms above know: they tell it by a `Place`.
"""
