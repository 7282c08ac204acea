"""Somebody chooses how they are told of what, or stops the mails of a kind by the link that each carries."""

from collections.abc import Mapping
from datetime import datetime
from re import fullmatch

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import BadInput, NotFound, Refusal
from canut.people.access import person_for_change
from canut.people.models import Person
from canut.people.notices.kinds import KINDS, SECURITY, NoticeKind
from canut.people.notices.models import MOST_MAILS_A_WEEK, TOPIC, Choice, Limit, Notice
from canut.people.notices.rules import Ways
from canut.people.notices.states import MailState
from canut.people.notices.token import Stop, stop_of

MOST_CHOICES = 1_000


class NoticesStay(Refusal):
    code = "notices_stay"


class TooManyChoices(Refusal):
    code = "too_many_notice_choices"


class StopLinkNotUsable(NotFound):
    code = "notice_stop_link_not_usable"


@transaction.atomic
def choose(*, by: Person, kind: str, mail: bool, push: bool, topic: str = "") -> Choice:
    """Tell `by` of a kind, or of one topic of it, by these ways from now on. Repeating it is safe.

    It concerns nobody else: no event. What waits to be sent goes by the new choice.

    Raises:
        What `choose_all` raises.
    """
    choose_all(by=by, chosen={(kind, topic): Ways(mail=mail, push=push)})
    return Choice.objects.get(person=by, kind=kind, topic=topic)


@transaction.atomic
def choose_all(*, by: Person, chosen: Mapping[tuple[str, str], Ways | None]) -> None:
    """Set several choices of `by`'s at once, by kind and topic ("" for the kind itself); all or none.

    None takes a choice back: a topic then goes as its kind, and a kind as is usual.

    Raises:
        BadInput: there is no such kind, or a topic has another shape than "guild:12".
        NoticesStay: mails of such a kind cannot be turned off. AccountIsClosed.
        TooManyChoices: there would be over a thousand.
    """
    person = person_for_change(by)
    for kind, topic in chosen:
        _ensure_can_be_chosen(kind, topic)
    rows = {(row.kind, row.topic): row for row in Choice.objects.filter(person=person)}
    if len(rows.keys() | chosen.keys()) > MOST_CHOICES:
        raise TooManyChoices(
            _("You have made as many choices about single topics as there is room for: 1,000.")
        )
    Choice.objects.bulk_create(
        Choice(person=person, kind=kind, topic=topic, mail=ways.mail, push=ways.push)
        for (kind, topic), ways in chosen.items()
        if ways is not None and (kind, topic) not in rows
    )
    for key, ways in chosen.items():
        row = rows.get(key)
        if row is None:
            continue
        if ways is None:
            row.delete()
        elif (row.mail and row.stopped_at is None, row.push) != (ways.mail, ways.push):
            row.mail, row.push, row.stopped_at = ways.mail, ways.push, None
            row.save(update_fields=["mail", "push", "stopped_at"])
    look_again(person.pk)


def forget_choice(*, by: Person, kind: NoticeKind, topic: str) -> None:
    """Forget what `by` chose about a topic that is no more, such as a saved search."""
    Choice.objects.filter(person=by, kind=kind, topic=topic).exclude(topic="").delete()


@transaction.atomic
def limit_mails(*, by: Person, mails_a_week: int) -> Limit:
    """Send `by` so many mails a week at most, and as many messages in browsers; with 0 no mails but security.

    Raises:
        BadInput: it is no number from 0 to 200. AccountIsClosed.
    """
    person = person_for_change(by)
    if not 0 <= mails_a_week <= MOST_MAILS_A_WEEK:
        sentence = _("Choose a number from 0 to %(most)s.") % {"most": MOST_MAILS_A_WEEK}
        raise BadInput(sentence, errors={"mails_a_week": str(sentence)})
    limit, _new = Limit.objects.update_or_create(person=person, defaults={"mails_a_week": mails_a_week})
    look_again(person.pk)
    return limit


@transaction.atomic
def stop(*, token: str, at: datetime) -> Stop:
    """Send no more mails of what a token names to its person, who need not be signed in. Repeating is safe.

    Browsers and the site go on. What was chosen is kept, for `have_again`.

    Raises:
        StopLinkNotUsable: this site did not make the token, or the account is closed.
    """
    stop, person = mails_to_stop(token, lock=True)
    kinds = [stop.kind] if stop.kind else [kind for kind in KINDS if kind not in SECURITY]
    known = set(Choice.objects.filter(person=person, topic=stop.topic).values_list("kind", flat=True))
    for kind in kinds:
        if kind not in known:
            usual = KINDS[kind]
            Choice.objects.create(
                person=person, kind=kind, topic=stop.topic, mail=usual.mail, push=usual.push, stopped_at=at
            )
    if stop.topic:
        _of(stop).update(stopped_at=at)
        return stop
    for stopped_kind, stopped_at in _kinds_stopped_at(stop).items():
        # Stopped now, or by this link before; a topic that was stopped by its own link keeps when
        going = Q(stopped_at__isnull=True) | Q(stopped_at=stopped_at)
        _of(stop).filter(going, kind=stopped_kind).update(stopped_at=at)
    return stop


@transaction.atomic
def have_again(*, token: str) -> Stop:
    """Send the mails again that a token stopped, to its person, who need not be signed in. Repeating is safe.

    A topic that was stopped by a link of its own stays stopped.

    Raises:
        StopLinkNotUsable: this site did not make the token, or the account is closed.
    """
    stop, person = mails_to_stop(token, lock=True)
    if stop.topic:
        _of(stop).update(stopped_at=None)
    for kind, stopped_at in _kinds_stopped_at(stop).items():
        _of(stop).filter(kind=kind, stopped_at=stopped_at).update(stopped_at=None)
    look_again(person.pk)
    return stop


def is_stopped(stop: Stop) -> bool:
    """Say whether no such mails go out: for the page that a stop link opens."""
    kinds = {stop.kind} if stop.kind else set(KINDS) - set(SECURITY)
    rows = list(_of(stop))
    comes = any(row.mail and row.stopped_at is None for row in rows)
    return not comes and kinds == {row.kind for row in rows if row.topic == stop.topic}


def mails_to_stop(token: str, *, lock: bool = False) -> tuple[Stop, Person]:
    """Return what a token names, and whose it is.

    Raises:
        StopLinkNotUsable: this site did not make the token, or the account is closed.
    """
    named = stop_of(token)
    rows = Person.objects.select_for_update(no_key=True) if lock else Person.objects.all()
    person = rows.filter(pk=named.person_id, is_active=True).first() if named else None
    if named is None or person is None:
        raise StopLinkNotUsable(
            _("This link is not whole. Copy all of it from the mail, or sign in and choose your notices.")
        )
    return named, person


def look_again(person_id: int) -> None:
    """Have mails looked at again that were held, for whoever they are for has changed what they want."""
    Notice.objects.filter(person_id=person_id, mail=MailState.HELD, letter__isnull=True).update(
        mail_due_at=F("made_at")
    )


def _of(stop: Stop) -> QuerySet[Choice]:
    """Return the choices that a stop is about: with no topic, those about the topics of its kind too."""
    rows = Choice.objects.filter(person_id=stop.person_id)
    if stop.kind:
        rows = rows.filter(kind=stop.kind)
    return rows.filter(topic=stop.topic) if stop.topic else rows


def _kinds_stopped_at(stop: Stop) -> Mapping[str, datetime | None]:
    """Return when the mails of whole kinds were stopped, by kind; none for a stop about one topic."""
    rows = _of(stop).filter(topic="")
    return dict(rows.values_list("kind", "stopped_at"))


def _ensure_can_be_chosen(kind: str, topic: str) -> None:
    if kind not in NoticeKind.values:
        sentence = _("There is no such kind of notice.")
        raise BadInput(sentence, errors={"kind": str(sentence)})
    if kind in SECURITY:
        raise NoticesStay(
            _("You are always told of what concerns the safety of your account, sanctions and the charter.")
        )
    if topic and not fullmatch(TOPIC, topic):
        sentence = _("A topic is a word and what it is about, such as guild:12.")
        raise BadInput(sentence, errors={"topic": str(sentence)})
