"""Telling workers that a requester gave them a value of a qualification, or took one back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by
from canut.people.queries import who_are
from canut.reputation.models import Ending, QualificationGrant
from canut.reputation.rules_qualifications import plain


@transaction.atomic
def tell_of_qualification(*, grant_ids: Sequence[int], at: datetime) -> int:
    """Tell the workers of these values what became of them; return how many are told.

    Reasons stand on the page that it leads to, not in what is sent: a requester may give values to people
    who never worked for them. What was replaced or given up meanwhile is not told of. A job.
    """
    grants = QualificationGrant.objects.filter(pk__in=grant_ids).select_related("qualification")
    to_tell = [row for row in grants.order_by("pk") if row.ended_as in ("", Ending.REVOKED)]
    people = Person.objects.in_bulk({row.worker_id for row in to_tell})
    owners = who_are({row.qualification.owner_id for row in to_tell})
    return sum(
        _tell(people[row.worker_id], row, owners[row.qualification.owner_id].screen_name, at=at)
        for row in to_tell
        if row.worker_id in people
    )


def _tell(worker: Person, grant: QualificationGrant, requester: str, *, at: datetime) -> bool:
    with as_read_by(worker):
        facts = {
            "requester": requester,
            "name": grant.qualification.name,
            "value": number_format(plain(grant.value)),
        }
        if grant.ended_at is None:
            subject = _("“%(name)s”: %(value)s, from %(requester)s") % facts
            said = _(
                "%(requester)s has given you the value %(value)s of their qualification “%(name)s”. Their "
                "projects may ask for it, from now on."
            )
        else:
            subject = _("“%(name)s” was taken back by %(requester)s") % facts
            said = _(
                "%(requester)s has taken back their qualification “%(name)s”. Projects that ask for it are "
                "not open to you any more; what you hold you may hand in."
            )
        more = _(
            "What it is about, and the reason if they gave one, is on your page; you can give it up there."
        )
        told = tell(
            worker,
            NoticeKind.QUALIFICATION,
            subject,
            said % facts,
            more,
            path="/work/qualifications/",
            at=at,
            key=f"grant:{grant.pk}:{grant.ended_as}",
        )
    return told is not None
