"""What single topics of notices were about, as far as notices of them are still there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from canut.people.notices.models import Notice


@dataclass(frozen=True, slots=True)
class LastTold:
    """What somebody was last told about a topic, and the page that it opens."""

    subject: str
    path: str


def last_told(person_id: int, topics: Collection[str]) -> Mapping[str, LastTold]:
    """Return what a person was last told about each of some topics, as far as they were told anything."""
    rows = Notice.objects.filter(person_id=person_id, topic__in=topics).exclude(topic="")
    found = rows.order_by("topic", "-pk").distinct("topic").values_list("topic", "subject", "path")
    return {topic: LastTold(subject, path) for topic, subject, path in found}
