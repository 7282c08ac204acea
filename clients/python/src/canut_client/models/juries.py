"""Resolution juries: what jurors say, say back, write and choose."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class JuryInList:
    """A jury in the list, by the title of the draft that it is about."""

    id: int
    proposal_id: int
    title: str
    state: str
    called_at: datetime
    ends_by: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SaidBack:
    """What a juror said back to another; `understood` is None until that one has answered."""

    id: int
    juror: int
    text: str
    understood: bool | None
    missed: str


@dataclass(frozen=True, slots=True)
class Juror:
    """A juror by their number; `waits_for` are those by whom they have not been understood yet."""

    number: int
    college: str
    left_at: datetime | None
    statement_id: int | None
    statement: str | None
    said_back: tuple[SaidBack, ...]
    waits_for: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class JuryWording:
    """How the draft could read, by the number of the juror who wrote it."""

    id: int
    juror: int
    language: str
    title: str
    text: str
    note: str
    parameters: tuple[str, ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class CollegeChoice:
    """The one vote of a college: 0 for the draft as it stands, None for no vote."""

    college: str
    wording_id: int | None


@dataclass(frozen=True, slots=True)
class Jury:
    """A jury: why it was called, what was said, and at its end how each college voted."""

    id: int
    proposal_id: int
    version_number: int
    reason: str
    state: str
    called_at: datetime
    ends_by: datetime
    ended_at: datetime | None
    lots: tuple[int, ...]
    jurors: tuple[Juror, ...]
    wordings: tuple[JuryWording, ...]
    votes: tuple[CollegeChoice, ...]


@dataclass(frozen=True, slots=True)
class JurySeat:
    """One's own place in a jury, and what is one's to do next."""

    jury_id: int
    number: int
    college: str
    has_spoken: bool
    to_say_back: tuple[int, ...]
    to_answer: tuple[int, ...]
    has_chosen: bool
