"""What people were told, as it stands among their notices."""

from typing import Any

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

import canut.jobs.tasks  # noqa: F401 - declares the jobs
from canut.people.models import Person
from canut.people.notices.models import Notice
from canut.people.notices.states import MailState


def told(person: Person | None = None, **wanted: Any) -> list[Notice]:
    """Return what somebody was told, or everybody, oldest first."""
    if person is not None:
        wanted["person"] = person
    return list(Notice.objects.filter(**wanted).order_by("pk"))


def mailed(person: Person | None = None, **wanted: Any) -> list[Notice]:
    """Return what goes, or went, by mail as well."""
    return told(person, **wanted, mail__in=[MailState.WANTED, MailState.HELD, MailState.SENT])


def told_by_jobs(**wanted: Any) -> list[Notice]:
    """Do what was left for later that tells people something, twice over, and return what they were told."""
    waiting = ProcrastinateJob.objects.filter(task_name__contains="tell", status="todo").order_by("pk")
    for job in [*waiting, *waiting]:
        app.tasks[job.task_name](**job.args)
    return told(**wanted)
