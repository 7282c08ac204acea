"""What time brings about: rounds end, what nobody took up lapses, and people are reminded. For a job."""

from datetime import datetime

from django.db import transaction

from canut.discussion.facilitated.going_on import advance_if_due
from canut.discussion.facilitated.models import Discussion
from canut.discussion.facilitated.rules import reminds_at
from canut.discussion.facilitated.states import ENDED, State
from canut.kernel.later import later


def follow_discussions(*, at: datetime) -> int:
    """Let every discussion go on whose time is over, and have people reminded once; return how many moved."""
    going = Discussion.objects.exclude(state__in=ENDED).order_by("due_at", "pk")
    return sum(_follow(number, at=at) for number in going.values_list("pk", flat=True))


@transaction.atomic
def _follow(discussion_id: int, *, at: datetime) -> bool:
    found = Discussion.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=discussion_id)
    discussion = found.exclude(state__in=ENDED).first()
    if discussion is None or discussion.due_at is None:
        return False
    if advance_if_due(discussion, at=at):
        return True
    when = reminds_at(State(discussion.state), discussion.state_since, discussion.due_at)
    if discussion.reminded_at is None and when is not None and at >= when:
        discussion.reminded_at = at
        discussion.save(update_fields=["reminded_at"])
        later("facilitated.remind", discussion_id=discussion.pk, state=discussion.state)
    return False
