"""What was promised for doing work again, on top of its reward."""

from collections.abc import Collection, Mapping

from canut.work.models import Decision
from canut.work.states import Outcome


def rework_promised(assignment_ids: Collection[int]) -> Mapping[int, int]:
    """Return what each assignment's rework pays if it is approved, in minor units, where it was returned."""
    returned = Decision.objects.filter(submission__assignment__in=assignment_ids, outcome=Outcome.RETURNED)
    return dict(returned.values_list("submission__assignment_id", "rework_minor"))
