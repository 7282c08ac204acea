"""A project with a requester, a worker who took part, and its thread."""

from collections.abc import Callable
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob
from tests.builders import NOON
from tests.told import told

from canut.discussion.models import Post, SubjectKind
from canut.forums.access import place_about
from canut.forums.usecases.tell_of_news import send_digest, tell_of_mention
from canut.forums.usecases.write_in_thread import write_in_thread
from canut.people.models import Person
from canut.people.notices.models import Notice

RUN: dict[str, Callable[..., Any]] = {
    "forums.tell_of_mention": tell_of_mention,
    "forums.send_digest": send_digest,
}


def place(project: Any, by: Person, at: Any = NOON) -> Any:
    return place_about(SubjectKind.PROJECT, project.pk, by=by, at=at)


def says(project: Any, by: Person, text: str, at: Any = NOON, **details: Any) -> Post:
    return write_in_thread(place=place(project, by, at), text=text, at=at, **details)


def notices(at: Any = NOON) -> list[Notice]:
    """Run the jobs about talk that wait, and return what people were told by them, oldest first."""
    for job in ProcrastinateJob.objects.filter(task_name__in=RUN, status="todo").order_by("id"):
        RUN[job.task_name](**job.args, at=at)
    return told(kind__in=["mention", "digest"])
