"""Publish tasks on a Canut site and read their results."""
