"""Somebody's account is closed: what they said of themselves goes, and what ties them to the public log."""

from django.db import transaction

from canut.governance.board.models import Candidate, RecallSignature


@transaction.atomic
def forget_candidate(*, party_id: int) -> None:
    """Remove somebody's statements, the salts of their pseudonyms, and their open signatures.

    That they stood and sat stays, under the name that is left of a closed account.
    """
    Candidate.objects.filter(person_id=party_id).update(statement="", salt=None)
    RecallSignature.objects.filter(by_id=party_id).delete()


def forget_closed() -> int:
    """Forget those whose accounts were closed; return how many candidacies lost their salt. A job."""
    closed = Candidate.objects.filter(person__party__closed_at__isnull=False, salt__isnull=False)
    people = list(closed.order_by("person_id").values_list("person_id", flat=True).distinct())
    for person_id in people:
        forget_candidate(party_id=person_id)
    return len(people)
