"""What came out of a project: agreement, labels, rankings, accuracy, times, charts and files.

Everything here is a rule: values in, values out, without clock or database. `answers` holds the form
that the methods read, each method has a file of its own, `plots` draws, `export` writes.
"""
