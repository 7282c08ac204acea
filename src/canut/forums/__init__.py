"""Who may read and write where people talk: the subjects that `discussion` knows by number alone.

A project has one thread for both sides, a guild and a college a forum each. The rooms of these subjects
stand above `discussion`; this one stands above them all and tells it where somebody stands.
"""
