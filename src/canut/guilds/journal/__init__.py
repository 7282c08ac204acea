"""What a worker notes of what they learnt, for themselves alone, and what of it goes into a portfolio.

An entry is its writer's: nobody else reads it here, whoever they are. A portfolio is a file that the writer
makes of entries they chose, with their badges; there is no page of it that anybody else could open.
"""
