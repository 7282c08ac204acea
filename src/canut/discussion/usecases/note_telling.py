"""What somebody was told of is noted, so that no mail tells it twice."""

from collections.abc import Sequence
from datetime import datetime

from canut.discussion.models import Mention, Reader
from canut.discussion.queries_news import News


def note_mention(mention: Mention, *, at: datetime) -> None:
    """Note that it is settled whether to tell somebody that a post calls them by name."""
    mention.looked_at = at
    mention.save(update_fields=["looked_at"])


def note_telling(*, person_id: int, news: Sequence[News]) -> None:
    """Note that somebody was told of this news."""
    for one in news:
        rows = Reader.objects.filter(person_id=person_id, thread_id=one.thread_id)
        rows.filter(told_to__lt=one.last_number).update(told_to=one.last_number)
