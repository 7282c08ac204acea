"""Proposals as programs read and write them."""

from collections.abc import Sequence
from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from canut.api.shapes.common import Moment, MomentIn, Said, Sent
from canut.charter.parameters import PARAMETERS, Class
from canut.charter.rules import ValueRefused, from_json
from canut.governance.checking import setting_refused
from canut.governance.content import ArticleWish, Content, SettingWish
from canut.governance.queries.proposals import AssessmentSeen, ProposalCard, ProposalSeen, SenseSaid
from canut.governance.queries.versions import VersionWritten
from canut.governance.refusals import GuildRefused
from canut.governance.states import CameBy, Feasibility, ProposalKind, ProposalState, Stance
from canut.guilds.founding import Founding
from canut.guilds.states import Joining

Stored = int | bool | str | Sequence[str]
VALUE = "Decimals are text, such as `0.065`, so that no digit is lost."


class ProposalInList(Said):
    """A proposal in the list. `author` is null until enough members support it."""

    id: int
    kind: ProposalKind
    state: ProposalState
    title: str
    author: str | None
    supporters: int
    parameters: Sequence[str] = Field(description="What it would set.")
    began_at: Moment
    changed_at: Moment
    decision_number: int | None


class ProposedSetting(Said):
    """One parameter that a version would set; `effective_at` is null for as soon as its notice allows."""

    parameter: str
    scope_kind: str
    scope_key: str
    old: Stored = Field(description=VALUE)
    new: Stored = Field(description=VALUE)
    effective_at: Moment | None


class ProposedArticle(Said):
    """One article that a version would add (`key` is null), reword or repeal."""

    key: str | None
    of_version: int | None = Field(description="The article's version that this was written against.")
    repeals: bool
    title_en: str
    title_fr: str
    text_en: str
    text_fr: str


class ProposedFounder(Said):
    """Somebody whom a version names as a founder, and the level at which they begin."""

    screen_name: str
    level: int


class ProposedGuild(Said):
    """The guild that a version would found; `guild_id` once a decision has founded it."""

    name: str
    screen_name: str
    craft: str
    language: str
    charter_text: str
    joining: Joining
    founders: Sequence[ProposedFounder]
    guild_id: int | None


class ProposalVersion(Said):
    """One wording of a proposal, with all that it would change."""

    number: int
    language: str
    title: str
    text: str
    translated_title: str
    translated_text: str
    note: str
    is_by_jury: bool
    made_at: Moment
    settings: Sequence[ProposedSetting]
    articles: Sequence[ProposedArticle]
    guild: ProposedGuild | None


class SenseOfOne(Said):
    """What one member says to a draft, under their screen name."""

    who: str
    stance: Stance
    reason: str
    version_number: int
    given_at: Moment


class TeamAnswer(Said):
    """What the team was asked about a draft and said; silence until `due_at` means that it is feasible."""

    version_number: int
    outcome: Feasibility
    asked_at: Moment
    due_at: Moment
    said_at: Moment | None
    reason: str
    help: str
    overruled_at: Moment | None


class Proposal(Said):
    """One proposal. `lacks` says what its vote waits for: ratification, replay or jury."""

    id: int
    kind: ProposalKind
    state: ProposalState
    question_class: Class
    author: str | None
    supporters: int
    supporters_needed: int
    began_at: Moment
    popular_at: Moment | None
    ended_at: Moment | None
    lapses_at: Moment | None
    is_held: bool
    comes_from: int | None
    came_by: CameBy | None
    version: ProposalVersion
    sense_checks: Sequence[SenseOfOne]
    team_answers: Sequence[TeamAnswer]
    has_replay: bool
    lacks: Sequence[str]
    vote_id: int | None
    decision_number: int | None


class SettingIn(Sent):
    """One parameter to set, for everybody or one scope, from a moment or as soon as it can."""

    parameter: str = Field(max_length=60)
    new: int | bool | str | list[str] = Field(description=VALUE)
    scope_kind: Literal["site", "country", "territory", "status", "guild"] = "site"
    scope_key: str = Field("", max_length=40)
    effective_at: MomentIn | None = None


class ArticleIn(Sent):
    """One article to change; without a `key` a new one."""

    key: str = Field("", max_length=60)
    repeals: bool = False
    title_en: str = Field("", max_length=160)
    title_fr: str = Field("", max_length=160)
    text_en: str = Field("", max_length=8_000)
    text_fr: str = Field("", max_length=8_000)


class FounderIn(Sent):
    """A member who begins a guild, and at which level."""

    screen_name: str = Field(min_length=1, max_length=30)
    level: int = Field(ge=1, le=10)


class GuildIn(Sent):
    """A guild to found. A proposal with one sets and rewords nothing."""

    name: str = Field(min_length=1, max_length=120)
    screen_name: str = Field(min_length=1, max_length=30)
    craft: str = Field(min_length=1, max_length=80)
    charter_text: str = Field(min_length=1, max_length=20_000)
    language: str = Field("", max_length=12)
    joining: Literal["open", "invitation"] = "open"
    founders: list[FounderIn] = Field([], max_length=50)


class _WordsIn(Sent):
    language: Literal["en", "fr"]
    title: str = Field(min_length=1, max_length=120)
    text: str = Field(min_length=1, max_length=10_000)
    translated_title: str = Field("", max_length=120)
    translated_text: str = Field("", max_length=10_000)
    settings: list[SettingIn] = Field([], max_length=10)
    articles: list[ArticleIn] = Field([], max_length=10)
    guild: GuildIn | None = None


class ProposalIn(_WordsIn):
    """An idea. `comes_from` is an earlier proposal that it brings back, or goes back on."""

    comes_from: int | None = Field(None, ge=1, lt=2**63)
    came_by: Literal["comeback", "going_back"] = "comeback"


class VersionIn(_WordsIn):
    """A draft's next version; `written_on` is the number of the version that it was written on."""

    note: str = Field("", max_length=500)
    written_on: int = Field(ge=1, lt=2**31)


class SenseIn(Sent):
    """What the caller thinks of a draft; who disagrees or blocks says why."""

    stance: Literal["agree", "abstain", "disagree", "block"]
    reason: str = Field("", max_length=2_000)


class FeasibilityIn(Sent):
    """The team's answer about a draft; `help` says what would make it feasible, or how the team helps."""

    feasible: bool
    reason: str = Field("", max_length=4_000)
    help: str = Field("", max_length=4_000)


def content_of(body: ProposalIn | VersionIn) -> Content:
    """Return what a program sent as the content of a version.

    Raises:
        SettingRefused: a parameter is unknown, or a value has another type than it.
        GuildRefused: a founder is named twice.
    """
    return Content(
        language=body.language,
        title=body.title,
        text=body.text,
        translated_title=body.translated_title,
        translated_text=body.translated_text,
        note=body.note if isinstance(body, VersionIn) else "",
        settings=[_wish(one, place) for place, one in enumerate(body.settings, 1)],
        articles=[ArticleWish(**one.model_dump()) for one in body.articles],
        guild=None if body.guild is None else _founding(body.guild),
    )


def _founding(sent: GuildIn) -> Founding:
    names = [one.screen_name for one in sent.founders]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise GuildRefused(
            _("The guild cannot be founded so. Nothing was kept."),
            errors={"guild.founders": _("“%(name)s” is named twice.") % {"name": twice}},
        )
    return Founding(
        name=sent.name,
        screen_name=sent.screen_name,
        craft=sent.craft,
        charter_text=sent.charter_text,
        language=sent.language,
        joining=sent.joining,
        founders={one.screen_name: one.level for one in sent.founders},
    )


def _wish(sent: SettingIn, place: int) -> SettingWish:
    field, parameter = f"settings.{place}", PARAMETERS.get(sent.parameter)
    if parameter is None:
        raise setting_refused(
            field, sent.parameter, _("The charter has no parameter of this name."), "not_found"
        )
    try:
        value = from_json(parameter, sent.new)
    except ValueRefused as error:
        raise setting_refused(
            field, sent.parameter, _("This is no value that the parameter can have."), "charter_value_refused"
        ) from error
    return SettingWish(
        parameter=sent.parameter,
        new=value,
        scope_kind=sent.scope_kind,
        scope_key=sent.scope_key,
        effective_at=sent.effective_at,
    )


def card_said(card: ProposalCard) -> ProposalInList:
    return ProposalInList(
        id=card.id,
        kind=ProposalKind(card.kind),
        state=card.state,
        title=card.title,
        author=card.author or None,
        supporters=card.supporters,
        parameters=card.sets,
        began_at=card.began_at,
        changed_at=card.changed_at,
        decision_number=card.decision_number,
    )


def version_said(version: VersionWritten) -> ProposalVersion:
    return ProposalVersion.model_validate(version)


def proposal_said(seen: ProposalSeen, version: VersionWritten) -> Proposal:
    return Proposal(
        id=seen.id,
        kind=ProposalKind(seen.kind),
        state=seen.state,
        question_class=seen.question_class,
        author=seen.author or None,
        supporters=seen.supporters,
        supporters_needed=seen.supporters_needed,
        began_at=seen.began_at,
        popular_at=seen.popular_at,
        ended_at=seen.ended_at,
        lapses_at=seen.lapses_at,
        is_held=seen.is_held,
        comes_from=seen.comes_from,
        came_by=CameBy(seen.came_by) if seen.came_by else None,
        version=version_said(version),
        sense_checks=[sense_said(one) for one in seen.said],
        team_answers=[answer_said(one) for one in seen.assessments],
        has_replay=seen.has_replay,
        lacks=seen.lacks,
        vote_id=seen.vote_id,
        decision_number=seen.decision_number,
    )


def sense_said(said: SenseSaid) -> SenseOfOne:
    return SenseOfOne.model_validate(said)


def answer_said(answer: AssessmentSeen) -> TeamAnswer:
    return TeamAnswer.model_validate(answer)
