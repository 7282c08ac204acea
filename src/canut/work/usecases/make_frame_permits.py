"""A task's page is drawn: each page in it that is not ours gets its permit to answer."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from canut.people.models import Person
from canut.work.access import own_assignment
from canut.work.designs.frames import FramedQuestion
from canut.work.frame_permit import permit_hash, permit_text
from canut.work.models import FramePermit
from canut.work.states import IN_HAND
from canut.work.usecases.leave_task import NotInHand
from canut.work.validators import design_of


@transaction.atomic
def make_frame_permits(*, assignment_id: int, by: Person, at: datetime) -> Mapping[str, str]:
    """Return, by item, the permit with which its page brings the answer; good once, until the lease ends.

    Asking again returns the same ones, until they are used: then there are others, to answer anew.

    Raises:
        AssignmentNotFound: there is none of `by`.
        NotInHand: it cannot be handed in any more, so there is nothing to answer.
    """
    assignment = own_assignment(assignment_id, by=by)
    items = [one for one in design_of(assignment.revision_id).questions if isinstance(one, FramedQuestion)]
    if not items:
        return {}
    if assignment.state not in IN_HAND or assignment.lease_until <= at:
        raise NotInHand(
            _("This task is not in your hands any more, so there is nothing to answer."),
            state=assignment.state,
        )
    of_this = FramePermit.objects.filter(assignment=assignment, used_at__isnull=False)
    used = dict(of_this.values_list("item").annotate(Count("pk")))
    permits = {
        item.name: permit_text(
            assignment_id=assignment.pk,
            item=item.name,
            used=used.get(item.name, 0),
            expires_at=assignment.lease_until,
        )
        for item in items
    }
    FramePermit.objects.bulk_create(
        [
            FramePermit(
                assignment=assignment,
                item=name,
                hash=permit_hash(text),
                made_at=at,
                expires_at=assignment.lease_until,
            )
            for name, text in permits.items()
        ],
        ignore_conflicts=True,  # drawn before
    )
    return permits
