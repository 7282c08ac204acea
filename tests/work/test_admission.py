"""One admission rule: what `rules.may_take` says is what the claim does, for every door."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.builders import HOT, NOON, a_draft, a_project, a_requester, a_worker, limits
from tests.stories import examples
from tests.work.asked import a_guild, a_qualification, asks, holds
from tests.work.by_the_hour import an_hourly_draft, an_hourly_project, opened

from canut.discussion.hiding.queries import hidden_among
from canut.discussion.hiding.states import HiddenKind
from canut.discussion.hiding.usecases.hide import hide
from canut.kernel.refusals import Refusal
from canut.people.models import Consent, Listing, Person
from canut.reputation.models import Side
from canut.reputation.usecases.record_rating import record_rating
from canut.work.hot.statements import claim, claim_kept, submit_and_next
from canut.work.models import (
    Admission,
    Assignment,
    Place,
    Project,
    Revision,
    Round,
    WorkerChoice,
    WorkSession,
)
from canut.work.queries.admission import asking
from canut.work.queries.feed import feed_page, project_page
from canut.work.rules import may_take, suffices, way_in
from canut.work.states import COUNTS_AS_DONE, Comparator
from canut.work.usecases.close_session import close_session
from canut.work.usecases.keep_newcomers_places import keep_newcomers_places
from canut.work.usecases.take_break import end_break, take_break
from canut.work.usecases.take_task import take_task

D = Decimal
RATINGS = [
    (scope, value) for scope in ("group", "requester", "else", "other") for value in (D(1), D(2), D(3))
]
"""By whom a worker was rated: in the same group, by the same requester, by one of two others."""

NUMBERS = st.sampled_from([D(1), D("1.5"), D(2), D(9), D(10)])
ASKED = st.tuples(
    st.sampled_from(["guild", "qualification", "qualification"]),
    st.sampled_from(Comparator.values),
    NUMBERS,
    st.one_of(st.none(), NUMBERS, NUMBERS),
)
"""A standing to ask for: its scale, how and with what it is compared, and what the worker has on it."""

CIRCUMSTANCES = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["draft", "live", "live", "live", "paused", "closed"]),
        "deadline_in": st.sampled_from([None, None, -60, 0, 60]),
        "worker_role": st.sampled_from([True, True, True, False]),
        "active": st.sampled_from([True, True, True, False]),
        "terms": st.sampled_from([True, True, True, False]),
        "owns": st.sampled_from([False, False, False, True]),
        "listed": st.sampled_from([None, None, "block", "allow"]),
        "allowed_only": st.sampled_from([False, False, True]),
        "holds_here": st.sampled_from([False, False, False, True]),
        "elsewhere": st.integers(0, 3),
        "risks": st.sampled_from([[], [], ["hate"], ["hate", "violence"]]),
        "accepted": st.sampled_from([[], ["hate"], ["violence", "hate", "abuse"]]),
        "by_the_hour": st.sampled_from([False, False, True]),
        "session": st.sampled_from([None, "running", "running", "resting", "rested", "used_up", "closed"]),
        "round_most": st.sampled_from([None, None, 1, 2]),
        "done_in_round": st.integers(0, 2),
        "threshold": st.sampled_from([None, None, D(3), D(2), D("1.99"), D("1.5")]),
        "beat": st.integers(1, 3),
        "ratings": st.lists(st.sampled_from(RATINGS), max_size=3),
        "place_done": st.sampled_from([None, None, "by_right", "kept", "kept"]),
        "kept_places": st.sampled_from([0, 1, 2, 4]),
        "asked": st.lists(ASKED, max_size=3),
        "hidden": st.sampled_from([None, None, None, "project", "tasks", "until now"]),
    }
)
CAP = 3


def _arranged(now: dict) -> tuple[Person, Project]:  # type: ignore[type-arg]
    owner, worker = a_requester(), a_worker()
    if now["owns"]:
        Person.objects.filter(pk=owner.pk).update(is_worker=True)
        owner.refresh_from_db()
        worker = owner
    for _other in range(now["elsewhere"]):
        other = a_project(owner=a_requester(), rows=1)
        take_task(by=worker, project_id=other.pk, at=NOON)
    draft = now["state"] == "draft"
    make = {
        (False, True): a_draft,
        (False, False): a_project,
        (True, True): an_hourly_draft,
        (True, False): an_hourly_project,
    }[now["by_the_hour"], draft]
    project = make(owner=owner, rows=4)
    if now["by_the_hour"] and now["session"] and not draft and not now["owns"]:
        _has_session(now["session"], worker, project)
    if now["round_most"] and not draft:
        _is_in_round(
            project, now["round_most"], worker if not now["owns"] else None, done=now["done_in_round"]
        )
    if now["threshold"] is not None and not draft:
        _cascades(now, worker, project)
    _accepts(worker, project, now["risks"], now["accepted"])
    if now["holds_here"] and not draft and not now["owns"]:
        claim(
            worker_id=worker.pk,
            project_id=project.pk,
            task_id=None,
            at=NOON,
            limits=limits(CAP + 9),
        )
    deadline = None if now["deadline_in"] is None else NOON + timedelta(seconds=now["deadline_in"])
    closed = {"closed_at": NOON} if now["state"] == "closed" else {}
    Project.objects.filter(pk=project.pk).update(
        state=now["state"], deadline_at=deadline, allowed_only=now["allowed_only"], **closed
    )
    Person.objects.filter(pk=worker.pk).update(
        is_worker=now["worker_role"], activated_at=NOON if now["active"] else None
    )
    if not now["terms"]:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("DELETE FROM people_consent WHERE person_id = %s", [worker.pk])
            cursor.execute("SET LOCAL session_replication_role = origin")
        assert not Consent.objects.filter(person=worker).exists()
    _asks(worker, project, now.get("asked", []))
    _hides(now.get("hidden"), project)
    if now["listed"] and not now["owns"]:
        Listing.objects.create(
            owner_id=owner.pk, person_id=worker.pk, kind=now["listed"], reason="x", created_at=NOON
        )
    return worker, project


def _asks(
    worker: Person, project: Project, asked: Sequence[tuple[str, str, Decimal, Decimal | None]]
) -> None:
    """Let a project ask for standings, one guild's among them at most, and the worker have some of them."""
    has_guild = False
    for scale, comparator, value, own in asked:
        if scale == "guild" and has_guild:
            continue
        if scale == "guild":
            has_guild, comparator, scale_id = True, "at_least", a_guild().pk
        else:
            scale_id = a_qualification(Person.objects.get(pk=project.owner_id)).pk
        asks(project, scale, scale_id, comparator, None if comparator in ("exists", "missing") else value)
        holds(worker, scale, scale_id, own)


def _hides(what: str | None, project: Project) -> None:
    """Let the project, or half of its tasks, be hidden; or have been so until noon."""
    subjects = [("task", one.pk) for one in project.tasks.order_by("pk")[:2]]
    if what in ("project", "until now"):
        subjects = [*subjects, ("project", project.pk)] if what == "until now" else [("project", project.pk)]
    ends = NOON if what == "until now" else NOON + timedelta(hours=1)
    for kind, subject_id in subjects if what else []:
        hide(kind=HiddenKind(kind), subject_id=subject_id, until=ends, at=NOON - timedelta(hours=1))


def _has_session(how: str, worker: Person, project: Project) -> None:
    """Open a session two hours ago at most, and let it be as `how` says at noon."""
    session = opened(worker=worker, project=project, at=NOON - timedelta(minutes=30))
    if how in ("resting", "rested"):
        take_break(session_id=session.pk, by=worker, at=NOON - timedelta(minutes=29))
    if how == "rested":
        end_break(session_id=session.pk, by=worker, at=NOON - timedelta(minutes=9))
    if how == "used_up":
        WorkSession.objects.filter(pk=session.pk).update(ends_at=NOON)
    if how == "closed":
        close_session(session_id=session.pk, by=worker, at=NOON - timedelta(minutes=25))


def _is_in_round(project: Project, most: int, worker: Person | None, *, done: int) -> None:
    """Put the project into a round of which the worker has done some."""
    revision = Revision.objects.get(project=project)
    a_round = Round.objects.create(
        project=project,
        revision=revision,
        number=2,
        tasks=4,
        workers_a_task=1,
        places=4,
        most_per_worker=most,
        covers_tasks=64,
        opened_at=NOON,
    )
    Place.objects.filter(project=project).update(round=a_round)
    for _task in range(done if worker else 0):
        assert worker is not None
        taken_id = claim(
            worker_id=worker.pk,
            project_id=project.pk,
            task_id=None,
            at=NOON,
            limits=limits(CAP + 9),
        )
        Assignment.objects.filter(pk=taken_id).update(state="submitted", submitted_at=NOON)
    Project.objects.filter(pk=project.pk).update(round=a_round, round_most=most)


def _cascades(now: dict, worker: Person, project: Project) -> None:  # type: ignore[type-arg]
    """Let the project's cascade run: some places are kept, the worker is rated, and has done one of them."""
    places = list(Place.objects.filter(project=project).order_by("pk"))
    kept = places[: now["kept_places"]]
    if now["place_done"] and not now["owns"] and not now["round_most"]:
        wanted = kept if now["place_done"] == "kept" else places[len(kept) :]
        if wanted:
            _has_done(wanted[0], worker)
    for place in kept:
        place.for_newcomers = True
        place.save(update_fields=["for_newcomers"])
    for nth, (whose, value) in enumerate(now["ratings"]):
        if now["owns"] and whose in ("group", "requester"):
            continue
        rater = Person.objects.get(pk=project.owner_id) if whose in ("group", "requester") else a_requester()
        _rated(
            side=Side.WORKER,
            rater_id=rater.pk,
            rated_id=worker.pk,
            assignment_id=10_000_000 + nth,
            group_id=project.group_id if whose == "group" else 0,
            value=value,
            at=NOON + timedelta(seconds=nth),
        )
    Project.objects.filter(pk=project.pk).update(
        threshold=now["threshold"],
        cascade_beat=now["beat"],
        cascade_started_at=NOON,
        cascade_beat_at=NOON,
        cascade_next_at=NOON + timedelta(minutes=5),
    )
    keep_newcomers_places([project.pk], kept=True)


def _rated(**judgement: Any) -> None:
    """Rate work that is not there: what was done is beside the point, and would count in other ways too."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        record_rating(**judgement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _has_done(place: Place, worker: Person) -> None:
    taken_id = claim(
        worker_id=worker.pk,
        project_id=place.project_id,
        task_id=place.task_id,
        at=NOON,
        limits=limits(CAP + 9),
    )
    Assignment.objects.filter(pk=taken_id).update(state="submitted", submitted_at=NOON)


def _accepts(worker: Person, project: Project, risks: list[str], accepted: list[str]) -> None:
    Project.objects.filter(pk=project.pk).update(risks=risks)
    WorkerChoice.objects.create(worker=worker, accepted_risks=accepted)


@pytest.mark.django_db
def test_a_standing_suffices_in_the_rule_exactly_if_it_does_in_the_statement() -> None:
    values = [None, D("-1"), D(0), D("0.5"), D("8.99"), D(9), D("9.00"), D(10), D("10.01"), D(100)]
    cases = [(how, own, asked) for how in Comparator.values for own in values for asked in values]
    cases = [case for case in cases if (case[2] is None) == (case[0] in ("exists", "missing"))]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT work_standing_suffices(c.how, c.own, c.asked)
               FROM unnest(%s::text[], %s::numeric[], %s::numeric[]) WITH ORDINALITY c (how, own, asked, n)
               ORDER BY c.n""",
            [list(column) for column in zip(*cases, strict=True)],
        )
        said = [row[0] for row in cursor.fetchall()]
    assert said == [suffices(how, standing=own, asked=asked) for how, own, asked in cases]
    assert suffices("more_than", standing=D(10), asked=D(9))  # as numbers, not as words


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=examples(14, 100), deadline=None, suppress_health_check=list(HealthCheck))
@given(CIRCUMSTANCES)
def test_the_claim_admits_exactly_whom_the_rule_admits(now: dict) -> None:  # type: ignore[type-arg]
    try:
        with transaction.atomic():
            worker, project = _arranged(now)
            facts = asking(worker_id=worker.pk, project_id=project.pk, at=NOON)
            facts = type(facts)(**{**{f: getattr(facts, f) for f in facts.__slots__}, "cap_in_hand": CAP})
            verdict = may_take(facts)
            left = Project.objects.get(pk=project.pk).places.filter(state="open")
            if not left.exists():
                assert verdict == "project_not_found"  # a draft has no places yet
            as_newcomer = (
                facts.threshold is not None and facts.round_most is None and way_in(facts) == "newcomer"
            )
            theirs = left.filter(rank__lt=0) if as_newcomer else left.filter(rank__gte=0)
            done = Assignment.objects.filter(worker=worker, state__in=COUNTS_AS_DONE)
            hidden = hidden_among("task", [one.pk for one in project.tasks.all()], NOON)
            some = theirs.exclude(task__in=done.values("task")).exclude(task__in=hidden).exists()
            _feed_agrees(worker, project, verdict, some=some)
            asked: dict[str, Any] = {"worker_id": worker.pk, "project_id": project.pk, "task_id": None}
            asked["at"] = NOON
            kept = _undone(lambda: claim_kept(**asked, limits=limits(CAP)))
            by_right = _undone(lambda: claim(**asked, limits=limits(CAP)))
            got = kept if as_newcomer else by_right
            assert (got is not None) == (verdict is None and some), verdict
            if got is None and verdict is not None:
                assert by_right is None
            _taking_agrees(worker, project, verdict, some=some)
            raise _Undo
    except _Undo:
        return


def _undone(take: Callable[[], int | None]) -> int | None:
    """Return what a claim gives, and put it back."""
    with transaction.atomic():
        got = take()
        transaction.set_rollback(True)
    return got


def _feed_agrees(worker: Person, project: Project, verdict: str | None, *, some: bool) -> None:
    """The feed shows what can be taken; work by the hour also where only a session lacks."""
    if not worker.is_worker or verdict in ("no_session_open", "too_many_in_hand"):
        return
    worker = Person.objects.get(pk=worker.pk)
    if not worker.is_worker:
        return
    shown = [card.project_id for card in feed_page(by=worker, at=NOON).cards]
    if Assignment.objects.filter(worker=worker, state__in=["held", "returned"]).count() < CAP:
        assert (project.pk in shown) == (verdict is None and some), verdict


def _taking_agrees(worker: Person, project: Project, verdict: str | None, *, some: bool) -> None:
    """Whoever takes a task through the use case gets one, or the refusal of the rule."""
    worker = Person.objects.get(pk=worker.pk)
    if verdict in ("holds_one_here", "too_many_in_hand") or not worker.is_worker:
        return
    if Assignment.objects.filter(worker=worker, state__in=["held", "returned"]).count() >= CAP:
        return
    if Assignment.objects.filter(worker=worker, project=project, state="held").exists():
        return  # they get that one, whatever the rule says of another
    page = None if verdict == "project_not_found" else project_page(project.pk, by=worker, at=NOON)
    try:
        taken = take_task(by=worker, project_id=project.pk, at=NOON)
    except Refusal as refusal:
        assert refusal.code == (verdict or "none_left")
        assert page is None or page.why_not or page.needs_session or page.in_hand_id
    else:
        assert verdict is None
        assert page is not None
        assert not page.why_not
        runs = (
            Project.objects.get(pk=project.pk, round__isnull=True).threshold if not taken.round_id else None
        )
        assert Admission.objects.filter(assignment=taken).exists() == (runs is not None)


class _Undo(Exception):
    """Raised at the end of each example, so that the next begins with an empty database."""


@pytest.mark.django_db
def test_the_hot_statement_goes_by_the_same_rule(requester: Person, worker: Person) -> None:
    project = a_project(owner=requester, rows=4)
    held = take_task(by=worker, project_id=project.pk, at=NOON)
    Assignment.objects.filter(pk=held.pk).update(lease_until=NOON + timedelta(days=3650))
    Listing.objects.create(
        owner_id=requester.pk, person_id=worker.pk, kind="block", reason="x", created_at=NOON
    )
    handed = submit_and_next(
        key_hash=None,
        worker_id=worker.pk,
        assignment_id=held.pk,
        revision_id=held.revision_id,
        answer_json='{"label": "cat"}',
        active_seconds=None,
        want_next=True,
        **HOT,
    )
    assert handed is not None  # what was in hand can still be handed in
    assert handed.next is None
