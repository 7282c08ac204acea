"""The cast and what has happened, in terms of the site's own clock, which requests go by."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.core.files.base import ContentFile
from tests.api.calls import Call
from tests.builders import (
    ANSWER,
    CHOICE_DESIGN,
    a_draft,
    a_person,
    a_requester,
    a_submission,
    a_worker,
    as_if_tried,
    taken,
)

from canut.justice.models import Case
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.kernel import clock
from canut.ledger.models import Kind, Reason
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.people.models import Person
from canut.people.usecases.appoint_operator import appoint_operator
from canut.people.usecases.choose_roles import choose_roles
from canut.work.models import Assignment, Project, Submission, Task, Upload
from canut.work.states import UploadState
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.receive_upload import receive_upload
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer

UNSEEN = "for the requester alone"
ROWS = [{"id": "one", "text": "A cat"}, {"id": "two", "text": "A dog"}]


class Cast:
    """People who come when they are called for, and shorthands for what they do."""

    @cached_property
    def requester(self) -> Person:
        return a_requester("requester", username="signs.in.requester")

    @cached_property
    def worker(self) -> Person:
        return a_worker("worker", username="signs.in.worker")

    @cached_property
    def peer(self) -> Person:
        return a_worker("peer", username="signs.in.peer")

    @cached_property
    def stranger(self) -> Person:
        return a_person("stranger", worker=True, requester=True)

    @cached_property
    def guest(self) -> Person:
        """Somebody without any role."""
        return a_person("guest")

    @cached_property
    def operator(self) -> Person:
        return appoint_operator(person_id=a_person("odile").pk, by=None, at=self.at)

    @cached_property
    def at(self) -> datetime:
        """Now, to the second, and a little before any request."""
        return clock.now().replace(microsecond=0) - timedelta(minutes=2)

    # --- calling ---

    def get(self, by: Person | None, path: str) -> Call:
        return Call(by, "GET", path)

    def post(self, by: Person | None, path: str, body: Any = None) -> Call:
        return Call(by, "POST", path, body)

    def put(self, by: Person | None, path: str, body: Any = None) -> Call:
        return Call(by, "PUT", path, body)

    # --- projects ---

    def draft(self, rows: int | Sequence[Mapping[str, Any]] = 3, **details: Any) -> Project:
        """A draft; unless its rows are given, each has a column that the design does not show."""
        if isinstance(rows, int):
            rows = [{"text": f"Picture {number}", "model": UNSEEN} for number in range(rows)]
        return a_draft(owner=self.requester, at=self.at, rows=list(rows), **details)  # type: ignore[arg-type]

    def live(self, **details: Any) -> Project:
        """A live project, as if its design had been tried before."""
        draft = self.draft(**details)
        as_if_tried(draft, at=self.at)
        return publish_project(project_id=draft.pk, by=self.requester, at=self.at)

    def live_since(self, ago: timedelta, **details: Any) -> Project:
        since = self.at - ago
        draft = a_draft(owner=self.requester, at=since, **details)
        as_if_tried(draft, at=since)
        return publish_project(project_id=draft.pk, by=self.requester, at=since)

    def a_task(self, project: Project) -> Task:
        return Task.objects.filter(project=project).order_by("pk")[0]

    def given_up(self, person: Person) -> Person:
        """Somebody who was a worker or requester and is none any more."""
        return choose_roles(by=person, worker=False, requester=False, at=self.at)

    def drained(self, person: Person) -> None:
        """Leave somebody's balance empty."""
        balance = open_account(Kind.BALANCE, currency="EUR", party_id=person.pk)
        balance.refresh_from_db()
        outside = open_account(Kind.OUTSIDE, currency="EUR")
        gone = Movement(balance, outside, balance.total_minor, Reason.WITHDRAWAL, f"drained:{person.pk}")
        post_entries([gone], at=self.at)

    # --- files ---

    def file(
        self, project: Project, rows: Sequence[Mapping[str, Any]] = ROWS, *, filename: str = "rows.jsonl"
    ) -> Upload:
        """A file that was read and waits."""
        content = "".join(json.dumps(row) + "\n" for row in rows).encode()
        return receive_upload(
            project_id=project.pk,
            by=self.requester,
            file=ContentFile(content),
            filename=filename,
            at=self.at,
        )

    def rows_move(self, project: Project) -> Upload:
        """A file whose rows are becoming tasks just now."""
        upload = self.file(project)
        upload.state = UploadState.ADDING
        upload.save(update_fields=["state"])
        return upload

    # --- work ---

    def held(self, project: Project | None = None, *, worker: Person | None = None) -> Assignment:
        return taken(worker=worker or self.worker, project=project or self.live(), at=self.at)

    def handed_in(
        self, project: Project | None = None, *, worker: Person | None = None, at: datetime | None = None
    ) -> Submission:
        return a_submission(
            worker=worker or self.worker,
            project=project or self.live(),
            at=at or self.at - timedelta(minutes=1),
        )

    def returned(self, project: Project | None = None, *, at: datetime | None = None) -> Submission:
        """A first submission that was sent back; its assignment waits for rework."""
        submission = self.handed_in(project, at=at)
        return return_submission(
            submission_id=submission.pk, by=self.requester, reason="Look again.", at=at or self.at
        )

    def reworked(self, project: Project | None = None, *, at: datetime | None = None) -> Submission:
        """A second submission."""
        first = self.returned(project, at=at)
        return submit_answer(
            assignment_id=first.assignment_id,
            by=self.worker,
            answer=ANSWER,
            active_seconds=30,
            at=at or self.at,
        ).submission

    def rejected(self, project: Project | None = None, *, at: datetime | None = None) -> Submission:
        second = self.reworked(project, at=at)
        return reject_submission(
            submission_id=second.pk,
            by=self.requester,
            ground="wrong_answer",
            evidence="It barks.",
            reason="It is a dog.",
            at=at or self.at,
        )

    def appealed(self, project: Project | None = None) -> Case:
        submission = self.rejected(project)
        return appeal_rejection(assignment_id=submission.assignment_id, by=self.worker, at=self.at)


LONG_AGO = timedelta(days=200)
GOOD_DESIGN = CHOICE_DESIGN
