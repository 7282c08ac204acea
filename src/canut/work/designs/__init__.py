"""What a requester asks of workers: the design of a task, and what a correct answer to it is.

`schema` reads a design, `answers` compiles it into the one definition of a correct answer, `forms`
draws it. Every type of item is a class in the file of its family, listed in `registry`.
"""
