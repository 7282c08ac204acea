"""What happened becomes messages to those whose endpoints are told of it."""

import json
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from canut.justice.states import CaseKind
from canut.kernel.events import Happened, read_new
from canut.kernel.later import later
from canut.webhooks.models import Endpoint, Message
from canut.webhooks.states import EndpointState, Told
from canut.work.queries.told import (
    About,
    about_assignments,
    about_submissions,
    is_done,
    owners_of,
    was_taken_since,
)

READER = "webhooks"
MOST = 500
ASSIGNMENTS: Mapping[str, Told] = {
    "assignment.submitted": Told.SUBMITTED,
    "assignment.skipped": Told.SKIPPED,
    "assignment.expired": Told.EXPIRED,
    "assignment.broken": Told.BROKEN,
    "appeal.opened": Told.APPEAL_OPENED,
    "case.decided": Told.APPEAL_DECIDED,
}
SUBMISSIONS: Mapping[str, Told] = {
    "submission.approved": Told.APPROVED,
    "submission.returned": Told.RETURNED,
    "submission.rejected": Told.REJECTED,
}
ENDING = (
    *("submission.approved", "project.closed", "assignment.closed", "assignment.place_released"),
    *("assignment.skipped", "assignment.given_back", "assignment.expired", "assignment.broken"),
    "broken_row.withdrawn",
)
"""After which of these a project may be done."""
NAMES = (*ASSIGNMENTS, *SUBMISSIONS, *ENDING, "comparison.over", "project.withdrawn", "account.closed")


@dataclass(frozen=True, slots=True)
class ToTell:
    """One thing to be told to one person."""

    person_id: int
    name: Told
    happened: Happened
    data: dict[str, Any]


@transaction.atomic
def follow_events(*, at: datetime) -> bool:
    """Write down what endpoints are to be told of what happened since the last time; True if there is more.

    The messages and how far was read are one transaction: a runner that is killed loses and doubles nothing.
    """
    happened = read_new(READER, names=NAMES, most=MOST)
    _forget_closed_accounts(happened)
    if Endpoint.objects.filter(state=EndpointState.ACTIVE).exists():
        _tell(list(_told(happened)), at=at)
    return len(happened) == MOST


def new_uid() -> str:
    """Return the id of a message: nobody can guess it, and a repeat has the same."""
    return f"msg_{secrets.token_hex(16)}"


def body_of(name: str, data: Mapping[str, Any], *, at: datetime) -> str:
    """Return a message as it is sent: what happened, when, and by which ids to ask for more."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": str(name), "timestamp": moment, "data": data}, separators=(",", ":"))


def _tell(told: Sequence[ToTell], *, at: datetime) -> None:
    """Write messages to those whom something concerns, in the order in which it happened."""
    endpoints: dict[int, list[Endpoint]] = defaultdict(list)
    active = Endpoint.objects.filter(state=EndpointState.ACTIVE)
    for endpoint in active.filter(owner_id__in={one.person_id for one in told}).order_by("pk"):
        endpoints[endpoint.owner_id].append(endpoint)
    made = [
        _message(endpoint, one, at=at)
        for one in told
        for endpoint in endpoints[one.person_id]
        if one.name in endpoint.events
        and one.happened.at >= endpoint.created_at
        and not _was_done_already(endpoint, one)
    ]
    Message.objects.bulk_create(made, ignore_conflicts=True, batch_size=MOST)
    for endpoint_id in sorted({message.endpoint_id for message in made}):
        later("webhooks.send", endpoint_id=endpoint_id)


def _was_done_already(endpoint: Endpoint, one: ToTell) -> bool:
    """Tell whether an endpoint was told that a project is done which is only closed now, untouched since."""
    if (one.name, one.happened.name) != (Told.DONE, "project.closed"):
        return False
    project_id = int(one.data["project_id"])
    before = Message.objects.filter(
        endpoint=endpoint, name=Told.DONE, body__endswith=f'"project_id":{project_id}}}}}'
    )
    last = before.order_by("-pk").first()
    return last is not None and not was_taken_since(project_id, since=last.made_at)


def _message(endpoint: Endpoint, one: ToTell, *, at: datetime) -> Message:
    return Message(
        endpoint=endpoint,
        uid=new_uid(),
        name=one.name,
        event_id=one.happened.id,
        body=body_of(one.name, one.data, at=one.happened.at),
        made_at=at,
        next_at=at,
    )


def _forget_closed_accounts(happened: Sequence[Happened]) -> None:
    closed = [one.subject_id for one in happened if one.name == "account.closed"]
    Endpoint.objects.filter(owner_id__in=closed).delete()


def _told(happened: Sequence[Happened]) -> Iterator[ToTell]:
    """Give what each side is to be told: who published the work, and who did it."""
    assignments = about_assignments({_assignment_id(one) for one in happened if one.name in ASSIGNMENTS})
    submissions = about_submissions({one.subject_id for one in happened if one.name in SUBMISSIONS})
    for one in happened:
        if one.name in ASSIGNMENTS:
            about, name = assignments.get(_assignment_id(one)), ASSIGNMENTS[one.name]
        else:
            about, name = submissions.get(one.subject_id), SUBMISSIONS.get(one.name, Told.DONE)
        if about is not None and name != Told.DONE:
            yield from _both_sides(one, name, about)
    yield from _of_projects(happened)


def _assignment_id(one: Happened) -> int:
    """Return which assignment an event is about; 0 for a case about something else."""
    if one.name == "case.decided":
        return int(one.data["about"]) if one.data["kind"] == CaseKind.REJECTION else 0
    return int(one.data["assignment_id"]) if one.name == "appeal.opened" else one.subject_id


def _both_sides(one: Happened, name: Told, about: About) -> Iterator[ToTell]:
    data: dict[str, Any] = {"project_id": about.project_id, "task_id": about.task_id}
    if name not in (Told.SKIPPED, Told.EXPIRED, Told.BROKEN):
        data["submission_id"] = about.submission_id
    if "attempt" in one.data:
        data["attempt"] = one.data["attempt"]
    if name == Told.BROKEN:
        data["kind"] = one.data["kind"]
    if name == Told.APPEAL_DECIDED:
        data["outcome"] = one.data["outcome"]
    yield ToTell(about.owner_id, name, one, {"as": "requester", **data})
    yield ToTell(about.worker_id, name, one, {"as": "worker", **data, "assignment_id": about.assignment_id})


def _of_projects(happened: Sequence[Happened]) -> Iterator[ToTell]:
    """Give what owners are told of whole projects: once for all that happened to one since the last time."""
    ending = {
        one.subject_id if one.name == "project.closed" else int(one.data.get("project_id", 0)): one
        for one in happened
        if one.name in ENDING
    }
    withdrawn = [one for one in happened if one.name == "project.withdrawn"]
    compared = [(int(one.data["project_id"]), one) for one in happened if one.name == Told.COMPARED]
    owners = owners_of(
        {*ending, *(one.subject_id for one in withdrawn), *(about for about, _one in compared)}
    )
    for one in withdrawn:
        yield ToTell(
            owners[one.subject_id], Told.WITHDRAWN, one, {"as": "requester", "project_id": one.subject_id}
        )
    for project_id, one in compared:
        data = {name: one.data[name] for name in ("project_id", "task_id", "round")}
        yield ToTell(owners[project_id], Told.COMPARED, one, {"as": "requester", **data})
    hearing = Endpoint.objects.filter(events__contains=[Told.DONE], owner_id__in=set(owners.values()))
    listening = set(hearing.values_list("owner_id", flat=True))
    for project_id, one in ending.items():
        owner_id = owners.get(project_id)
        if owner_id in listening and is_done(project_id):
            yield ToTell(owners[project_id], Told.DONE, one, {"as": "requester", "project_id": project_id})
