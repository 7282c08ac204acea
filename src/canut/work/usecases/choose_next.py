"""A worker says whether handing in should bring the next task at once, from now on."""

from django.db import transaction

from canut.people.models import Person
from canut.work.models import WorkerChoice


@transaction.atomic
def choose_next(*, by: Person, takes_next: bool) -> WorkerChoice:
    """Keep whether `by` wants the next task with every hand-in. It concerns nobody else: no event."""
    choice, _new = WorkerChoice.objects.update_or_create(worker=by, defaults={"takes_next": takes_next})
    return choice
