"""Entries of a journal, and a portfolio."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from canut.api.shapes.common import Moment, MomentIn, RowId, Said, Sent
from canut.guilds.journal.limits import LONGEST_TEXT, LONGEST_TITLE
from canut.guilds.journal.queries import Entry


def _day(sent: Any) -> Any:
    try:
        if isinstance(sent, str) and len(sent) == 10:
            return date.fromisoformat(sent)
    except ValueError:
        pass
    raise PydanticCustomError("no_day", "no day")


DayIn = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-07-31"]}),
]


class EntryProject(Said):
    """The project that an entry is about, and what its writer has handed in to it by now."""

    id: int
    title: str
    tasks_handed_in: int
    tasks_approved: int
    first_on: date = Field(description="In the writer's own calendar.")
    last_on: date


class JournalEntry(Said):
    """An entry of the caller's journal."""

    id: int
    title: str
    text: str = Field(description="Plain text; an empty line begins a paragraph.")
    learnt_on: date
    project: EntryProject | None
    position: int | None = Field(description="Its place in the portfolio, from 1; null if it is not chosen.")
    created_at: Moment
    changed_at: Moment


class EntryIn(Sent):
    """An entry to be written."""

    title: str = Field(max_length=LONGEST_TITLE)
    text: str = Field(max_length=LONGEST_TEXT)
    learnt_on: DayIn | None = Field(None, description="Today, unless it is another day.")
    project_id: RowId | None = Field(None, description="A project that the caller has handed work in to.")


class EntryChange(Sent):
    """What to change of an entry; what is left out stays. A `project_id` of null takes the project away."""

    based_on: MomentIn | None = Field(
        None, description="`changed_at` as the writer saw it; then a later change is not overwritten."
    )
    title: str | None = Field(None, max_length=LONGEST_TITLE)
    text: str | None = Field(None, max_length=LONGEST_TEXT)
    learnt_on: DayIn | None = None
    project_id: RowId | None = None


class EntryPlace(Sent):
    """Where an entry is to stand in the portfolio."""

    position: Annotated[int, Field(ge=1, le=999)] | None = Field(
        description="From 1; beyond the last is the last. Null takes it out."
    )


class PortfolioWork(Said):
    """What an entry of a portfolio is about. Of reviews of a guild neither numbers nor days are told."""

    title: str
    tasks_handed_in: int | None
    tasks_approved: int | None
    first_on: date | None
    last_on: date | None


class PortfolioEntry(Said):
    """An entry that was chosen for the portfolio."""

    title: str
    text: str
    learnt_on: date
    work: PortfolioWork | None


class PortfolioLevel(Said):
    """A level in a guild."""

    guild: str
    address: str = Field(description="The guild's page.")
    level: int = Field(description="From 1; the charter says how many there are.")
    mean_review_score: str | None = Field(
        description="Of the blind reviews of the member's work, 1 to 4 with two decimals; null without any."
    )
    reviews: int


class PortfolioBadge(Said):
    """A badge, with the signed credential itself."""

    name: str
    level: int
    issued_on: date
    credential: dict[str, Any] = Field(
        description="Open Badges 3.0, signed `eddsa-rdfc-2022`: all that anybody needs to check it."
    )


class Portfolio(Said):
    """A portfolio, as the file that its writer takes along holds it; `docs/portfolio.md` describes it."""

    kind: Literal["canut-portfolio"]
    version: Literal[1]
    name: str
    made_on: date
    language: str = Field(description="What sentences of the site in it are written in.")
    site: str
    entries: Sequence[PortfolioEntry]
    levels: Sequence[PortfolioLevel]
    badges: Sequence[PortfolioBadge]


def entry_said(entry: Entry) -> JournalEntry:
    """Return an entry as it goes out."""
    batch = entry.batch
    return JournalEntry(
        id=entry.id,
        title=entry.title,
        text=entry.text,
        learnt_on=entry.learnt_on,
        project=None
        if batch is None
        else EntryProject(
            id=batch.project_id,
            title=batch.title,
            tasks_handed_in=batch.handed_in,
            tasks_approved=batch.approved,
            first_on=batch.first_on,
            last_on=batch.last_on,
        ),
        position=entry.position,
        created_at=entry.created_at,
        changed_at=entry.changed_at,
    )
