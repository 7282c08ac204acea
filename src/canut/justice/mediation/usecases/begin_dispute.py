"""Somebody tells another party what divides them, and both try to settle it between them first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.mediation import rules
from canut.justice.mediation.models import Dispute
from canut.justice.mediation.refusals import (
    DisputeOpenAlready,
    DisputeTooLate,
    NoWorkBetween,
    TooManyDisputes,
)
from canut.justice.mediation.states import OPEN, Topic
from canut.justice.mediation.words import checked
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput
from canut.people.access import ensure_member
from canut.people.models import Party, Person
from canut.people.queries import people_named
from canut.work.queries.between import knows_as_requester, owner_to_worker, worked_for


@dataclass(frozen=True, slots=True)
class OtherSide:
    """With whom a dispute is: a party, or the people who run the site; and about which project, if any."""

    party_id: int | None
    project_id: int | None


@transaction.atomic
def begin_dispute(
    *,
    by: Person,
    screen_name: str = "",
    project_id: int | None = None,
    topic: str,
    happened_on: date,
    words: str,
    wish: str,
    at: datetime,
) -> Dispute:
    """Begin a dispute with the direct attempt, of which the other side is told at once.

    With a `screen_name` it is with that person; with a project alone, with its requester; with neither,
    with the people who run the site, who also answer for bodies. The same once more changes nothing.

    Raises:
        AccountIsClosed, AccountSuspended, NotActivated, TermsNotAccepted: as `ensure_member`.
        BadInput: words are missing or too long, the day is not over, the topic is none of those there are,
            or an operator has something against the people who run the site.
        NoWorkBetween: there was no work between them, as far as `by` knows.
        DisputeTooLate: it happened too long ago. DisputeOpenAlready: there is an open one with this side.
        TooManyDisputes: `by` has begun as many as can be open.
    """
    ensure_member(by)
    tidy = checked(words=words, wish=wish)
    if topic not in Topic.values:
        raise _bad("topic", _("Choose what it is about."))
    other = _other_side(by, screen_name.strip(), project_id)
    Party.objects.select_for_update(no_key=True).get(pk=by.pk)  # two clicks take turns
    open_now = Dispute.objects.filter(complainant=by, state__in=OPEN)
    same = open_now.filter(other_id=other.party_id).first()
    if same is not None and same.words == tidy["words"]:
        return same
    if same is not None:
        raise DisputeOpenAlready(
            _("You have an open dispute with this side. Write there what else there is, or end it first."),
            dispute_id=same.pk,
        )
    complain_by, direct_until = _times(happened_on, at=at)
    most = in_force("mediation.most_open_disputes", at=at)
    if open_now.count() >= most:
        raise TooManyDisputes(
            _("You have begun %(most)s disputes that are open. End one of them first.") % {"most": most},
            most=most,
        )
    dispute = Dispute.objects.create(
        complainant=by,
        other_id=other.party_id,
        project_id=other.project_id,
        topic=topic,
        happened_on=happened_on,
        begun_at=at,
        direct_until=direct_until,
        complain_by=complain_by,
        **tidy,
    )
    record(by, "dispute.begun", dispute, at=at, topic=topic)
    later("mediation.tell", dispute_id=dispute.pk, what="begun")
    return dispute


def _other_side(by: Person, screen_name: str, project_id: int | None) -> OtherSide:
    if screen_name:
        return _person_named(by, screen_name, project_id)
    if project_id is not None:
        project = owner_to_worker(project_id, by.pk)
        if project is None:
            raise NoWorkBetween(
                _("You have taken no task of this project. Say with whom the dispute is by their name.")
            )
        return OtherSide(project.owner_id if project.is_of_a_person else None, project.id)
    if by.is_operator:
        raise _bad("screen_name", _("You run this site yourself. Say with whom the dispute is."))
    return OtherSide(None, None)


def _person_named(by: Person, screen_name: str, project_id: int | None) -> OtherSide:
    """Return who it is if there was work between them; a name that nobody has is answered the same."""
    found = people_named([screen_name]).get(screen_name.lower())
    if found is None or not (worked_for(by.pk, found.id) or knows_as_requester(by.pk, found.id)):
        raise NoWorkBetween(
            _(
                "There was no work between you and anybody of this name. Check the spelling; a dispute is "
                "with somebody for whom you worked, or who worked for you."
            )
        )
    if found.is_closed:
        raise NoWorkBetween(_("This account is closed. Ask the people who run the site."))
    if project_id is not None:
        for worker, owner in ((by.pk, found.id), (found.id, by.pk)):
            project = owner_to_worker(project_id, worker)
            if project is not None and project.owner_id == owner:
                return OtherSide(found.id, project.id)
        raise _bad("project_id", _("There was no work between you two in this project."))
    return OtherSide(found.id, None)


def _times(happened_on: date, *, at: datetime) -> tuple[datetime, datetime]:
    zone = timezone.get_default_timezone()
    today = timezone.localtime(at, zone).date()
    days = in_force("mediation.complaint_days", at=at)
    if happened_on > today:
        raise _bad("happened_on", _("This day has not come yet."))
    if happened_on < today - timedelta(days=days):
        raise DisputeTooLate(
            _("It happened more than %(days)s days ago, which is too long for a complaint.") % {"days": days},
            days=days,
        )
    direct_until = at + timedelta(days=in_force("mediation.direct_days", at=at))
    complain_by = rules.last_moment_to_complain(
        happened_on=happened_on,
        complaint_days=days,
        direct_until=direct_until,
        reply_days=in_force("mediation.reply_days", at=at),
        zone=zone,
    )
    return complain_by, direct_until


def _bad(field: str, sentence: str) -> BadInput:
    return BadInput(
        _("Some of what you entered cannot be accepted. Nothing was kept."), errors={field: sentence}
    )
