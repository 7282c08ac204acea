"""How a command says that it cannot go on: one sentence that names the way out."""


class Failure(Exception):
    """A command cannot do what was asked. Its message is printed as it is, and the exit code is 1."""
