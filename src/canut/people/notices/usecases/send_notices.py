"""Notices leave, by mail and to browsers, as their readers want it at that moment. Called by jobs.

Who sends for a person is alone with them, in whatever thread or machine. A letter is written down before it
is sent and noted as sent after: if the runner dies in between, it is sent once more, under the same message
id, by which most mailboxes know it again. Nothing else is ever sent twice, and nothing is lost.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from canut.kernel.alone import alone
from canut.kernel.later import later
from canut.people.models import Person, PushSubscription
from canut.people.notices.faults import Unsent, deliver
from canut.people.notices.kinds import SECURITY, NoticeKind
from canut.people.notices.mails import mail_of
from canut.people.notices.models import Letter, Notice
from canut.people.notices.queries import Chosen, chosen_by, limit_of
from canut.people.notices.rules import (
    PUSH_GOOD_FOR,
    WEEK,
    in_letters,
    room_again,
    room_left,
    sent_again_after,
)
from canut.people.notices.states import LetterState, MailState, PushState
from canut.people.notices.usecases.forget_notices import forget_notices_of
from canut.people.notices.usecases.note_fault import may_be_sent, note_fault
from canut.people.queries_notices import quiet_until

MOST_PEOPLE_A_RUN = 200
LOCK = 4_217_735
"""One of the two numbers of an advisory lock of PostgreSQL; the other is the person's."""


def send_notices(*, person_id: int, at: datetime) -> int:
    """Send somebody what waits for them and may leave now; return how many mails left.

    Raises:
        Unsent: the mail server took nothing, which is no recipient's fault. It is tried again.
    """
    sent = 0
    with alone(LOCK, person_id) as is_alone:
        if is_alone:
            put_on_their_way(person_id=person_id, at=at)
            due = Letter.objects.filter(person_id=person_id, due_at__lte=at).order_by("pk")
            for letter_id in list(due.values_list("pk", flat=True)):
                sent += _send(letter_id, at=at)
    return sent


def send_what_is_due(*, at: datetime, most: int = MOST_PEOPLE_A_RUN) -> int:
    """Send what was held and may leave now, and what was not taken or was lost; return how many mails left.

    One who fails holds up no other; what failed is raised at the end. Where the mail server takes nothing,
    the other mails wait for the next run, and what is for browsers goes.
    """
    waiting: dict[int, datetime] = {}
    for rows, field in ((Notice, "mail_due_at"), (Notice, "push_due_at"), (Letter, "due_at")):
        due = rows.objects.filter(**{f"{field}__lte": at}).values_list("person_id").annotate(since=Min(field))
        for person_id, since in due.order_by("since")[:most]:
            waiting[person_id] = min(since, waiting.get(person_id, since))
    sent = 0
    failures: list[Exception] = []
    mails_leave = True
    for number, person_id in enumerate(sorted(waiting, key=lambda each: waiting[each])):
        try:
            if mails_leave and number < most:
                sent += send_notices(person_id=person_id, at=at)
            else:
                put_on_their_way(person_id=person_id, at=at)
        except Exception as error:
            mails_leave = mails_leave and not isinstance(error, Unsent)
            failures.append(error)
    if failures:
        raise ExceptionGroup("some notices could not be sent", failures)
    return sent


@transaction.atomic
def put_on_their_way(*, person_id: int, at: datetime) -> None:
    """Put notices that may leave now into letters, and those for browsers into jobs; hold the others."""
    person = _person(person_id)
    if person is None:
        forget_notices_of(person_id)  # somebody told them something while they closed the account
        return
    _put_mails(person, at=at)
    _put_pushes(person, at=at)


def _put_mails(person: Person, *, at: datetime) -> None:
    rows = Notice.objects.select_for_update(no_key=True).filter(person=person, mail_due_at__isnull=False)
    chosen = chosen_by(person.pk)
    wanted: list[Notice] = []
    unwanted: list[Notice] = []
    for notice in rows.order_by("pk"):
        is_late = notice.mail == MailState.HELD and notice.read_at is not None
        (unwanted if is_late or not _wants_mail(chosen, notice) else wanted).append(notice)
    _no_mail(unwanted, MailState.NOT_WANTED)
    for is_security in (True, False):
        waiting = [each for each in wanted if (each.kind in SECURITY) is is_security]
        if not waiting:
            continue
        if not may_be_sent(_address(person), is_security=is_security):
            _no_mail(waiting, MailState.FAILED)
        elif is_security:
            _letters(person, [[each] for each in waiting], is_security=True, at=at)
        else:
            _put_within_limit(person, waiting, at=at)


def _put_within_limit(person: Person, waiting: Sequence[Notice], *, at: datetime) -> None:
    most = limit_of(person.pk)
    if not most:
        _no_mail(waiting, MailState.NOT_WANTED)
        return
    quiet = quiet_until(person, at=at)
    left_at = [] if quiet else _mails_left_at(person, at=at)
    by_id = {each.pk: each for each in waiting}
    if quiet is None:
        held = [each.pk for each in waiting if each.mail == MailState.HELD]
        fresh = [each.pk for each in waiting if each.mail == MailState.WANTED]
        room = room_left(left_at, at=at, most=most)
        leaving = in_letters(held, fresh, room=room)
        _letters(person, [[by_id.pop(each) for each in letter] for letter in leaving], at=at)
    for notice in by_id.values():
        notice.mail, notice.mail_due_at = MailState.HELD, quiet or room_again(left_at, at=at, most=most)
        notice.save(update_fields=["mail", "mail_due_at"])


def _mails_left_at(person: Person, *, at: datetime) -> list[datetime]:
    """Return when the mails left that count in the week; those that are leaving count as if they did now."""
    rows = Letter.objects.filter(person=person, is_security=False, made_at__gt=at - 2 * WEEK)
    leaving = rows.filter(state=LetterState.SENDING).count()
    left = rows.filter(sent_at__gt=at - WEEK).values_list("sent_at", flat=True)
    return [*(moment for moment in left if moment is not None), *[at] * leaving]


def _letters(
    person: Person, letters: Iterable[Sequence[Notice]], *, at: datetime, is_security: bool = False
) -> None:
    for notices in letters:
        letter = Letter.objects.create(
            person=person, address=_address(person), is_security=is_security, made_at=at, due_at=at
        )
        Notice.objects.filter(pk__in=[each.pk for each in notices]).update(
            mail=MailState.WANTED, mail_due_at=None, letter=letter
        )


def _put_pushes(person: Person, *, at: datetime) -> None:
    rows = Notice.objects.select_for_update(no_key=True).filter(person=person, push_due_at__isnull=False)
    waiting = list(rows.order_by("pk"))
    if not waiting:
        return
    browsers = list(PushSubscription.objects.filter(person=person).values_list("pk", flat=True))
    chosen, quiet = chosen_by(person.pk), quiet_until(person, at=at)
    counted = Notice.objects.filter(person=person, pushed_at__gt=at - WEEK).exclude(kind__in=SECURITY)
    room = limit_of(person.pk) - counted.count()
    for notice in waiting:
        is_security = notice.kind in SECURITY
        if not chosen.ways(NoticeKind(notice.kind), notice.topic).push or not browsers:
            notice.push, notice.push_due_at = PushState.NOT_WANTED, None
        elif at >= notice.made_at + PUSH_GOOD_FOR or notice.read_at is not None:
            notice.push, notice.push_due_at = PushState.DROPPED, None
        elif quiet and not is_security:
            notice.push_due_at = quiet
        elif room < 1 and not is_security:
            notice.push, notice.push_due_at = PushState.DROPPED, None
        else:
            room -= not is_security
            notice.push, notice.push_due_at, notice.pushed_at = PushState.SENT, None, at
            for browser_id in browsers:
                later("notices.push", notice_id=notice.pk, browser_id=browser_id)
        notice.save(update_fields=["push", "push_due_at", "pushed_at"])


def _send(letter_id: int, *, at: datetime) -> bool:
    """Send a letter if it still may leave; return whether it left.

    Raises:
        Unsent: the mail server took nothing; the letter is tried again.
    """
    ready = _ready(letter_id, at=at)
    if ready is None:
        return False
    letter, notices = ready
    try:
        refused = deliver(mail_of(letter, notices, at=at))
    except Unsent:
        _note_unsent(letter_id, at=at)
        raise
    if refused is None:
        _note_sent(letter_id, at=at)
        return True
    if refused.is_temporary and _note_unsent(letter_id, at=at, gives_up=False):
        return False
    note_fault(letter_id=letter_id, fault=refused.fault, code=refused.code, at=at)
    return False


@transaction.atomic
def _ready(letter_id: int, *, at: datetime) -> tuple[Letter, Sequence[Notice]] | None:
    """Return a letter with the notices still wanted; None if it may not leave, or nothing is left."""
    found = Letter.objects.filter(pk=letter_id).values_list("person_id", flat=True).first()
    person = None if found is None else _person(found)
    rows = Letter.objects.select_for_update(of=("self",), no_key=True).select_related("person__party")
    letter = rows.filter(pk=letter_id, due_at__lte=at).first()
    if person is None or letter is None:
        return None
    quiet = None if letter.is_security else quiet_until(person, at=at)
    if quiet is not None:
        letter.due_at = quiet
        letter.save(update_fields=["due_at"])
        return None
    notices = list(letter.notices.order_by("pk"))
    chosen = chosen_by(person.pk)
    wanted = [each for each in notices if _wants_mail(chosen, each)]
    if not letter.is_security and not limit_of(person.pk):
        wanted = []
    unwanted = [each for each in notices if each not in wanted]
    Notice.objects.filter(pk__in=[each.pk for each in unwanted]).update(
        mail=MailState.NOT_WANTED, letter=None
    )
    if not wanted:
        letter.delete()
        return None
    if not may_be_sent(_address(person), is_security=letter.is_security):
        _fail(letter, at=at)
        return None
    letter.address = _address(person)
    letter.save(update_fields=["address"])
    return letter, wanted


@transaction.atomic
def _note_sent(letter_id: int, *, at: datetime) -> None:
    letter = Letter.objects.select_for_update(no_key=True).filter(pk=letter_id).first()
    if letter is None:
        return  # the account was closed while the mail left
    if letter.state == LetterState.SENDING:
        letter.state, letter.due_at, letter.sent_at = LetterState.SENT, None, at
        letter.attempts += 1
        letter.save(update_fields=["state", "due_at", "sent_at", "attempts"])
    letter.notices.update(mail=MailState.SENT)


@transaction.atomic
def _note_unsent(letter_id: int, *, at: datetime, gives_up: bool = True) -> bool:
    """Note that a mail server did not take a letter; return whether it is tried again.

    After two days it is given up, unless the caller has more to note about that.
    """
    letter = Letter.objects.select_for_update(no_key=True).filter(pk=letter_id, due_at__isnull=False).first()
    if letter is None:
        return False
    letter.attempts += 1
    wait = sent_again_after(letter.attempts)
    if wait is not None:
        letter.due_at = at + wait
        letter.save(update_fields=["attempts", "due_at"])
    elif gives_up:
        _fail(letter, at=at)
    return wait is not None


def _fail(letter: Letter, *, at: datetime) -> None:
    letter.state, letter.due_at, letter.failed_at = LetterState.FAILED, None, at
    letter.save(update_fields=["state", "due_at", "failed_at", "attempts"])
    letter.notices.update(mail=MailState.FAILED)


def _person(person_id: int) -> Person | None:
    """Lock and return who is told; None if the account was closed, with which their notices went.

    The person comes before their notices and letters, as when an account is closed.
    """
    rows = Person.objects.select_for_update(of=("self",), no_key=True).select_related("party")
    return rows.filter(pk=person_id, is_active=True).first()


def _address(person: Person) -> str:
    return (person.email or "").lower()


def _wants_mail(chosen: Chosen, notice: Notice) -> bool:
    return chosen.ways(NoticeKind(notice.kind), notice.topic).mail


def _no_mail(notices: Sequence[Notice], state: MailState) -> None:
    Notice.objects.filter(pk__in=[each.pk for each in notices]).update(mail=state, mail_due_at=None)
