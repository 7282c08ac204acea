"""Juries are blind both ways (MECHANISMS 6.1): nothing links a juror and the two sides of a case.

Whatever each can reach is read, and held against all that would lead to another: names, ids, moments.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from tests.api.calls import Call, key_of, operations
from tests.builders import a_project, a_requester, a_worker
from tests.justice.jury.panels import heard, live, vote
from tests.membership.members import members_of
from tests.told import told
from tests.web.pages import browser_of
from tests.web.test_guild_blind import Ids, traces
from tests.work.decided import a_rejected_submission

from canut.justice.files import SentFile
from canut.justice.jury.models import Panel, Seat
from canut.justice.jury.usecases.follow_panels import follow_panels
from canut.justice.jury.usecases.remind_jurors import remind_jurors
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.kernel import clock
from canut.people.models import Party, Person, Scope
from canut.work.models import Assignment, Submission

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("uploads")]

FIRST_ID = 7_310_000_000
TABLES = ("people_party", "work_task", "work_assignment", "work_submission", "justice_jury_seat")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@dataclass
class Side:
    """One person of the story: all that would lead to them, and the ids that are theirs to ask by."""

    person: Person
    told: set[int] = field(default_factory=set)

    @cached_property
    def names(self) -> set[str]:
        return {self.person.screen_name, str(self.person.username), str(self.person.email)}

    @cached_property
    def known(self) -> set[int]:
        """Return the numbers that they are told themselves."""
        own = Assignment.objects.filter(worker_id=self.person.pk)
        submissions = Submission.objects.filter(assignment__worker_id=self.person.pk)
        seats = Seat.objects.filter(person=self.person).values_list("pk", "task_id")
        return {
            self.person.pk,
            *self.told,
            *(number for pair in own.values_list("pk", "task_id") for number in pair),
            *submissions.values_list("pk", flat=True),
            *(number for pair in seats for number in pair),
        }

    @property
    def ids(self) -> set[int]:
        return self.known - self.told

    @cached_property
    def moments(self) -> set[datetime]:
        own = Assignment.objects.filter(worker_id=self.person.pk)
        found = {moment for pair in own.values_list("taken_at", "submitted_at") for moment in pair}
        found |= set(
            Seat.objects.filter(person=self.person, state="voted").values_list("ended_at", flat=True)
        )
        return {moment for moment in found if moment is not None}


def test_neither_a_juror_nor_a_side_finds_the_other() -> None:
    for number, table in enumerate(TABLES):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                [table, FIRST_ID + number * 10_000_000],
            )
    now = clock.now().replace(second=0, microsecond=0)
    began, drawn = now - timedelta(days=1, hours=9, minutes=13), now - timedelta(days=1)
    requester, worker = a_requester("Quentinquagga"), a_worker("Aureliayak")
    members = members_of("workers", 4, at=drawn)
    for one, name in zip(members, ("Zebulonxy", "Octaviuswu", "Ferdinandzo", "Isoldebq"), strict=True):
        Party.objects.filter(pk=one.pk).update(screen_name=name)
    project = a_project(owner=requester, at=began)
    rejected = a_rejected_submission(worker=worker, project=project, at=began + timedelta(minutes=4))
    file = SentFile(ContentFile(PNG), "Aureliayak.png")
    words = "I, Aureliayak, did it as Quentinquagga asked."
    case = appeal_rejection(
        assignment_id=rejected.assignment_id,
        by=worker,
        words=words,
        files=[file],
        at=began + timedelta(hours=5),
    )
    follow_panels(at=drawn)
    panel = Panel.objects.get(case=case)
    first, second, third = live(panel)
    vote(first, "falls", reason="Ears, I see ears.", at=drawn + timedelta(minutes=17, seconds=11))
    heard(at=drawn + timedelta(minutes=17, seconds=11))
    remind_jurors(at=panel.decide_by - timedelta(hours=2))
    read_while_open = {
        "juror at work": all_that_is_read_by(first.person, seat=first),
        "appellant while open": all_that_is_read_by(worker, case_id=case.pk, project_id=project.pk),
    }
    vote(third, "falls", reason="Ears. Long ones.", at=drawn + timedelta(minutes=33, seconds=22))
    heard(at=drawn + timedelta(minutes=33, seconds=22))
    follow_panels(at=drawn + timedelta(hours=2, minutes=2, seconds=5))
    case.refresh_from_db()
    assert case.state == "falls"

    jurors = [Side(Person.objects.get(pk=seat.person_id)) for seat in (first, second, third)]
    sides = [Side(worker), Side(requester, {rejected.assignment_id, rejected.pk})]
    sides[1].told |= set(Submission.objects.filter(project=project).values_list("pk", flat=True))
    sides[1].told |= {rejected.assignment.task_id}
    reads = [
        ("appellant", sides[0], jurors, all_that_is_read_by(worker, case_id=case.pk, project_id=project.pk)),
        (
            "requester",
            sides[1],
            jurors,
            all_that_is_read_by(requester, case_id=case.pk, project_id=project.pk),
        ),
        ("juror", jurors[0], [*sides, *jurors[1:]], all_that_is_read_by(jurors[0].person, seat=first)),
        (
            "not needed",
            jurors[1],
            [*sides, jurors[0], jurors[2]],
            all_that_is_read_by(jurors[1].person, seat=second),
        ),
        ("juror at work", jurors[0], [*sides, *jurors[1:]], read_while_open["juror at work"]),
        ("appellant while open", sides[0], jurors, read_while_open["appellant while open"]),
    ]
    found = [
        (name, place, what)
        for name, who, others, read in reads
        for place, content in read.items()
        for other in others
        for what in traces(content, of=other, but=who)
    ]
    assert not found, "\n".join(map(str, found))
    for name, _who, _others, read in reads[:3]:  # it was there to be read
        assert any("Ears, I see ears." in content for content in read.values()), name
    assert not any("Ears, I see" in one for one in read_while_open["appellant while open"].values())
    assert any("did it as (name) asked" in one for one in read_while_open["juror at work"].values())


BEGIN = ("/", "/work/", "/earnings/", "/justice/", "/lots/", "/membership/", "/studio/")
ABOUT = re.compile(
    r"^/(feed|work|tasks|projects|earnings|justice|lots|membership|requesters|crowd|people|studio|review|money)?/"
)
BESIDE = re.compile(
    r"^/(feed|projects|requesters)/|membership/members|justice/(sanctions|disputes|mediation|flags|statistics)|studio/(new|import|gallery|\d+/(design|data|price))"
)
"""Pages that tell nothing of cases: what is public of anybody, or blind where that is tested."""
PAGES_AT_MOST = 40
KNOWN = {
    "justice/seats": "seat_id",
    "justice/cases": "case_id",
    "work": "assignment_id",
    "projects": "project_id",
}
SAID = re.compile(r"appeal-seats|cases|assignments|/tasks/|/projects|earnings|lots|/me$|fund|review")


def all_that_is_read_by(
    person: Person, *, seat: Seat | None = None, case_id: int | None = None, project_id: int | None = None
) -> dict[str, str]:
    """Return each page and each answer of the API that somebody gets about what is theirs."""
    asked: dict[str, int] = {"worker_id": person.pk, "person_id": person.pk}
    if seat is not None:
        asked |= {
            "seat_id": seat.pk,
            "task_id": seat.task_id,
            "project_id": seat.task.project_id,
            "number": 1,
        }
        held = Assignment.objects.filter(task_id=seat.task_id).values_list("pk", flat=True).first()
        asked |= {"assignment_id": held} if held else {}
    if case_id is not None and project_id is not None:
        own = Assignment.objects.filter(project_id=project_id).order_by("-pk")[0]
        asked |= {"case_id": case_id, "project_id": project_id, "assignment_id": own.pk}
        asked |= {"task_id": own.task_id}
    read = pages_of(person, asked) | answers_to(person, asked)
    for notice in told(person):
        read[f"notice {notice.pk}"] = f"{notice.subject}\n{notice.text}\n{notice.path}"
    return read


def pages_of(person: Person, asked: dict[str, int]) -> dict[str, str]:
    """Return the pages about work and justice that somebody reaches by links or by a number they know."""
    browser, found = browser_of(person), {}
    known = [f"/{kind}/{asked[name]}/" for kind, name in KNOWN.items() if name in asked]
    ahead = [*known, *BEGIN]
    while ahead and len(found) < PAGES_AT_MOST:
        address = ahead.pop(0)
        if address in found or not ABOUT.match(address) or BESIDE.search(address):
            continue
        answer = browser.get(address)
        if answer.status_code >= 300 or not answer.headers["Content-Type"].startswith(
            ("text/", "application/j")
        ):
            continue
        content = answer.getvalue() if answer.streaming else answer.content
        found[address] = content.decode()
        links = re.findall(r'href="(/[^"#]+)', found[address])
        ahead += [link.replace("&amp;", "&") for link in links]
    return found


def answers_to(person: Person, asked: dict[str, int]) -> dict[str, str]:
    """Return what the API answers somebody about work and justice, by ids that are theirs."""
    found, token = {}, key_of(person, Scope.values)
    for name, (method, path, _document) in operations().items():
        if method == "GET" and SAID.search(path) and set(re.findall(r"{(?:\w+:)?(\w+)}", path)) <= set(asked):
            call = Call(person, "GET", path.removeprefix("/api/v1").format_map(Ids(asked)), token=token)
            found[name] = call.answered_unchecked().content.decode(errors="replace")
    return found
