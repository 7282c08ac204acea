"""People talking: threads and posts on any subject, who follows and has read what, and what is hidden.

A subject is a kind and a number; what it is, and who may read and write about it, rooms above know.
"""
