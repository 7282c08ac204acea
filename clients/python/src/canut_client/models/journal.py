"""Entries of one's own journal, and the portfolio made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class EntryProject:
    """The project that an entry is about, and what its writer has handed in to it by now."""

    id: int
    title: str
    tasks_handed_in: int
    tasks_approved: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An entry; `position` is its place in the portfolio, from 1, if it was chosen."""

    id: int
    title: str
    text: str
    learnt_on: date
    project: EntryProject | None
    position: int | None
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class PortfolioWork:
    """What an entry of a portfolio is about; of reviews of a guild only the title."""

    title: str
    tasks_handed_in: int | None
    tasks_approved: int | None
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class PortfolioEntry:
    """An entry that was chosen for the portfolio."""

    title: str
    text: str
    learnt_on: date
    work: PortfolioWork | None


@dataclass(frozen=True, slots=True)
class PortfolioLevel:
    """A level in a guild; `address` is the guild's page."""

    guild: str
    address: str
    level: int
    mean_review_score: str | None
    reviews: int


@dataclass(frozen=True, slots=True)
class PortfolioBadge:
    """A badge with its signed credential: all that anybody needs to check it."""

    name: str
    level: int
    issued_on: date
    credential: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A portfolio as the file that its writer takes along holds it."""

    kind: str
    version: int
    name: str
    made_on: date
    language: str
    site: str
    entries: tuple[PortfolioEntry, ...]
    levels: tuple[PortfolioLevel, ...]
    badges: tuple[PortfolioBadge, ...]
