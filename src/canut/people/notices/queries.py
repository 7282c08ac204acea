"""Reading what somebody was told, how they want to be told, and whether mail reaches them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from canut.people.models import Person
from canut.people.notices.kinds import KINDS, Group, NoticeKind, kinds_of
from canut.people.notices.models import USUAL_MAILS_A_WEEK, Choice, Limit, MailTrouble, Notice
from canut.people.notices.rules import Ways, ways_of
from canut.people.notices.states import MailState, PushState

MOST_COUNTED = 100
TRIED_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as its reader sees it. `text` is plain, its paragraphs parted by an empty line."""

    id: int
    kind: NoticeKind
    group: Group
    topic: str
    subject: str
    text: str
    path: str
    made_at: datetime
    read_at: datetime | None
    mail: MailState
    push: PushState

    @property
    def paragraphs(self) -> Sequence[str]:
        return self.text.split("\n\n") if self.text else []


@dataclass(frozen=True, slots=True)
class ToldPage:
    """Some notices, the latest first; `next_before` asks for those that come after them, None if none do."""

    notices: Sequence[Told]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class Glance:
    """What every page shows of somebody's notices: how many are unread, up to 100, and if mail comes back."""

    unread: int
    mail_fails: bool


@dataclass(frozen=True, slots=True)
class TopicChosen:
    """A choice about one topic of a kind, such as "guild:12"."""

    topic: str
    mail: bool
    push: bool


@dataclass(frozen=True, slots=True)
class KindChosen:
    """How notices of a kind go; `was_chosen` is False where it is as usual. Security always goes."""

    kind: NoticeKind
    group: Group
    mail: bool
    push: bool
    is_security: bool
    was_chosen: bool
    topics: Sequence[TopicChosen]


@dataclass(frozen=True, slots=True)
class Trouble:
    """That mails to somebody's address came back. Without `stopped_at` it is only watched."""

    address: str
    kind: str
    count: int
    since: datetime
    code: str
    stopped_at: datetime | None
    may_try_at: datetime | None


def notices_of(
    person_id: int,
    *,
    group: Group | None = None,
    only_unread: bool = False,
    before: int | None = None,
    most: int = 30,
) -> ToldPage:
    """Return notices of a person, the latest first, from before the one numbered `before` on."""
    rows = Notice.objects.filter(person_id=person_id)
    if group is not None:
        rows = rows.filter(kind__in=kinds_of(group))
    if only_unread:
        rows = rows.filter(read_at__isnull=True)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: most + 1])
    return ToldPage([told(row) for row in found[:most]], found[most - 1].pk if len(found) > most else None)


def told(row: Notice) -> Told:
    """Return a notice as its reader sees it."""
    kind = NoticeKind(row.kind)
    return Told(
        id=row.pk,
        kind=kind,
        group=KINDS[kind].group,
        topic=row.topic,
        subject=row.subject,
        text=row.text,
        path=row.path,
        made_at=row.made_at,
        read_at=row.read_at,
        mail=MailState(row.mail),
        push=PushState(row.push),
    )


def at_a_glance(person_id: int) -> Glance:
    """Return what every page shows of somebody's notices, in one query that reads two indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM (SELECT FROM people_notices_notice WHERE person_id = %(person)s
                                          AND read_at IS NULL LIMIT %(most)s) few),
                   EXISTS (SELECT FROM people_notices_mailtrouble trouble
                           WHERE trouble.stopped_at IS NOT NULL AND trouble.address =
                               (SELECT lower(email) FROM people_person WHERE id = %(person)s))
            """,
            {"person": person_id, "most": MOST_COUNTED},
        )
        unread, mail_fails = cursor.fetchone()
    return Glance(unread, mail_fails)


def unread_count(person_id: int) -> int:
    """Return how many notices somebody has not read; 100 stands for as many or more."""
    return at_a_glance(person_id).unread


def choices_of(person_id: int) -> Sequence[KindChosen]:
    """Return how each kind goes to somebody, in the order of `KINDS`, with what was chosen about topics."""
    chosen = chosen_by(person_id)
    return [_kind_chosen(kind, chosen) for kind in KINDS]


def _kind_chosen(kind: NoticeKind, chosen: "Chosen") -> KindChosen:
    ways, known = chosen.ways(kind), chosen.by_kind.get(kind, {})
    return KindChosen(
        kind=kind,
        group=KINDS[kind].group,
        mail=ways.mail,
        push=ways.push,
        is_security=KINDS[kind].is_security,
        was_chosen="" in known,
        topics=[TopicChosen(topic, each.mail, each.push) for topic, each in sorted(known.items()) if topic],
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """All that somebody chose, read once: by kind and topic."""

    by_kind: Mapping[str, Mapping[str, Ways]]

    def ways(self, kind: NoticeKind, topic: str = "") -> Ways:
        """Return by which ways a kind goes; of several topics, one that is wanted is enough."""
        about = KINDS[kind]
        if about.is_security:
            return Ways(mail=True, push=True)
        usual = Ways(mail=about.mail, push=about.push)
        return ways_of(topic.split(), chosen=self.by_kind.get(kind, {}), usual=usual)


def chosen_by(person_id: int) -> Chosen:
    """Return what somebody chose about all kinds."""
    by_kind: dict[str, dict[str, Ways]] = {}
    for row in Choice.objects.filter(person_id=person_id):
        by_kind.setdefault(row.kind, {})[row.topic] = _ways(row)
    return Chosen(by_kind)


def ways_wanted(person_id: int, kind: NoticeKind, topic: str = "") -> Ways:
    """Return by which ways somebody is told of a kind, or of a topic of it, now."""
    return chosen_by(person_id).ways(kind, topic)


def _ways(row: Choice) -> Ways:
    return Ways(mail=row.mail and row.stopped_at is None, push=row.push)


def limit_of(person_id: int) -> int:
    """Return how many mails a week somebody wants at most."""
    row = Limit.objects.filter(person_id=person_id).first()
    return USUAL_MAILS_A_WEEK if row is None else row.mails_a_week


def trouble_of(person: Person) -> Trouble | None:
    """Return what is the matter with somebody's address; None if nothing is."""
    row = MailTrouble.objects.filter(address=(person.email or "").lower()).first()
    if row is None:
        return None
    return Trouble(
        address=row.address,
        kind=row.kind,
        count=row.count,
        since=row.since,
        code=row.code,
        stopped_at=row.stopped_at,
        may_try_at=row.tried_at + TRIED_AGAIN_AFTER if row.tried_at else None,
    )
