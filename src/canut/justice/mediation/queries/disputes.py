"""Disputes as those who take part in them read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from canut.justice.mediation.access import dispute_of, disputes_of, file_of, mandate_now, read_by, side_of
from canut.justice.mediation.models import Agreement, Dispute, DisputeFile, Look, Mandate, Message, Precedent
from canut.justice.mediation.states import (
    OPEN,
    PARTIES,
    Audience,
    DisputeState,
    MandateEnd,
    PrecedentState,
    Side,
    Topic,
)
from canut.people.models import Person
from canut.people.queries import who_are
from canut.work.queries.files import Stored

A_PAGE = 30
MESSAGES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class DisputeCard:
    """A dispute in somebody's list: with whom, who they are in it, and until when somebody's turn lasts.

    `complainant` and `other` are screen names; `other` is empty where the people who run the site answer.
    """

    id: int
    topic: Topic
    state: DisputeState
    side: Side
    complainant: str
    other: str
    project_id: int | None
    project_title: str
    begun_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    is_news: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A message as its readers see it."""

    id: int
    side: Side
    audience: Audience
    text: str
    written_at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file that was sent, as its readers see it."""

    id: UUID
    side: Side
    audience: Audience
    name: str
    media_type: str
    size_bytes: int
    sent_at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class AgreementSeen:
    """A wording that was put to both sides, and which of them have agreed."""

    number: int
    side: Side
    text: str
    proposed_at: datetime
    complainant_agreed_at: datetime | None
    other_agreed_at: datetime | None
    is_latest: bool


@dataclass(frozen=True, slots=True)
class MandateSeen:
    """Who mediates or mediated, and why they do not go on."""

    id: int
    mediator: str
    since: datetime
    due_at: datetime
    until: datetime | None
    end: MandateEnd | None
    reason: str


@dataclass(frozen=True, slots=True)
class SummarySeen:
    """What others may learn of it, as the two sides and the mediator see it before and after."""

    id: int
    version: int
    state: PrecedentState
    title_en: str
    text_en: str
    title_fr: str
    text_fr: str
    object_by: datetime
    published_at: datetime | None
    objections: Sequence[tuple[Side, str]]
    has_answered: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What the reader can do now."""

    may_write: bool
    audiences: Sequence[Audience]
    may_end_direct: bool
    may_complain: bool
    may_reply: bool
    may_propose: bool
    may_agree: bool
    may_recommend: bool
    may_answer: bool
    may_ask_for_another: bool
    may_step_aside: bool
    may_withdraw: bool
    may_sum_up: bool
    may_answer_summary: bool


@dataclass(frozen=True, slots=True)
class DisputeSeen:
    """One dispute, with what its reader may read of it. Messages come in pages, the newest last."""

    card: DisputeCard
    happened_on: date
    words: str
    wish: str
    direct_until: datetime
    complain_by: datetime
    complained_at: datetime | None
    complaint: str
    reply_by: datetime | None
    replied_at: datetime | None
    reply: str
    mediation_at: datetime | None
    mandate: MandateSeen | None
    earlier_mandates: Sequence[MandateSeen]
    recommendation: str
    complainant_follows: bool | None
    other_follows: bool | None
    forgotten_at: datetime | None
    messages: Sequence[Written]
    earlier_messages: int | None
    files: Sequence[FileSeen]
    agreements: Sequence[AgreementSeen]
    summary: SummarySeen | None
    turn: Turn


def disputes_page(
    *, by: Person, before: int | None = None, most: int = A_PAGE
) -> tuple[Sequence[DisputeCard], int | None]:
    """Return a page of `by`'s disputes, newest first, and after which number the next one begins."""
    rows = disputes_of(by).select_related("complainant__party", "other", "project")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: most + 1])
    cards = [card for row in found[:most] if (card := _card(row, by)) is not None]
    return cards, found[most - 1].pk if len(found) > most else None


def dispute_seen(
    dispute_id: int, *, by: Person, before: int | None = None, most: int = MESSAGES_A_PAGE, at: datetime
) -> DisputeSeen:
    """Return a dispute as `by`, who takes part in it, may read it.

    Raises:
        DisputeNotFound: there is none of this number, or `by` has no part in it.
    """
    dispute, side = dispute_of(dispute_id, by=by)
    messages = Message.objects.filter(dispute=dispute, audience__in=read_by(side)).order_by("-pk")
    if before is not None:
        messages = messages.filter(pk__lt=before)
    written = list(messages[: most + 1])
    agreements = list(dispute.agreements.order_by("-number"))
    summary = Precedent.objects.filter(dispute=dispute).first()
    mandates = [_mandate(row) for row in dispute.mandates.select_related("person__party").order_by("pk")]
    shown = None if summary is None else _summary(summary, side)
    return DisputeSeen(
        card=_card_for(dispute, by, side),
        happened_on=dispute.happened_on,
        words=dispute.words,
        wish=dispute.wish,
        direct_until=dispute.direct_until,
        complain_by=dispute.complain_by,
        complained_at=dispute.complained_at,
        complaint=dispute.complaint,
        reply_by=dispute.reply_by,
        replied_at=dispute.replied_at,
        reply=dispute.reply,
        mediation_at=dispute.mediation_at,
        mandate=next((one for one in mandates if one.until is None), None),
        earlier_mandates=[one for one in mandates if one.until is not None],
        recommendation=dispute.recommendation,
        complainant_follows=dispute.complainant_follows,
        other_follows=dispute.other_follows,
        forgotten_at=dispute.forgotten_at,
        messages=[_written(row, by) for row in reversed(written[:most])],
        earlier_messages=written[most - 1].pk if len(written) > most else None,
        files=[
            _file(row, by)
            for row in dispute.files.filter(audience__in=read_by(side)).order_by("sent_at", "pk")
        ],
        agreements=[_agreement(row, is_latest=place == 0) for place, row in enumerate(agreements)],
        summary=shown,
        turn=_turn(dispute, side, agreements[0] if agreements else None, shown, at=at),
    )


def stored_file(file_id: UUID, *, by: Person) -> Stored:
    """Return a file of a dispute for whoever may read it.

    Raises:
        DisputeFileNotFound: there is none, or it is not for `by`.
    """
    found = file_of(file_id, by=by)
    return Stored(found.pk, found.filename, found.media_type, found.size_bytes, found.stored_as)


def file_seen(file_id: UUID, *, by: Person) -> FileSeen:
    """Return a file of a dispute as its readers see it.

    Raises:
        DisputeFileNotFound: there is none, or it is not for `by`.
    """
    return _file(file_of(file_id, by=by), by)


def _card(dispute: Dispute, by: Person) -> DisputeCard | None:
    side = side_of(dispute, by)
    return None if side is None else _card_for(dispute, by, side)


def _card_for(dispute: Dispute, by: Person, side: Side) -> DisputeCard:
    mandate = mandate_now(dispute)
    due = {
        DisputeState.DIRECT: dispute.direct_until,
        DisputeState.REPLY: dispute.reply_by,
        DisputeState.MEDIATION: mandate.due_at if mandate else None,
    }
    look = Look.objects.filter(dispute=dispute, person=by).first()
    newest = (
        Message.objects.filter(dispute=dispute, audience__in=read_by(side))
        .exclude(by=by)
        .order_by("-pk")
        .values_list("written_at", flat=True)
        .first()
    )
    names = who_are([dispute.complainant_id, *([dispute.other_id] if dispute.other_id else [])])
    return DisputeCard(
        id=dispute.pk,
        topic=Topic(dispute.topic),
        state=DisputeState(dispute.state),
        side=side,
        complainant=names[dispute.complainant_id].screen_name,
        other=names[dispute.other_id].screen_name if dispute.other_id else "",
        project_id=dispute.project_id,
        project_title=dispute.project.title if dispute.project else "",
        begun_at=dispute.begun_at,
        ended_at=dispute.ended_at,
        due_at=due.get(DisputeState(dispute.state)),
        is_news=newest is not None and (look is None or look.seen_at is None or look.seen_at < newest),
    )


def _written(row: Message, by: Person) -> Written:
    return Written(
        row.pk, Side(row.side), Audience(row.audience), row.text, row.written_at, row.by_id == by.pk
    )


def _file(row: DisputeFile, by: Person) -> FileSeen:
    return FileSeen(
        id=row.pk,
        side=Side(row.side),
        audience=Audience(row.audience),
        name=row.filename,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        sent_at=row.sent_at,
        is_mine=row.by_id == by.pk,
    )


def _agreement(row: Agreement, *, is_latest: bool) -> AgreementSeen:
    return AgreementSeen(
        number=row.number,
        side=Side(row.side),
        text=row.text,
        proposed_at=row.proposed_at,
        complainant_agreed_at=row.complainant_agreed_at,
        other_agreed_at=row.other_agreed_at,
        is_latest=is_latest,
    )


def _mandate(row: Mandate) -> MandateSeen:
    return MandateSeen(
        id=row.pk,
        mediator=row.person.screen_name,
        since=row.since,
        due_at=row.due_at,
        until=row.until,
        end=MandateEnd(row.end) if row.end else None,
        reason=row.reason,
    )


def _summary(row: Precedent, side: Side) -> SummarySeen:
    said = list(row.answers.filter(version=row.version).order_by("pk"))
    return SummarySeen(
        id=row.pk,
        version=row.version,
        state=PrecedentState(row.state),
        title_en=row.title_en,
        text_en=row.text_en,
        title_fr=row.title_fr,
        text_fr=row.text_fr,
        object_by=row.object_by,
        published_at=row.published_at,
        objections=[(Side(one.side), one.objection) for one in said if one.objection],
        has_answered=any(one.side == side for one in said),
    )


def _turn(
    dispute: Dispute, side: Side, last: Agreement | None, summary: SummarySeen | None, *, at: datetime
) -> Turn:
    """Return what a side can do now: what the use cases would let it."""
    state = DisputeState(dispute.state)
    is_open, is_party, mediates = state in OPEN, side in PARTIES, side == Side.MEDIATOR
    complains, answers = side == Side.COMPLAINANT, side == Side.OTHER
    in_mediation, is_direct = state == DisputeState.MEDIATION, state == DisputeState.DIRECT
    agreed = last is not None and is_party and _has_agreed(last, side)
    audiences = [Audience.ALL]
    if mediates:
        audiences = list(Audience)
    elif in_mediation:
        audiences.append(Audience(side.value))
    is_published = summary is not None and summary.state == PrecedentState.PUBLISHED
    return Turn(
        may_write=is_open,
        audiences=audiences,
        may_end_direct=answers and is_direct and at < dispute.direct_until,
        may_complain=complains and is_direct and dispute.direct_until <= at < dispute.complain_by,
        may_reply=answers and state == DisputeState.REPLY,
        may_propose=is_open,
        may_agree=is_open and is_party and last is not None and not agreed,
        may_recommend=mediates and in_mediation,
        may_answer=is_party and state == DisputeState.RECOMMENDED,
        may_ask_for_another=is_party and in_mediation and mandate_now(dispute) is not None,
        may_step_aside=mediates and in_mediation,
        may_withdraw=complains and is_open,
        may_sum_up=mediates
        and state in (DisputeState.SETTLED, DisputeState.RECOMMENDED)
        and not is_published,
        may_answer_summary=is_party and summary is not None and not is_published and not summary.has_answered,
    )


def _has_agreed(last: Agreement, side: Side) -> bool:
    when = last.complainant_agreed_at if side == Side.COMPLAINANT else last.other_agreed_at
    return when is not None
