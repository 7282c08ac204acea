"""Telling a worker that a requester thanked them with a bonus."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.money import format_money
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by
from canut.people.queries import who_are
from canut.work.models import Assignment


@transaction.atomic
def tell_of_bonus(*, assignment_id: int, amount_minor: int, reason: str, key: str, at: datetime) -> bool:
    """Tell a worker of a bonus and what it is for; return whether they were told. A job."""
    rows = Assignment.objects.select_related("project", "worker__party")
    assignment = rows.get(pk=assignment_id)
    project, worker = assignment.project, assignment.worker
    with as_read_by(worker):
        facts = {
            "amount": format_money(amount_minor, project.currency),
            "who": who_are([project.owner_id])[project.owner_id].screen_name,
            "title": project.title,
        }
        told = tell(
            worker,
            NoticeKind.PAY,
            _("A bonus of %(amount)s from %(who)s") % facts,
            _("%(who)s gives you %(amount)s on top, for your work on “%(title)s”. It is in your earnings.")
            % facts,
            reason,
            path="/earnings/",
            at=at,
            key=key,
        )
    return told is not None
