"""What a subject says of somebody who comes to talk about it."""

from collections.abc import Callable
from dataclasses import dataclass

from canut.discussion.place import ORDINARY, Manner
from canut.kernel.refusals import NotAllowed, Refusal
from canut.people.access import ensure_may, ensure_member
from canut.people.models import Bar, Person


class NotAReader(NotAllowed):
    """What is talked about there is for others. The sentence says for whom."""

    code = "not_a_reader"


class NotAWriter(NotAllowed):
    """One may read there, and not write. The sentence says who may."""

    code = "not_a_writer"


@dataclass(frozen=True, slots=True)
class Stand:
    """Somebody may read what is said about a subject; `why_not` says why they may not write, if so."""

    name: str
    why_not: Refusal | None = None
    manner: Manner = ORDINARY


def refusal_of(*checks: Callable[[], object]) -> Refusal | None:
    """Return the first refusal that these checks raise, None if they raise none."""
    try:
        for check in checks:
            check()
    except Refusal as refusal:
        return refusal
    return None


def why_no_writer(by: Person) -> Refusal | None:
    """Return what keeps somebody from writing anywhere: the account, its terms, or a sanction."""
    return refusal_of(lambda: ensure_member(by), lambda: ensure_may(by, Bar.POST))
