"""Panels as tests need them: a rejection that is contested, members to draw, and jurors who take and vote."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from tests.builders import NOON, a_project, a_requester, a_worker
from tests.membership.members import members_of
from tests.promises import run
from tests.work.decided import a_rejected_submission

from canut.justice.jury.models import Panel, Seat
from canut.justice.jury.states import LIVE
from canut.justice.jury.usecases.follow_panels import follow_panels
from canut.justice.jury.usecases.read_votes import read_votes
from canut.justice.jury.usecases.take_seat import take_seat
from canut.justice.models import Case
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.people.models import Person
from canut.work.models import Assignment, Submission
from canut.work.usecases.submit_answer import submit_answer

OPENED = NOON + timedelta(hours=5)
DRAWN = NOON + timedelta(hours=6)


class Dispute:
    """A rejection, who did the work and who rejected it, and so many members who could judge."""

    def __init__(
        self,
        *,
        peers: int = 5,
        names: Sequence[str | None] = (None, None),
        at: datetime = NOON,
        **project: Any,
    ) -> None:
        self.began = at
        self.requester, self.worker = a_requester(names[0]), a_worker(names[1])
        self.members = members_of("workers", peers, at=at)
        self.project = a_project(owner=self.requester, at=at, **project)
        self.submission: Submission = a_rejected_submission(worker=self.worker, project=self.project, at=at)

    def appealed(self, *, words: str = "Look again.", **more: Any) -> Case:
        return appeal_rejection(
            assignment_id=self.submission.assignment_id,
            by=self.worker,
            words=words,
            at=self.began + (OPENED - NOON),
            **more,
        )

    def drawn(self, **more: Any) -> Panel:
        """Return the panel that hears the appeal, with a seat for each who was drawn."""
        case = self.appealed(**more)
        follow_panels(at=self.began + (DRAWN - NOON))
        return Panel.objects.get(case=case)

    @property
    def assignment(self) -> Assignment:
        return Assignment.objects.get(pk=self.submission.assignment_id)


def fresh(row: Any) -> Any:
    row.refresh_from_db()
    return row


def live(panel: Panel) -> list[Seat]:
    """Return the seats whose vote may still come, in the order in which they were offered."""
    return list(
        Seat.objects.filter(panel=panel, state__in=LIVE).select_related("person", "task").order_by("pk")
    )


def answer_of(vote: str, reason: str) -> dict[str, str]:
    return {"vote": vote, "reason": reason}


def take(seat: Seat, *, at: datetime = DRAWN) -> Assignment:
    return take_seat(seat_id=seat.pk, by=Person.objects.get(pk=seat.person_id), at=at)


def vote(seat: Seat, said: str, *, reason: str = "I looked.", at: datetime = DRAWN) -> Submission:
    """Have a juror take the task of their seat, and hand their vote in."""
    assignment = take(seat, at=at)
    return submit_answer(
        assignment_id=assignment.pk,
        by=assignment.worker,
        answer=answer_of(said, reason),
        active_seconds=600,
        at=at,
    ).submission


def heard(*, at: datetime = DRAWN) -> int:
    """Read all that jurors did, in a test's own transaction too."""
    if connection.in_atomic_block:
        run("UPDATE kernel_generation SET number = number + 1")
    total = 0
    while read := read_votes(at=at):
        total += read
    return total


def counted(*, at: datetime = DRAWN) -> None:
    """Read all that jurors did, and count it when its hour is over."""
    heard(at=at)
    follow_panels(at=at + timedelta(hours=1))


def votes(panel: Panel, *said: str, at: datetime = DRAWN) -> None:
    """Have the first jurors vote so, one after another, and count it."""
    for seat, one in zip(live(panel), said, strict=False):
        vote(seat, one, reason=f"To me it {one}.", at=at)
    counted(at=at)
