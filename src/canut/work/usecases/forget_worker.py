"""Somebody's account is closed: what they kept for themselves while at work goes. The work itself stays."""

from django.db import transaction

from canut.work.models import Draft, NewsTurn, NoticedProject, SavedSearch, WorkerChoice


@transaction.atomic
def forget_worker(*, person_id: int) -> None:
    """Delete a person's drafts, searches and choices, and what new work they were told of. Safe to repeat."""
    Draft.objects.filter(assignment__worker_id=person_id).delete()
    for rows in (SavedSearch, NoticedProject, NewsTurn, WorkerChoice):
        rows.objects.filter(worker_id=person_id).delete()
