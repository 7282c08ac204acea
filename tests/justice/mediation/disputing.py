"""Disputes as tests need them: begun, complained of, with a mediator, ended."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.builders import NOON, a_person, a_project, a_requester, a_submission, a_worker
from tests.told import mailed

from canut.justice.mediation.models import Dispute, Precedent
from canut.justice.mediation.usecases import tell_of_disputes
from canut.justice.mediation.usecases.appoint_mediator import appoint_mediator
from canut.justice.mediation.usecases.begin_dispute import begin_dispute
from canut.justice.mediation.usecases.complain import complain, reply
from canut.justice.mediation.usecases.settle import recommend
from canut.justice.mediation.usecases.write_summary import write_summary
from canut.people.models import Person
from canut.people.notices.models import Notice
from canut.people.usecases.appoint_operator import appoint_operator
from canut.work.models import Project

DAY = timedelta(days=1)
BEGUN = NOON + DAY
DIRECT_OVER = BEGUN + 14 * DAY
COMPLAINED = DIRECT_OVER + DAY
REPLY_OVER = COMPLAINED + 14 * DAY
REPLIED = COMPLAINED + 2 * DAY
MEDIATED = REPLIED + 5 * DAY
SUMMARY = {
    "titles": {"en": "Pay for a task that took longer", "fr": "Payer une tâche plus longue"},
    "texts": {
        "en": "The task took twice the time. Both agreed on half of the difference.",
        "fr": "La tâche a duré le double. Les deux ont convenu de la moitié.",
    },
}


@dataclass
class Quarrel:
    """A worker, a requester between whom there was work, an operator, and two mediators."""

    requester: Person = field(default_factory=lambda: a_requester("rita"))
    worker: Person = field(default_factory=lambda: a_worker("willa"))
    operator: Person = field(
        default_factory=lambda: appoint_operator(person_id=a_person("odette").pk, by=None, at=NOON)
    )
    mediators: int = 2

    def __post_init__(self) -> None:
        self.project: Project = a_project(owner=self.requester, title="Name the birds")
        a_submission(worker=self.worker, project=self.project)
        self.peers = [a_worker(f"mediator{number}") for number in range(1, self.mediators + 1)]
        for one in self.peers:
            appoint_mediator(by=self.operator, screen_name=one.screen_name, at=NOON)
        told(NOON)

    def begun(self, **more: Any) -> Dispute:
        given = {
            "by": self.worker,
            "project_id": self.project.pk,
            "topic": "pay",
            "happened_on": NOON.date(),
            "words": "It took twice the time.",
            "wish": "Half of the difference.",
            "at": BEGUN,
        } | more
        return begin_dispute(**given)

    def complained(self, **more: Any) -> Dispute:
        dispute = self.begun(**more)
        return complain(
            dispute_id=dispute.pk, by=dispute.complainant, complaint="They do not answer.", at=COMPLAINED
        )

    def mediated(self, *, at: datetime = REPLIED, **more: Any) -> Dispute:
        dispute = self.complained(**more)
        by = self.requester if dispute.other_id == self.requester.pk else self.operator
        return reply(dispute_id=dispute.pk, by=by, text="The price was fair.", at=at)

    def recommended(self) -> Dispute:
        dispute = self.mediated()
        return recommend(dispute_id=dispute.pk, by=mediator_of(dispute), text="Pay half of it.", at=MEDIATED)

    def summed_up(self) -> Precedent:
        dispute = self.recommended()
        return write_summary(dispute_id=dispute.pk, by=mediator_of(dispute), **SUMMARY, at=MEDIATED)


def mediator_of(dispute: Dispute) -> Person:
    return dispute.mandates.get(until__isnull=True).person


def told(at: datetime) -> list[tuple[str, str]]:
    """Do what was left for later about disputes; return who is told by mail and what, oldest first."""
    jobs = ProcrastinateJob.objects.filter(task_name__startswith="mediation.").order_by("id")
    for job in jobs:
        name = job.task_name.removeprefix("mediation.")
        verb = getattr(tell_of_disputes, "tell_of_step" if name == "tell" else name)
        verb(**job.args, at=at)
    said = [((one.person.email or "").partition("@")[0], f"{one.text}\n\n{one.path}") for one in mailed()]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    Notice.objects.all().delete()
    return said
