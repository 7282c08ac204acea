"""Disputes as their two sides and their mediator read them; summaries and reports as everybody does."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.justice.mediation.models import LONGEST_TITLE, LONGEST_WORDS
from canut.justice.mediation.queries.disputes import (
    AgreementSeen,
    DisputeCard,
    DisputeSeen,
    FileSeen,
    SummarySeen,
    Written,
)
from canut.justice.mediation.queries.precedents import PublishedSummary
from canut.justice.mediation.queries.report import YearlyReport, as_data
from canut.justice.mediation.states import (
    Audience,
    DisputeState,
    MandateEnd,
    PrecedentState,
    Side,
    Topic,
)

Step = Literal[
    "end_direct_attempt",
    "complain",
    "reply",
    "propose",
    "agree",
    "ask_for_another",
    "recommend",
    "follow",
    "do_not_follow",
    "accept_summary",
    "object_to_summary",
    "step_aside",
    "withdraw",
]


class DisputeInList(Said):
    """A dispute of the caller's. `other` is empty where the people who run the site answer."""

    id: int
    topic: Topic
    state: DisputeState
    side: Side = Field(description="Who the caller is in it.")
    complainant: str = Field(description="Screen name of the one who began it.")
    other: str = Field(description="Screen name of the other side.")
    project_id: int | None
    begun_at: Moment
    ended_at: Moment | None
    due_at: Moment | None = Field(description="Until when the step that it is at lasts.")
    is_news: bool = Field(description="Somebody wrote since the caller last looked at its page.")


class DisputeMandate(Said):
    """Who mediates or mediated, and why they do not go on."""

    id: int
    mediator: str
    since: Moment
    due_at: Moment
    until: Moment | None
    end: MandateEnd | None
    reason: str


class DisputeMessage(Said):
    """A message that the caller may read."""

    id: int
    side: Side
    audience: Audience
    text: str
    written_at: Moment
    is_mine: bool


class DisputeFile(Said):
    """A file that the caller may read."""

    id: UUID
    side: Side
    audience: Audience
    name: str
    media_type: str
    size_bytes: int
    sent_at: Moment
    is_mine: bool


class DisputeWording(Said):
    """A wording that was put to both sides; only the latest can be agreed to."""

    number: int
    side: Side
    text: str
    proposed_at: Moment
    complainant_agreed_at: Moment | None
    other_agreed_at: Moment | None
    is_latest: bool


class SummaryObjection(Said):
    """What a side has against the wording of a summary."""

    side: Side
    objection: str


class DisputeSummary(Said):
    """What others may learn of it, as its sides and mediator see it before and after it is published."""

    id: int
    version: int
    state: PrecedentState
    title_en: str
    text_en: str
    title_fr: str
    text_fr: str
    object_by: Moment
    published_at: Moment | None
    objections: Sequence[SummaryObjection]
    has_answered: bool


class Dispute(Said):
    """A dispute with all that the caller may read of it; of messages the latest, newest last."""

    id: int
    topic: Topic
    state: DisputeState
    side: Side = Field(description="Who the caller is in it.")
    complainant: str
    other: str
    project_id: int | None
    happened_on: date
    words: str
    wish: str
    begun_at: Moment
    direct_until: Moment = Field(description="From then on, a complaint can be made.")
    complain_by: Moment = Field(description="From then on, none can be made.")
    complained_at: Moment | None
    complaint: str
    reply_by: Moment | None
    replied_at: Moment | None
    reply: str
    mediation_at: Moment | None
    mandate: DisputeMandate | None
    earlier_mandates: Sequence[DisputeMandate]
    recommendation: str
    complainant_follows: bool | None
    other_follows: bool | None
    ended_at: Moment | None
    forgotten_at: Moment | None = Field(description="When its messages and files were removed.")
    messages: Sequence[DisputeMessage]
    earlier_messages: int | None = Field(description="`before` of a request for earlier messages.")
    files: Sequence[DisputeFile]
    wordings: Sequence[DisputeWording]
    summary: DisputeSummary | None


class DisputeGone(Said):
    """How far a dispute has gone with a step; who stepped aside learns no more of it."""

    id: int
    state: DisputeState
    ended_at: Moment | None


class Summary(Said):
    """A published summary of a dispute, without names, in one language."""

    id: int
    topic: Topic
    outcome: DisputeState
    published_at: Moment
    language: str
    title: str
    text: str
    has_other_language: bool


class Mediator(Said):
    """Somebody who mediates here."""

    id: int
    screen_name: str
    appointed_at: Moment


class ReportedTopics(Said):
    """How disputes about these topics ended; `outcomes` is null where telling it would unmask somebody."""

    topics: Sequence[str]
    ended: int
    outcomes: Mapping[str, int] | None


class MediationReport(Said):
    """The report of a year; null is what is not told, for there were too few cases."""

    year: int
    is_over: bool = Field(description="Else counts are rounded down to whole steps of `least`.")
    least: int = Field(description="Nothing is told of fewer cases.")
    began: int | None
    complaints: int | None
    ended: int | None
    outcomes: Mapping[str, int] | None
    topics: Sequence[ReportedTopics]
    topics_without_any: Sequence[str]
    days: int | None = Field(description="From beginning to end, the median of those that ended.")
    summaries: int


class DisputeIn(Sent):
    """What divides two sides. Without a name and a project it is with the people who run the site."""

    screen_name: str = Field("", max_length=60, description="Of the other side.")
    project_id: int | None = Field(None, ge=1, lt=2**63, description="Alone: with its requester.")
    topic: Topic = Field(strict=False)
    happened_on: date = Field(strict=False)
    words: str = Field(min_length=1, max_length=LONGEST_WORDS, description="What happened.")
    wish: str = Field(min_length=1, max_length=LONGEST_WORDS, description="What would settle it.")


class DisputeMessageIn(Sent):
    """A message, and who reads it."""

    text: str = Field(min_length=1, max_length=LONGEST_WORDS)
    audience: Audience = Field(Audience.ALL, strict=False)


class DisputeStepIn(Sent):
    """A step, with the words and the number that it needs, if any."""

    step: Step
    text: str = Field("", max_length=LONGEST_WORDS)
    number: int | None = Field(None, ge=1, lt=2**63, description="Of a wording, a mandate or a version.")


class DisputeSummaryIn(Sent):
    """A summary in English, in French, or in both."""

    title_en: str = Field("", max_length=LONGEST_TITLE)
    text_en: str = Field("", max_length=LONGEST_WORDS)
    title_fr: str = Field("", max_length=LONGEST_TITLE)
    text_fr: str = Field("", max_length=LONGEST_WORDS)


def card_said(card: DisputeCard) -> DisputeInList:
    return DisputeInList.model_validate(card)


def message_said(message: Written) -> DisputeMessage:
    return DisputeMessage.model_validate(message)


def file_said(file: FileSeen) -> DisputeFile:
    return DisputeFile.model_validate(file)


def wording_said(wording: AgreementSeen) -> DisputeWording:
    return DisputeWording.model_validate(wording)


def dispute_said(seen: DisputeSeen) -> Dispute:
    """Return a dispute as it goes out to one who takes part in it."""
    card = seen.card
    return Dispute(
        id=card.id,
        topic=card.topic,
        state=card.state,
        side=card.side,
        complainant=card.complainant,
        other=card.other,
        project_id=card.project_id,
        happened_on=seen.happened_on,
        words=seen.words,
        wish=seen.wish,
        begun_at=card.begun_at,
        direct_until=seen.direct_until,
        complain_by=seen.complain_by,
        complained_at=seen.complained_at,
        complaint=seen.complaint,
        reply_by=seen.reply_by,
        replied_at=seen.replied_at,
        reply=seen.reply,
        mediation_at=seen.mediation_at,
        mandate=DisputeMandate.model_validate(seen.mandate) if seen.mandate else None,
        earlier_mandates=[DisputeMandate.model_validate(one) for one in seen.earlier_mandates],
        recommendation=seen.recommendation,
        complainant_follows=seen.complainant_follows,
        other_follows=seen.other_follows,
        ended_at=card.ended_at,
        forgotten_at=seen.forgotten_at,
        messages=[message_said(one) for one in seen.messages],
        earlier_messages=seen.earlier_messages,
        files=[file_said(one) for one in seen.files],
        wordings=[wording_said(one) for one in seen.agreements],
        summary=summary_in_dispute(seen.summary) if seen.summary else None,
    )


def summary_in_dispute(seen: SummarySeen) -> DisputeSummary:
    return DisputeSummary(
        id=seen.id,
        version=seen.version,
        state=seen.state,
        title_en=seen.title_en,
        text_en=seen.text_en,
        title_fr=seen.title_fr,
        text_fr=seen.text_fr,
        object_by=seen.object_by,
        published_at=seen.published_at,
        objections=[SummaryObjection(side=side, objection=words) for side, words in seen.objections],
        has_answered=seen.has_answered,
    )


def summary_said(seen: PublishedSummary) -> Summary:
    return Summary.model_validate(seen)


def report_said(report: YearlyReport) -> MediationReport:
    return MediationReport.model_validate(as_data(report))
