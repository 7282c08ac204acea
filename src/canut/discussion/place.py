"""Where somebody stands before a thread: what rooms above tell this one, which knows no subject itself."""

from dataclasses import dataclass

from canut.discussion.models import SubjectKind
from canut.kernel.refusals import Refusal
from canut.people.models import Person


@dataclass(frozen=True, slots=True)
class Manner:
    """How a thread is written in.

    With `once`, everybody writes one post after the one numbered `fixed_to`; with `answers` they may quote
    one another. Posts up to `fixed_to` are put in other words no more. Who `only_changes` what they wrote
    there adds nothing; the refusal says why.
    """

    once: bool = False
    answers: bool = True
    fixed_to: int = 0
    only_changes: Refusal | None = None


ORDINARY = Manner()


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody who may read a thread, or where one could begin, and whether they may write there.

    `thread_id` is None before the first post on a subject that has one thread, and for a forum as a whole.
    `name` says what the subject is called. `why_not` is the answer to whoever may not write, None where
    they may. `may_close`: whether they may end the thread, and open it again. Who `may_read` no more stands
    before what they wrote themselves alone.
    """

    person: Person
    subject_kind: SubjectKind
    subject_id: int
    thread_id: int | None
    name: str
    why_not: Refusal | None = None
    may_close: bool = False
    may_read: bool = True
    manner: Manner = ORDINARY

    @property
    def may_write(self) -> bool:
        return self.why_not is None

    def require_writing(self) -> None:
        """Raise the answer to whoever may not write here."""
        if self.why_not is not None:
            raise self.why_not
