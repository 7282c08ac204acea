"""Proposals, their versions, and what is said of them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ProposalInList:
    """A proposal in the list. `author` is None until enough members support it."""

    id: int
    kind: str
    state: str
    title: str
    author: str | None
    supporters: int
    parameters: tuple[str, ...]
    began_at: datetime
    changed_at: datetime
    decision_number: int | None


@dataclass(frozen=True, slots=True)
class ProposedSetting:
    """One parameter that a version would set; `effective_at` is None for as soon as its notice allows."""

    parameter: str
    scope_kind: str
    scope_key: str
    old: int | bool | str | tuple[str, ...]
    new: int | bool | str | tuple[str, ...]
    effective_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProposedArticle:
    """One article that a version would add (`key` is None), reword or repeal."""

    key: str | None
    of_version: int | None
    repeals: bool
    title_en: str
    title_fr: str
    text_en: str
    text_fr: str


@dataclass(frozen=True, slots=True)
class ProposedFounder:
    """Somebody whom a version names as a founder, and the level at which they begin."""

    screen_name: str
    level: int


@dataclass(frozen=True, slots=True)
class ProposedGuild:
    """The guild that a version would found; `guild_id` once a decision has founded it."""

    name: str
    screen_name: str
    craft: str
    language: str
    charter_text: str
    joining: str
    founders: tuple[ProposedFounder, ...]
    guild_id: int | None


@dataclass(frozen=True, slots=True)
class ProposalVersion:
    """One wording of a proposal, with all that it would change."""

    number: int
    language: str
    title: str
    text: str
    translated_title: str
    translated_text: str
    note: str
    is_by_jury: bool
    made_at: datetime
    settings: tuple[ProposedSetting, ...]
    articles: tuple[ProposedArticle, ...]
    guild: ProposedGuild | None


@dataclass(frozen=True, slots=True)
class SenseOfOne:
    """What one member says to a draft, under their screen name."""

    who: str
    stance: str
    reason: str
    version_number: int
    given_at: datetime


@dataclass(frozen=True, slots=True)
class TeamAnswer:
    """What the team was asked about a draft and said; silence until `due_at` means that it is feasible."""

    version_number: int
    outcome: str
    asked_at: datetime
    due_at: datetime
    said_at: datetime | None
    reason: str
    help: str
    overruled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal. `lacks` says what its vote waits for: ratification, replay or jury."""

    id: int
    kind: str
    state: str
    question_class: str
    author: str | None
    supporters: int
    supporters_needed: int
    began_at: datetime
    popular_at: datetime | None
    ended_at: datetime | None
    lapses_at: datetime | None
    is_held: bool
    comes_from: int | None
    came_by: str | None
    version: ProposalVersion
    sense_checks: tuple[SenseOfOne, ...]
    team_answers: tuple[TeamAnswer, ...]
    has_replay: bool
    lacks: tuple[str, ...]
    vote_id: int | None
    decision_number: int | None
