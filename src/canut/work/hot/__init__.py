"""The hot path: hand in an answer and take the next task, in one statement (DESIGN.md 4).

`claim.sql` is the one way a place is claimed. `submit_and_next.sql` and `take_task.sql` put it behind
what each of them starts from; `statements.py` joins and runs them. The rule that `claim.sql` holds
is written in Python as `canut.work.rules.may_take`, and a property test compares the two.
"""
