"""Saying no: an answer a person can act on, with a code a program can rely on.

A refusal is defined beside the code that raises it. Raising one undoes the transaction it is raised
in, so nothing is half done. The doors turn it into a page or a problem document (RFC 9457).
"""

from typing import Any, ClassVar

_by_code: dict[str, type["Refusal"]] = {}


class Refusal(Exception):
    """A sentence for a person (`message`), a stable `code`, an HTTP `status` and facts for programs.

    Subclasses give `code` (lower_snake_case, unique on the platform, never renamed) and `status`.
    `facts` are JSON-able extras that a program may show or act on, such as the smallest price.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, message: Any, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            return
        known = _by_code.setdefault(cls.code, cls)
        if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"refusal code {cls.code!r} is used by {known} and by {cls}")


class NotFound(Refusal):
    """There is no such thing, or the one who asks may not know of it: the answer is the same."""

    code = "not_found"
    status = 404


class NotAllowed(Refusal):
    """The thing is known to the one who asks, but is not theirs to do."""

    code = "not_allowed"
    status = 403


class BadInput(Refusal):
    """What was sent has the wrong shape; `facts["errors"]` names each field."""

    code = "bad_input"
    status = 422


def all_refusals() -> dict[str, type[Refusal]]:
    """Return every refusal that loaded code of Canut can raise, by code, for the docs and their test."""
    ours = (item for item in sorted(_by_code.items()) if item[1].__module__.startswith("canut."))
    return dict(ours)
