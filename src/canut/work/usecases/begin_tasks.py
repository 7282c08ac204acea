"""What waits in a project begins, in a prototype round or open to everybody; its money is set aside first."""

from datetime import datetime

from canut.kernel.later import later
from canut.ledger.models import LedgerEntry
from canut.people.models import Person
from canut.work.models import Place, Project, Revision, Round
from canut.work.queries.gates import covering_rounds
from canut.work.queries.price import Price
from canut.work.states import PlaceState
from canut.work.usecases.fund_project import set_aside
from canut.work.usecases.open_places import open_places
from canut.work.usecases.open_round import begin_round
from canut.work.usecases.start_cascade import start_cascade


def begin_tasks(
    project: Project, revision: Revision, price: Price, *, key: str, by: Person | None, at: datetime
) -> None:
    """Take exactly the price and open what it is for, of a published revision.

    The project's and the revision's rows must be locked, and the price be of this moment. `key` names the
    occasion in the books.

    Raises:
        InsufficientFunds: the balance does not cover it. Nothing is changed.
    """
    funded = LedgerEntry.objects.filter(idempotency_key__startswith=f"fund:{project.pk}:").count()
    set_aside(project, price.now, key=f"{key}-{funded}" if funded else key, at=at)
    if price.gate.needs_round:
        begin_round(project, revision, price.gate, by=by, at=at)
        return
    covering = [one.pk for one in covering_rounds(project, revision) if one.launched_at is None]
    Round.objects.filter(pk__in=covering).update(launched_at=at)
    if _has_closed(project, revision):
        revision.places_opened_to = 0  # open_places goes through all again, and opens what is not
    revision.paid_upto = max(revision.paid_upto, price.gate.covered_upto)
    revision.save(update_fields=["paid_upto", "places_opened_to"])
    if open_places(revision_id=revision.pk, at=at):
        later("work.open_places", revision_id=revision.pk)
    start_cascade(project, revision, at=at)


def _has_closed(project: Project, revision: Revision) -> bool:
    if not revision.places_opened_to:
        return False
    closed = Place.objects.filter(project=project, state=PlaceState.CLOSED)
    return closed.filter(task__revision=revision, task__position__lte=revision.places_opened_to).exists()
