"""Several people are told the same, each in their own language."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by


def tell_each(
    people: Iterable[Person],
    kind: NoticeKind,
    said: Callable[[], Sequence[str]],
    *,
    path: str,
    at: datetime,
    key: str = "",
) -> int:
    """Tell each of these people what `said` returns in their language; return how many were told.

    It returns a subject and the paragraphs under it. The rest is as for `tell`.
    """
    told = 0
    for person in people:
        with as_read_by(person):
            subject, *paragraphs = said()
            told += tell(person, kind, subject, *paragraphs, path=path, at=at, key=key) is not None
    return told
