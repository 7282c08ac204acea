"""A worker says in which order the feed should come, from now on."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.work.access import require_worker
from canut.work.models import WorkerChoice
from canut.work.states import FeedOrder


@transaction.atomic
def choose_feed_order(*, by: Person, order: str) -> WorkerChoice:
    """Keep the order of `by`'s feed until another is chosen. It concerns nobody else: no event.

    Raises:
        WorkerRoleMissing: `by` is no worker.
        BadInput: `order` is no FeedOrder.
    """
    require_worker(by)
    if order not in FeedOrder.values:
        raise BadInput(_("Choose one of the orders on the page."), errors={"order": "unknown"})
    choice, _new = WorkerChoice.objects.update_or_create(worker=by, defaults={"feed_order": order})
    return choice
