"""Flags as members see their own, authors what was flagged of theirs, and operators all of it. No names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from canut.charter.queries import in_force
from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.access import matter_as_operator_sees, matter_of_author, told_to_author
from canut.justice.flags.counting import Trust, members_counted, trust_of
from canut.justice.flags.models import Flag, Matter, Objection
from canut.justice.flags.states import WAITING, FlagGround, MatterState, ObjectionState
from canut.justice.flags.subjects import Flaggable, thing, thing_to_flag
from canut.membership.access import require_member
from canut.people.access import as_operator
from canut.people.models import Person
from canut.people.queries import who_are

A_PAGE = 20
QUEUES = ("waiting", "objections", "decided")


@dataclass(frozen=True, slots=True)
class OwnFlag:
    """A flag as the one who gave it sees it. `title` is what it is about, as far as that is still there."""

    matter_id: int
    kind: HiddenKind
    title: str
    ground: FlagGround
    at: datetime
    state: MatterState
    reason: str


@dataclass(frozen=True, slots=True)
class OwnFlags:
    """A page of them. `trust` tells what became of the latest, and whether one's flags count."""

    flags: Sequence[OwnFlag]
    next_before: int | None
    trust: Trust


@dataclass(frozen=True, slots=True)
class MatterCard:
    """A flagged thing in a list. `members` counts who flagged it, `counting` those who count now."""

    id: int
    kind: HiddenKind
    title: str
    state: MatterState
    opened_at: datetime
    hidden_until: datetime | None
    members: int
    counting: int
    objection: ObjectionState | None


@dataclass(frozen=True, slots=True)
class MattersPage:
    cards: Sequence[MatterCard]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class ObjectionSeen:
    words: str
    state: ObjectionState
    made_at: datetime
    lapses_at: datetime
    ended_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class MatterSeen:
    """A flagged thing. `grounds` are what members said against it; its author learns not who or how many.

    `is_gone` tells that it is there no more, `is_changed` that it says something else now.
    """

    id: int
    kind: HiddenKind
    title: str
    text: str
    address: str
    is_gone: bool
    is_changed: bool
    state: MatterState
    grounds: Sequence[FlagGround]
    opened_at: datetime
    hidden_at: datetime | None
    hidden_until: datetime | None
    ground: FlagGround | None
    reason: str
    decided_at: datetime | None
    objection: ObjectionSeen | None
    may_object: bool


@dataclass(frozen=True, slots=True)
class MatterForOperator:
    """What an operator weighs: the thing, its author, how many say what against it, in which words.

    `earlier` counts what became of other things of the same author that a person decided on. `may_decide`
    and `may_answer` say what this operator can do; `why_not` why they can do neither, as a code.
    """

    matter: MatterSeen
    whose: str
    members: int
    counting: int
    needed: int
    grounds: Sequence[tuple[FlagGround, int]]
    words: Sequence[str]
    decided_by: str
    earlier: Mapping[MatterState, int]
    may_decide: bool
    may_answer: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class ToFlag:
    """A thing that somebody is about to flag, and whether they have done so already."""

    thing: Flaggable
    is_own: bool
    flagged_at: datetime | None


def to_flag(kind: HiddenKind, subject_id: int, *, by: Person, at: datetime) -> ToFlag:
    """Return what `by` is about to flag.

    Raises:
        NotAMember: only admitted members flag. NothingToFlag, DutyNotFlagged: as `flag_thing`.
    """
    require_member(by, at)
    found = thing_to_flag(kind, subject_id, by=by, at=at)
    given = Flag.objects.filter(
        matter__subject_kind=kind, matter__subject_id=subject_id, matter__said=found.said, by=by
    )
    return ToFlag(found, found.whose_id == by.pk, given.values_list("at", flat=True).first())


def own_flags(*, by: Person, at: datetime, before: int | None = None, most: int = A_PAGE) -> OwnFlags:
    """Return what `by` has flagged, the latest first."""
    rows = Flag.objects.filter(by=by).select_related("matter").order_by("-pk")
    rows = rows if before is None else rows.filter(pk__lt=before)
    found = list(rows[: most + 1])
    flags = [_own_flag(row) for row in found[:most]]
    return OwnFlags(flags, found[most - 1].pk if len(found) > most else None, trust_of([by.pk], at=at)[by.pk])


def own_flag(flag_id: int, *, by: Person) -> OwnFlag:
    """Return a flag of `by`'s."""
    return _own_flag(Flag.objects.select_related("matter").get(pk=flag_id, by=by))


def matters_about(*, by: Person, before: int | None = None, most: int = A_PAGE) -> MattersPage:
    """Return what was flagged of `by`'s and hidden or decided on, the latest first; never how many did.

    What was flagged and neither hidden nor decided on is not told: it has no consequence.
    """
    return _page(told_to_author(by.pk), before=before, most=most, counted=False)


def matter_for_author(matter_id: int, *, by: Person) -> MatterSeen:
    """Return what became of something of `by`'s that was flagged.

    Raises:
        MatterNotFound: there is none, or it is somebody else's.
    """
    return _seen(matter_of_author(matter_id, by=by))


def queue_page(
    *, by: Person, queue: str = "waiting", before: int | None = None, at: datetime, most: int = A_PAGE
) -> MattersPage:
    """Return what waits for an operator ("waiting", "objections"), or was "decided", the latest first.

    Raises:
        OperatorRoleMissing: `by` does not run this site.
    """
    as_operator(by)
    rows = Matter.objects.all()
    if queue == "objections":
        rows = rows.filter(objection__state=ObjectionState.OPEN)
    elif queue == "decided":
        rows = rows.exclude(state__in=WAITING)
    else:
        rows = rows.filter(state__in=WAITING)
    return _page(rows, before=before, most=most, counted=True, at=at)


def queue_counts() -> Mapping[str, int]:
    """Return how much is in each queue."""
    return {
        "waiting": Matter.objects.filter(state__in=WAITING).count(),
        "objections": Objection.objects.filter(state=ObjectionState.OPEN).count(),
        "decided": Matter.objects.exclude(state__in=WAITING).count(),
    }


def matter_for_operator(matter_id: int, *, by: Person, at: datetime) -> MatterForOperator:
    """Return a matter with all that an operator may weigh.

    Raises:
        OperatorRoleMissing: `by` does not run this site. MatterNotFound: there is none of this number.
    """
    matter = matter_as_operator_sees(matter_id, by=by)
    flags = Flag.objects.filter(matter=matter)
    given = Counter(flags.values_list("ground", flat=True))
    has_part = matter.whose_id == by.pk or flags.filter(by=by).exists()
    waits = matter.state in WAITING
    seen = _seen(matter)
    objects = seen.objection is not None and seen.objection.state == ObjectionState.OPEN
    decided = Matter.objects.filter(whose_id=matter.whose_id).exclude(pk=matter.pk).exclude(state__in=WAITING)
    why_not = "part" if has_part else "same" if objects and matter.decided_by_id == by.pk else ""
    return MatterForOperator(
        matter=seen,
        whose=who_are([matter.whose_id])[matter.whose_id].screen_name,
        members=sum(given.values()),
        counting=len(members_counted(matter, at=at)),
        needed=in_force("flag.hide_members", at=at),
        grounds=[(ground, given[ground.value]) for ground in FlagGround if given[ground.value]],
        # By what they say and not by when: neither tells who flagged.
        words=sorted(words for words in flags.values_list("words", flat=True) if words),
        decided_by=matter.decided_by.screen_name if matter.decided_by is not None else "",
        earlier={
            MatterState(state): count
            for state, count in decided.values_list("state").annotate(count=Count("pk")).order_by("state")
        },
        may_decide=waits and not why_not,
        may_answer=objects and not why_not,
        why_not=why_not if waits or objects else "",
    )


def _own_flag(row: Flag) -> OwnFlag:
    kind = HiddenKind(row.matter.subject_kind)
    return OwnFlag(
        matter_id=row.matter_id,
        kind=kind,
        title=_title(row.matter, thing(kind, row.matter.subject_id)),
        ground=FlagGround(row.ground),
        at=row.at,
        state=MatterState(row.matter.state),
        reason=row.matter.reason,
    )


def _page(
    rows: "QuerySet[Matter]", *, before: int | None, most: int, counted: bool, at: datetime | None = None
) -> MattersPage:
    rows = rows if before is None else rows.filter(pk__lt=before)
    found = list(rows.select_related("objection").order_by("-pk")[: most + 1])
    flags = Counter(Flag.objects.filter(matter__in=found).values_list("matter_id", flat=True))
    cards = [
        MatterCard(
            id=row.pk,
            kind=HiddenKind(row.subject_kind),
            title=_title(row, thing(HiddenKind(row.subject_kind), row.subject_id)),
            state=MatterState(row.state),
            opened_at=row.opened_at,
            hidden_until=row.hidden_until if row.state == MatterState.HIDDEN else None,
            members=flags[row.pk] if counted else 0,
            counting=len(members_counted(row, at=at)) if at is not None else 0,
            objection=ObjectionState(row.objection.state) if _has_objection(row) else None,
        )
        for row in found[:most]
    ]
    return MattersPage(cards, found[most - 1].pk if len(found) > most else None)


def _has_objection(matter: Matter) -> bool:
    return hasattr(matter, "objection")


def _title(matter: Matter, found: Flaggable | None) -> str:
    return found.title if found is not None else str(HiddenKind(matter.subject_kind).label)


def _seen(matter: Matter) -> MatterSeen:
    found = thing(HiddenKind(matter.subject_kind), matter.subject_id)
    objection = Objection.objects.filter(matter=matter).first()
    given = set(Flag.objects.filter(matter=matter).values_list("ground", flat=True))
    return MatterSeen(
        id=matter.pk,
        kind=HiddenKind(matter.subject_kind),
        title=_title(matter, found),
        text="" if found is None else found.text,
        address="" if found is None else found.address,
        is_gone=found is None,
        is_changed=found is not None and found.said != matter.said,
        state=MatterState(matter.state),
        grounds=[ground for ground in FlagGround if ground.value in given],
        opened_at=matter.opened_at,
        hidden_at=matter.hidden_at,
        hidden_until=matter.hidden_until,
        ground=FlagGround(matter.ground) if matter.ground else None,
        reason=matter.reason,
        decided_at=matter.decided_at,
        objection=None
        if objection is None
        else ObjectionSeen(
            words=objection.words,
            state=ObjectionState(objection.state),
            made_at=objection.made_at,
            lapses_at=objection.lapses_at,
            ended_at=objection.ended_at,
            answer=objection.answer,
        ),
        may_object=objection is None and matter.state == MatterState.CONFIRMED,
    )
