"""No sequence of edits, additions, copies and revisions opens more than what passed rounds cover."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.builders import CHOICE_DESIGN, NOON, a_draft, a_requester
from tests.stories import examples
from tests.work.rounds import PUBLISH, REVISE, a_crowd, fill_round
from tests.work.test_rounds import more_rows

from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind
from canut.ledger.queries import project_total_minor, verify
from canut.people.models import Person
from canut.work.access import latest_revision
from canut.work.models import Assignment, Place, Project, Revision, Round, Task
from canut.work.queries.setting_aside import spoken_for
from canut.work.usecases.add_tasks import add_tasks
from canut.work.usecases.begin_revision import begin_revision, discard_revision
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.close_project import close_project
from canut.work.usecases.decide_round import decide_what_stalls
from canut.work.usecases.duplicate_project import duplicate_project
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.launch_project import launch_project
from canut.work.usecases.pause_project import pause_project, resume_project
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.take_task import take_task

WORDS = ("Say what the picture shows.", "Say, what the PICTURE shows", "What does the picture show?")
LEAST_PLACES = 10

STEPS = (
    "new",
    "duplicate",
    "publish",
    "publish",
    "rows",
    "add",
    "launch",
    "launch",
    "revise",
    "revise_anew",
    "discard",
    "word",
    "raise",
    "lower",
    "pause",
    "resume",
    "pass",
    "pass",
    "stop",
    "stall",
    "take",
    "expire",
    "close",
    "go_live",
    "go_live",
    "another_word_live",
    "another_word_live",
)


class Owner:
    """Somebody who does whatever they can think of; what is refused they leave."""

    def __init__(self) -> None:
        self.person = a_requester(money_minor=10_000_000)
        self.crowd = a_crowd(3)
        self.at = NOON
        self.projects: list[int] = []

    def do(self, step: str, which: int, size: int) -> None:
        self.at += timedelta(minutes=30)
        if step == "new" or not self.projects:
            design = CHOICE_DESIGN | {"instructions": WORDS[size % 3]}
            draft = a_draft(owner=self.person, rows=size, answers=1 + which % 2, design=design, at=self.at)
            self.projects.append(draft.pk)
            return
        project_id = self.projects[which % len(self.projects)]
        given: dict[str, Any] = {"project_id": project_id, "by": self.person, "at": self.at}
        steps: dict[str, Callable[[], Any]] = {
            "duplicate": lambda: self.projects.append(duplicate_project(**given).pk),
            "publish": lambda: publish_project(**given),
            "rows": lambda: self._rows(project_id, size),
            "add": lambda: add_tasks(**given),
            "launch": lambda: launch_project(**given),
            "revise": lambda: begin_revision(**given),
            "revise_anew": lambda: begin_revision(**given, keeps_answers=False),
            "discard": lambda: discard_revision(**given),
            "word": lambda: change_draft(**given, design=CHOICE_DESIGN | {"instructions": WORDS[size % 3]}),
            "raise": lambda: change_draft(**given, reward_minor=60 + size),
            "lower": lambda: change_draft(**given, reward_minor=60 - size),
            "pause": lambda: pause_project(**given),
            "resume": lambda: resume_project(**given),
            "pass": lambda: self._votes(project_id, PUBLISH),
            "stop": lambda: self._votes(project_id, REVISE),
            "stall": self._three_days,
            "take": lambda: take_task(by=self.crowd[size % 3], project_id=project_id, at=self.at),
            "expire": lambda: expire_leases(at=self.at),
            "close": lambda: close_project(**given),
            "go_live": lambda: self._all(given, "publish", "pass", "launch"),
            "another_word_live": lambda: self._all(given, "revise", "word", "publish", size=size),
        }
        try:
            with transaction.atomic():
                steps[step]()
        except Refusal:
            return

    def _all(self, given: dict[str, Any], *steps: str, size: int = 1) -> None:
        """Do several steps, which seldom come one after the other by chance."""
        for step in steps:
            self.do(step, self.projects.index(given["project_id"]), size)

    def _rows(self, project_id: int, rows: int) -> None:
        project = Project.objects.get(pk=project_id)
        if Task.objects.filter(revision=latest_revision(project)).exists():
            more_rows(project, rows)

    def _votes(self, project_id: int, says: Any) -> None:
        project = Project.objects.get(pk=project_id)
        if project.round_id is not None:
            fill_round(project, self.crowd, says=says, at=self.at)

    def _three_days(self) -> None:
        self.at += timedelta(days=3)
        expire_leases(at=self.at)
        decide_what_stalls(at=self.at)


def refuse_what_went_round(owner: Person) -> None:
    """Fail if more is open, or was done, than what passed rounds cover; reads the tables alone."""
    projects = Project.objects.filter(owner_id=owner.pk, published_at__isnull=False)
    for project in projects:
        revision = Revision.objects.filter(project=project, published_at__isnull=False).latest("number")
        alike = [one.pk for one in project.revisions.all() if asks_the_same(one, revision)]
        passed = Round.objects.filter(project=project, state="passed", revision__in=alike)
        counts = [one for one in passed if one.revision.reward_minor <= revision.reward_minor]
        covered = sum(one.covers_tasks for one in counts)
        in_use = Place.objects.filter(project=project, round=None, state__in=["open", "waiting"])
        opened = set(in_use.values_list("task_id", flat=True))
        if covered:
            # What was done on better terms before was covered by rounds on those terms; what is tried just
            # now, or was when a round was stopped, needs no cover.
            since = min(one.revision.number for one in counts)
            done = Assignment.objects.filter(
                project=project, revision__in=alike, revision__number__gte=since
            ).filter(Q(round__isnull=True) | Q(round__state="passed"))
            opened |= set(done.values_list("task_id", flat=True))
            assert len(opened) <= covered, project.pk
        elif opened:
            tried = Round.objects.filter(project=project)
            assert not tried.exists() or tried.latest("pk").state == "passed" or in_use_before(project)
            assert untried_together(project, revision) < LEAST_PLACES, project.pk
        if project.round_id is not None:
            elsewhere = Place.objects.filter(project=project, state="open").exclude(round=project.round_id)
            assert not elsewhere.exists(), "something else is open while a round runs"


def asks_the_same(one: Revision, other: Revision) -> bool:
    return (one.design, one.lease_seconds) == (other.design, other.lease_seconds)


def in_use_before(project: Project) -> bool:
    return Assignment.objects.filter(project=project, round=None).exists()


def untried_together(project: Project, revision: Revision) -> int:
    """Count what was opened of the same words in this project, and in others as they are published."""
    places = Place.objects.filter(project=project).exclude(state="closed").count()
    others = Project.objects.filter(
        owner_id=project.owner_id,
        revisions__words_hash=revision.words_hash,
        revisions__published_at__lt=revision.published_at,
    ).exclude(pk=project.pk)
    before = Place.objects.filter(project__in=others.distinct(), state__in=["open", "taken"]).count()
    return places + before


def refuse_wrong_books(owner: Person) -> None:
    for project in Project.objects.filter(owner_id=owner.pk, published_at__isnull=False, closed_at=None):
        escrow = project_total_minor(project.pk, Kind.ESCROW)
        assert escrow >= spoken_for(project).pay_minor, f"escrow of {project.pk} holds {escrow}"
    assert verify() == []


Step = tuple[str, int, int]
BEGINNINGS: list[list[Step]] = [
    [("new", 0, 12)],
    [("new", 0, 12), ("go_live", 0, 12)],
    [("new", 0, 12), ("go_live", 0, 12), ("another_word_live", 0, 11)],
    [("new", 0, 9), ("new", 0, 9)],
]
STEP = st.tuples(st.sampled_from(STEPS), st.integers(0, 3), st.integers(1, 14))
STORY = st.builds(
    lambda beginning, more: beginning + more,
    st.sampled_from(BEGINNINGS),
    st.lists(STEP, min_size=2, max_size=20),
)


def live(story: list[Step]) -> None:
    # Half of the stories by a charter whose factor is 1, so that what a round covers is soon used up.
    factor = 1 + 3 * (len(story) % 2)
    covers = patch(
        "canut.work.usecases.open_round.covers_tasks", lambda *, tasks, **_factor: factor * tasks * tasks
    )
    with covers, transaction.atomic():
        owner = Owner()
        for step, which, size in story:
            owner.do(step, which, size)
            refuse_what_went_round(owner.person)
        refuse_wrong_books(owner.person)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=examples(8, 25), deadline=None, suppress_health_check=list(HealthCheck))
@given(STORY)
def test_nothing_goes_round_the_gate(story: list[Step]) -> None:
    live(story)


@pytest.mark.long
@pytest.mark.django_db
@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(STORY)
def test_nothing_goes_round_the_gate_however_long_one_tries(story: list[Step]) -> None:
    live(story)
