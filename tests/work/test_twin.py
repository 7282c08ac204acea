"""The fast lane and its twins leave the same rows behind, whatever is handed in, however things stand."""

import io
import json
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.builders import a_project, a_requester, a_worker, limits
from tests.stories import examples, undone

from canut.kernel.clock import now
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.people.usecases.block_person import block_person
from canut.people.usecases.create_key import create_key
from canut.site.fast_lane import fast_lane
from canut.work.hot.statements import RANKS, claim
from canut.work.models import Assignment, Place, Project
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.close_project import close_project
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.keep_draft import keep_draft
from canut.work.usecases.leave_task import skip_task
from canut.work.usecases.pause_project import pause_project
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task
from canut.work.work_token import WorkToken, sign

pytestmark = pytest.mark.django_db

D = Decimal

DESIGN: dict[str, Any] = {
    "version": 1,
    "instructions": "Say what the picture shows.",
    "items": [
        {"type": "text", "text": "{{text}}"},
        {
            "type": "single_choice",
            "name": "label",
            "label": "What is it?",
            "options": [{"value": "cat", "label": "A cat"}, {"value": "dog", "label": "A dog"}],
        },
        {
            "type": "multiple_choice",
            "name": "seen",
            "label": "What else?",
            "required": False,
            "options": [{"value": "tree", "label": "A tree"}, {"value": "car", "label": "A car"}],
        },
        {"type": "short_text", "name": "words", "label": "In words", "required": False, "max_length": 20},
        {"type": "number", "name": "count", "label": "How many?", "required": False},
    ],
}
PROPER = {"label": "cat"}

NUMBERS = st.sampled_from([0, 3, -2, 1.0, -0.0, 2.5, 1e22, 2**53 + 1, 2**64, 10**30, 10**400])
ANSWERS = st.fixed_dictionaries(
    {"label": st.sampled_from(["cat", "dog", "dog", "cat", "horse", "", None, 1])},
    optional={
        "seen": st.sampled_from([[], ["tree"], ["car", "tree"], ["tree", "tree"], ["sea"], "tree"]),
        "words": st.text(max_size=24) | st.sampled_from([" two  words ", "é́ ½", "<b>", "\0", "a\r\nb"]),
        "count": NUMBERS | st.sampled_from(["3", True, "x"]),
    },
)
SECONDS = st.sampled_from([None, 0, 5, 604_800, 604_801, 31_536_001, -1, 10**12, 5.0, True])
SITUATIONS = ["held", "held", "held", "returned", "returned, with another in hand", "handed in"]
SITUATIONS += ["handed in otherwise", "approved", "skipped", "lease over", "nobody's"]
OBSTACLES = ["none", "none", "none", "blocked", "paused", "closed", "deadline", "listed only", "cap"]
OBSTACLES += ["cap, but one is overdue", "none left", "no worker any more", "all others skipped"]
OBSTACLES += ["not open yet", "open to them", "not open yet, in a newcomer's place"]


@dataclass(frozen=True)
class HandIn:
    """What somebody hands in, by which door, and how things stand when they do."""

    door: str
    situation: str
    obstacle: str
    answer: dict[str, Any]
    active_seconds: Any
    wants_next: bool
    wanted_before: bool
    revision: str
    places: str
    has_draft: bool


HAND_INS = st.builds(
    HandIn,
    door=st.sampled_from(["program", "page"]),
    situation=st.sampled_from(SITUATIONS),
    obstacle=st.sampled_from(OBSTACLES),
    answer=st.just(PROPER) | ANSWERS,
    active_seconds=SECONDS,
    wants_next=st.sampled_from([True, True, False]),
    wanted_before=st.sampled_from([True, True, False]),
    revision=st.sampled_from(["right", "right", "right", "wrong", "unsaid"]),
    places=st.sampled_from(["ahead", "behind"]),
    has_draft=st.booleans(),
)

TO_THE_LANE = HAND_INS.map(
    lambda one: replace(
        one,
        obstacle="none",
        situation="returned" if one.situation.startswith("returned") else "held",
        answer=one.answer if one.answer.get("label") in ("cat", "dog") else PROPER,
        active_seconds=one.active_seconds if one.active_seconds in (None, 0, 5) else 604_800,
        wants_next=True if one.door == "page" else one.wants_next,
        wanted_before=True,
        revision="right",
        places="ahead",
    )
)
"""What the lane answers by itself, unless the answer is refused."""


class World:
    """A requester with two projects, two workers, and ten projects to fill a worker's hands with."""

    def __init__(self) -> None:
        at = now() - timedelta(hours=1)
        self.owner = a_requester(at=at)
        self.workers = [a_worker(at=at) for _ in range(2)]
        self.project, self.other = (
            a_project(owner=self.owner, rows=5, design=DESIGN, lease_seconds=36_000, at=at) for _ in range(2)
        )
        self.more = [
            a_project(owner=self.owner, rows=1, design=DESIGN, lease_seconds=36_000, at=at) for _ in range(8)
        ]
        self.keys = {
            one.pk: create_key(by=one, name="program", scopes=["work"], at=at).token for one in self.workers
        }

    def stand(self, given: HandIn) -> Assignment:
        """Bring about the situation and return what is to be handed in."""
        at, worker = now(), self.workers[0]
        self.order(ahead=True)
        one = take_task(by=worker, project_id=self.project.pk, at=at - timedelta(minutes=9))
        if given.has_draft:
            keep_draft(assignment_id=one.pk, by=worker, answer={"label": "dog"}, at=at)
        before = at - timedelta(minutes=5)
        if given.situation.startswith(("returned", "handed in", "approved")):
            answer = {"label": "dog"} if "otherwise" in given.situation else PROPER
            if given.situation == "handed in":
                answer = given.answer if fits(given.answer) else PROPER
            handed = submit_answer(
                assignment_id=one.pk, by=worker, answer=answer, active_seconds=1, at=before
            ).submission
            if given.situation.startswith("returned"):
                return_submission(submission_id=handed.pk, by=self.owner, reason="Look.", at=before)
            if given.situation == "approved":
                approve_submission(submission_id=handed.pk, by=self.owner, at=before)
            if "another" in given.situation:
                claim(
                    worker_id=worker.pk,
                    project_id=self.project.pk,
                    task_id=None,
                    at=before,
                    limits=limits(99),
                )
        if given.situation == "skipped":
            skip_task(assignment_id=one.pk, by=worker, at=before)
        if given.situation == "lease over":
            Assignment.objects.filter(pk=one.pk).update(lease_until=at - timedelta(seconds=1))
        self.hinder(given.obstacle, one)
        self.order(ahead=given.places == "ahead")
        one.refresh_from_db()
        return one

    def hinder(self, obstacle: str, one: Assignment) -> None:
        at, worker = now(), self.workers[0]
        project = Project.objects.filter(pk=self.project.pk)
        match obstacle:
            case "blocked":
                block_person(person_id=worker.pk, by=self.owner, reason="", at=at)
            case "paused":
                pause_project(project_id=self.project.pk, by=self.owner, at=at)
            case "closed":
                close_project(project_id=self.project.pk, by=self.owner, at=at)
            case "deadline":
                project.update(deadline_at=at - timedelta(seconds=1))
            case "listed only":
                project.update(allowed_only=True)
            case "none left":
                Place.objects.filter(project=self.project, state="open").update(state="closed", rank=None)
            case "no worker any more":
                Person.objects.filter(pk=worker.pk).update(is_worker=False)
            case "all others skipped" if one.state != "held":
                self.skip_all()
            case "not open yet" | "open to them" | "not open yet, in a newcomer's place":
                self.let_a_cascade_run(D("1.99") if obstacle == "open to them" else D(3))
                if "newcomer" in obstacle:
                    place = Place.objects.filter(task_id=one.task_id, number=one.place_number)
                    place.filter(state="taken").update(for_newcomers=True)
            case "cap" | "cap, but one is overdue":
                self.fill_hands(at - timedelta(minutes=3), with_overdue=obstacle != "cap")

    def let_a_cascade_run(self, threshold: Decimal) -> None:
        """Open the project to whom the threshold admits; one of its places is kept for newcomers."""
        at = now()
        Project.objects.filter(pk=self.project.pk).update(
            threshold=threshold,
            cascade_beat=2,
            cascade_started_at=at,
            cascade_beat_at=at,
            cascade_next_at=at + timedelta(minutes=5),
        )
        last = Place.objects.filter(project=self.project, state="open").order_by("task_id").last()
        if last is not None:
            Place.objects.filter(pk=last.pk).update(for_newcomers=True, rank=-1)

    def skip_all(self) -> None:
        at, worker = now(), self.workers[0]
        tasks = Place.objects.filter(project=self.project, state="open").values_list("task_id", flat=True)
        for task_id in list(tasks):
            with suppress(Refusal):
                other = take_task(by=worker, project_id=self.project.pk, task_id=task_id, at=at)
                skip_task(assignment_id=other.pk, by=worker, at=at)

    def fill_hands(self, at: datetime, *, with_overdue: bool) -> None:
        who = self.workers[0].pk
        held = [
            claim(worker_id=who, project_id=p.pk, task_id=None, at=at, limits=limits(99)) for p in self.more
        ]
        if with_overdue:
            Assignment.objects.filter(pk=held[0]).update(lease_until=at + timedelta(seconds=1))

    def order(self, *, ahead: bool) -> None:
        """Put the open places in a known order, all after any point that is drawn or all before it."""
        places = Place.objects.filter(project=self.project, state="open", for_newcomers=False)
        places = places.order_by("task_id")
        for number, place in enumerate(places):
            rank = RANKS - 1_000 + number if ahead else number
            Place.objects.filter(pk=place.pk).update(rank=rank)

    # --- the doors ---

    def hand_in(self, given: HandIn, one: Assignment, *, by_lane: bool) -> list[Any]:
        """Hand in by the lane, and where it hands on by its twin, or by the twin at once."""
        worker = self.workers[1 if given.situation == "nobody's" else 0]
        path, body, kind, headers = self.request(given, one, worker)
        if by_lane:
            answered: list[Any] = []
            environ = {
                "REQUEST_METHOD": "POST",
                "PATH_INFO": path,
                "CONTENT_TYPE": kind,
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
                **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
            }
            lane = fast_lane(lambda _environ, _start: [b"handed on"])
            content = b"".join(lane(environ, lambda status, head: answered.append((status, dict(head)))))
            if answered:
                BY["lane"] += 1
                ((status, head),) = answered
                return self.said(int(status[:3]), content, head.get("Location", ""))
            assert content == b"handed on"
            BY["lane and twin"] += 1
        client = Client()
        if given.door == "page":
            client.force_login(worker)
        response = client.post(path, body, content_type=kind, headers=headers)
        return self.said(response.status_code, response.content, response.headers.get("Location", ""))

    def request(
        self, given: HandIn, one: Assignment, worker: Person
    ) -> tuple[str, bytes, str, dict[str, str]]:
        other = Assignment._meta.get_field("revision").related_model.objects.get(project=self.other)
        revision = {"right": one.revision_id, "wrong": other.pk, "unsaid": None}[given.revision]
        if given.door == "program":
            sent = {"answer": given.answer, "active_seconds": given.active_seconds, "next": given.wants_next}
            sent |= {} if revision is None else {"revision_id": revision}
            headers = {"Authorization": f"Bearer {self.keys[worker.pk]}"}
            path = f"/api/v1/assignments/{one.pk}/submission"
            return path, json.dumps(sent).encode(), "application/json", headers
        until = int((now() + timedelta(hours=1)).timestamp())
        token = sign(WorkToken(worker.pk, one.pk, one.revision_id, until))
        form: dict[str, Any] = {f"answer-{name}": value for name, value in given.answer.items()}
        form |= {"work_token": token, "active_seconds": given.active_seconds}
        form |= {"next": "1"} if given.wants_next else {}
        form |= {"next_was": "1"} if given.wanted_before else {}
        written = urlencode({name: value for name, value in form.items() if value is not None}, doseq=True)
        return f"/work/{one.pk}/hand-in", written.encode(), "application/x-www-form-urlencoded", {}

    def said(self, status: int, content: bytes, location: str) -> list[Any]:
        """Return what was answered, with tasks for the numbers of assignments."""
        if location:
            going_to = re.fullmatch(r"/work/(\d+)/", location)
            assert status in (302, 303)
            return [self.task_of(int(going_to[1])) if going_to else location]
        if not content.startswith(b"{"):
            return [status]
        reply = json.loads(content)
        if "code" in reply:
            return [status, reply["code"], reply.get("errors")]
        following = reply["next"]
        why_none = reply["why_none"] and reply["why_none"]["code"]
        return [status, following and self.task_of(following["assignment_id"]), why_none]

    def task_of(self, assignment_id: int) -> int:
        return int(Assignment.objects.values_list("task_id", flat=True).get(pk=assignment_id))

    # --- what was left behind ---

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return what work and the record of events hold, apart from numbers given and moments."""
        expire_leases(at=now())  # the twin does not leave to the minute's sweep what is the worker's own
        queries = {
            "assignments": """SELECT worker_id, project_id, revision_id, task_id, place_number, state,
                                     attempt, reward_minor, submitted_at IS NULL, ended_at IS NULL,
                                     held_until IS NULL, place_released,
                                     extract(epoch FROM lease_until - taken_at)::int
                              FROM work_assignment""",
            "submissions": """SELECT s.project_id, a.task_id, a.worker_id, s.attempt, s.answer::text,
                                     s.active_seconds, s.submitted_at = a.submitted_at
                              FROM work_submission s JOIN work_assignment a ON a.id = s.assignment_id""",
            "places": "SELECT project_id, task_id, number, state, rank IS NULL FROM work_place",
            "drafts": """SELECT a.task_id, a.worker_id, d.answer::text
                         FROM work_draft d JOIN work_assignment a ON a.id = d.assignment_id""",
            "events": """SELECT e.name, e.by_id, e.subject_kind, coalesce(a.task_id, e.subject_id),
                                e.data::text
                         FROM kernel_event e LEFT JOIN work_assignment a
                           ON e.subject_kind = 'assignment' AND a.id = e.subject_id""",
            "choices": "SELECT worker_id, feed_order, takes_next FROM work_workerchoice",
            "money": "SELECT kind, party_id, project_id, total_minor FROM ledger_account",
            "jobs": "SELECT task_name, args::text FROM procrastinate_jobs",
        }
        found = {}
        with connection.cursor() as cursor:
            for name, query in queries.items():
                cursor.execute(query)
                found[name] = sorted(cursor.fetchall(), key=repr)
        return found


BY: Counter[str] = Counter()


def fits(answer: dict[str, Any]) -> bool:
    return answer == PROPER


def compare(world: World, given: HandIn) -> None:
    with undone():
        one = world.stand(given)
        outcomes = []
        for by_lane in (True, False):
            with undone():
                said = world.hand_in(given, one, by_lane=by_lane)
                outcomes.append({"said": said} | world.rows())
    by_lane_and_twin, by_twin = outcomes
    assert by_lane_and_twin == by_twin


@pytest.fixture
def world(db: None) -> World:
    return World()


def test_the_lane_and_its_twin_leave_the_same_rows_behind(world: World) -> None:
    BY.clear()

    @settings(max_examples=examples(12, 40), deadline=None, suppress_health_check=list(HealthCheck))
    @given(given=HAND_INS | TO_THE_LANE)
    def whatever_is_handed_in(given: HandIn) -> None:
        compare(world, given)

    whatever_is_handed_in()
    assert min(BY["lane"], BY["lane and twin"]) > 0, "each must be tried, or nothing is compared"


@pytest.mark.long
def test_the_lane_and_its_twin_leave_the_same_rows_behind_for_long(world: World) -> None:
    @settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
    @given(given=HAND_INS | TO_THE_LANE)
    def whatever_is_handed_in(given: HandIn) -> None:
        compare(world, given)

    whatever_is_handed_in()


GOES_ON = {"held", "returned", "returned, with another in hand", "handed in"}
EACH = [(situation, obstacle) for situation in sorted(set(SITUATIONS)) for obstacle in sorted(set(OBSTACLES))]
MOST = [(situation, obstacle) for situation, obstacle in EACH if situation in GOES_ON or obstacle == "none"]
"""What neither is handed in nor was just now is refused before anything else is asked, by either door."""


def every_other(number: int) -> list[tuple[str, str]]:
    """Return half of them, each obstacle in every other situation: the two doors share them in the gate."""
    rows, columns = sorted(set(SITUATIONS)), sorted(set(OBSTACLES))
    return [pair for pair in MOST if (rows.index(pair[0]) + columns.index(pair[1])) % 2 == number]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("door", "together"),
    [
        ("program", every_other(0)),
        ("page", every_other(1)),
        pytest.param("program", EACH, marks=pytest.mark.long),
        pytest.param("page", EACH, marks=pytest.mark.long),
    ],
)
def test_each_situation_with_each_obstacle_leaves_the_same_rows_behind(
    world: World, door: str, together: list[tuple[str, str]]
) -> None:
    for situation, obstacle in together:
        compare(
            world,
            HandIn(
                door=door,
                situation=situation,
                obstacle=obstacle,
                answer=PROPER,
                active_seconds=5,
                wants_next=True,
                wanted_before=True,
                revision="right",
                places="ahead",
                has_draft=True,
            ),
        )
