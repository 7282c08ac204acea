"""A worker says which kinds of sensitive work they will see; nobody is asked to by default."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.work.access import require_worker
from canut.work.models import WorkerChoice
from canut.work.states import Risk


@transaction.atomic
def accept_risks(*, by: Person, risks: Sequence[str], at: datetime) -> WorkerChoice:
    """Add kinds of sensitive work to those that `by` accepts to see. Accepting twice is safe.

    Raises:
        WorkerRoleMissing: `by` is no worker. BadInput: one of them is no Risk.
    """
    return _keep(by, lambda before: {*before, *risks}, given=risks, at=at)


@transaction.atomic
def choose_risks(*, by: Person, risks: Sequence[str], at: datetime) -> WorkerChoice:
    """Accept exactly these kinds of sensitive work from now on, and no other. Otherwise as `accept_risks`.

    What is in hand stays; it can be given back without consequence.
    """
    return _keep(by, lambda _before: {*risks}, given=risks, at=at)


def _keep(
    by: Person, change: Callable[[set[str]], set[str]], *, given: Sequence[str], at: datetime
) -> WorkerChoice:
    require_worker(by)
    if not all(risk in Risk.values for risk in given):
        raise BadInput(_("Choose among the kinds on the page."), errors={"risks": "unknown"})
    WorkerChoice.objects.get_or_create(worker=by)
    choice = WorkerChoice.objects.select_for_update(no_key=True).get(worker=by)
    accepted = change(set(choice.accepted_risks))
    ordered = [risk for risk in Risk.values if risk in accepted]
    if ordered != choice.accepted_risks:
        choice.accepted_risks = ordered
        choice.save(update_fields=["accepted_risks"])
        record(by, "worker.risks_chosen", choice, at=at, accepted=len(ordered))
    return choice
