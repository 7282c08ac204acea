"""The reasons reach the one a sanction touches; from then on counts the time until it takes effect."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.justice.sanctions import rules
from canut.justice.sanctions.link_token import path_of
from canut.justice.sanctions.models import Sanction
from canut.justice.sanctions.states import Delivered, Kind
from canut.justice.sanctions.wording import statement_of
from canut.kernel.events import record
from canut.ledger.usecases.refuse_payment import refuse_payment
from canut.people.models import Bar, Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.send_at_once import send_at_once
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by
from canut.people.usecases.restrict_person import restrict_person


@transaction.atomic
def deliver_sanction(*, sanction_id: int, at: datetime) -> bool:
    """Tell the statement of reasons, on the site and by mail; return whether that was done now. A job.

    A mail server that does not take it raises, so nothing takes effect and the job tries again.
    """
    sanction = _locked(sanction_id)
    if sanction.delivered_at is not None or sanction.ended_at is not None:
        return False
    person = sanction.person
    if not person.email or not person.is_active:
        return False  # they have left meanwhile: there is nobody to tell, and nothing to restrict
    _deliver(sanction, Delivered.MAIL, at=at)
    _tell(sanction, at=at)
    return True


@transaction.atomic
def note_read(*, sanction_id: int, by: Person, at: datetime) -> bool:
    """The one it touches reads it on the site before the mail arrived: that delivers it too."""
    sanction = _locked(sanction_id)
    is_new = sanction.person_id == by.pk and sanction.delivered_at is None and sanction.ended_at is None
    if is_new:
        _deliver(sanction, Delivered.PAGE, at=at)
    return is_new


def _tell(sanction: Sanction, *, at: datetime) -> None:
    """Have the statement reach the one it touches before anything that hangs on it is written down."""
    with as_read_by(sanction.person):
        notice = tell(
            sanction.person,
            NoticeKind.SANCTION,
            _("A decision about your account, and how to contest it"),
            *sanction.statement.split("\n\n"),
            path=path_of(sanction.pk),
            at=at,
            key=f"sanction:{sanction.pk}",
        )
    if notice is not None:
        send_at_once(notice, at=at)


def _locked(sanction_id: int) -> Sanction:
    rows = Sanction.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("person__party", "decided_by__party").get(pk=sanction_id)


def _deliver(sanction: Sanction, how: Delivered, *, at: datetime) -> None:
    scope = Scope(country=sanction.person.country)
    begins, ends = rules.effect_of(
        delivered_at=at,
        notice_hours=in_force("sanction.notice_hours", at=at, scope=scope),
        days=sanction.days,
    )
    with as_read_by(sanction.person):
        sanction.statement = statement_of(
            sanction,
            link=path_of(sanction.pk),
            begins=begins,
            ends=ends,
            review_days=in_force("sanction.review_days", at=at, scope=scope),
        )
    sanction.delivered_at, sanction.delivered_how = at, how
    sanction.takes_effect_at, sanction.ends_at = begins, ends
    sanction.save(update_fields=["statement", "delivered_at", "delivered_how", "takes_effect_at", "ends_at"])
    if sanction.bars:
        restrict_person(
            person_id=sanction.person_id,
            sanction_id=sanction.pk,
            bars=[Bar(bar) for bar in sanction.bars],
            since=begins,
            until=ends,
            at=at,
        )
    if sanction.kind == Kind.REFUSE_PAYMENT:
        refuse_payment(
            party_id=sanction.person_id,
            sanction_id=sanction.pk,
            currency=sanction.currency,
            amount_minor=sanction.amount_minor,
            since=begins,
            at=at,
        )
    record(None, "sanction.delivered", sanction, at=at, how=str(how))
