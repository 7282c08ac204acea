"""How a project opens, from those whom its requester rates best to everybody (MECHANISMS 1.6 to 1.9)."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.builders import (
    ANSWER,
    NOON,
    a_draft,
    a_project,
    a_requester,
    a_submission,
    a_worker,
    as_if_tried,
    taken,
)
from tests.stories import examples
from tests.work.cascades import (
    BEAT,
    CAST,
    LATER,
    a_rated_cast,
    a_rated_worker,
    beats_of,
    charter_says,
    may_enter,
    threshold_of,
    told,
)
from tests.work.rounds import a_crowd, fill_round, round_of

from canut.kernel.models import Event
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.people.usecases.block_person import block_person
from canut.work.access import latest_revision
from canut.work.models import Admission, CascadeTally, Place, Project, Revision, Submission, Task
from canut.work.queries.cascading import Span, counts_in, done_seconds, nobody_stands
from canut.work.refusals import NotOpenToYouYet
from canut.work.usecases.add_tasks import add_tasks
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.close_project import close_project
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.launch_project import launch_project
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.move_cascades import mind_cascades, move_cascades
from canut.work.usecases.open_places import open_places
from canut.work.usecases.pause_project import pause_project, resume_project
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.rate_worker import rate_worker
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db

D = Decimal
EVERYBODY = set(CAST)


@pytest.fixture
def cast(requester: Person) -> dict[str, Person]:
    return a_rated_cast(by=requester)


def a_cascade(*, owner: Person, at: datetime = LATER, policy: str = "ladder", **details: Any) -> Project:
    """Return a project whose cascade has just started; too small to have a place for newcomers."""
    given: dict[str, Any] = {"rows": 8, "cascade_policy": policy} | details
    return a_project(owner=owner, at=at, **given)


def hand_in(worker: Person, project: Project, *, at: datetime, done_at: datetime | None = None) -> Submission:
    held = take_task(by=worker, project_id=project.pk, at=at)
    return submit_answer(
        assignment_id=held.pk, by=worker, answer=ANSWER, active_seconds=60, at=done_at or at
    ).submission


def waiting_rows(project: Project, count: int = 1, *, answers: int = 1) -> None:
    """Add rows to a published project that nobody has paid for yet."""
    revision = Revision.objects.filter(project=project).latest("number")
    last = Task.objects.filter(revision=revision).latest("position").position
    Task.objects.bulk_create(
        Task(
            project=project,
            revision=revision,
            position=last + n,
            key=str(last + n),
            row={"text": "More"},
            shown={"text": "More"},
            answers_wanted=answers,
        )
        for n in range(1, count + 1)
    )


@contextmanager
def undone() -> Iterator[None]:
    """Undo what one example did, so that the next begins alike."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- The ladder ---


def test_the_best_rated_see_a_new_project_first_and_everybody_three_beats_later(
    requester: Person, cast: dict[str, Person]
) -> None:
    project = a_cascade(owner=requester)
    seen = []
    for beat in range(4):
        now = LATER + beat * BEAT
        move_cascades(at=now)
        seen.append((threshold_of(project), may_enter(cast, project, at=now)))
    assert seen == [
        (D(3), {"best"}),
        (D(2), {"best", "good"}),
        (D("1.99"), {"best", "good", "unrated"}),
        (None, EVERYBODY),
    ]
    assert told(beats_of(project)) == [
        (1, "started", D(3)),
        (2, "step", D(2)),
        (3, "step", D("1.99")),
        (4, "ended", None),
    ]
    assert Event.objects.filter(name="cascade.ended", subject_id=project.pk).count() == 1


def test_who_is_not_admitted_is_refused_by_name_and_others_keep_their_admission(
    requester: Person, cast: dict[str, Person]
) -> None:
    project = a_cascade(owner=requester)
    with pytest.raises(NotOpenToYouYet):
        take_task(by=cast["poor"], project_id=project.pk, at=LATER)
    held = take_task(by=cast["best"], project_id=project.pk, at=LATER)
    admission = Admission.objects.get(assignment=held)
    assert (admission.way, admission.standing, admission.threshold) == ("standing", D(3), D(3))
    assert (admission.scope, admission.ratings, admission.beat) == ("requester", 1, 1)


def test_a_beat_comes_not_a_second_early_and_once(requester: Person, cast: dict[str, Person]) -> None:
    project = a_cascade(owner=requester)
    assert move_cascades(at=LATER + BEAT - timedelta(seconds=1)) == 0
    assert move_cascades(at=LATER + BEAT) == 1
    assert move_cascades(at=LATER + BEAT) == 0
    assert threshold_of(project) == D(2)


def test_a_run_that_comes_late_makes_up_for_every_beat_at_its_own_moment(
    requester: Person, cast: dict[str, Person]
) -> None:
    project = a_cascade(owner=requester)
    move_cascades(at=LATER + 2 * BEAT + timedelta(seconds=40))
    assert [one.at for one in beats_of(project)] == [LATER, LATER + BEAT, LATER + 2 * BEAT]
    project.refresh_from_db()
    assert project.cascade_next_at == LATER + 3 * BEAT
    assert (project.threshold, project.cascade_beat) == (D("1.99"), 3)


def test_a_run_looks_once_for_who_was_active_however_many_turns_it_takes(
    requester: Person, cast: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canut.work.usecases.move_cascades.AT_ONCE", 1)
    projects = [a_cascade(owner=requester) for _ in range(3)]
    with CaptureQueriesContext(connection) as ran:
        assert move_cascades(at=LATER + BEAT) == 3
    assert [threshold_of(project) for project in projects] == [2, 2, 2]
    statements = [query["sql"] for query in ran.captured_queries]
    assert sum("ORDER BY value DESC LIMIT 20000" in one for one in statements) == 1


def test_open_to_everybody_is_open_at_once(requester: Person, cast: dict[str, Person]) -> None:
    project = a_cascade(owner=requester, policy="open")
    assert may_enter(cast, project, at=LATER) == EVERYBODY
    assert told(beats_of(project)) == [(1, "started", None)]
    assert move_cascades(at=LATER + BEAT) == 0


def test_a_policy_that_was_changed_holds_from_the_next_beat(
    requester: Person, cast: dict[str, Person]
) -> None:
    project = a_cascade(owner=requester)
    Project.objects.filter(pk=project.pk).update(cascade_policy="throughput")
    hand_in(cast["best"], project, at=LATER + timedelta(minutes=1))
    move_cascades(at=LATER + BEAT)
    assert [(one.policy, one.why, one.count) for one in beats_of(project)] == [
        ("ladder", "started", 0),
        ("throughput", "held", 2),
    ]
    Project.objects.filter(pk=project.pk).update(cascade_policy="open")
    move_cascades(at=LATER + 2 * BEAT)
    assert told(beats_of(project))[-1] == (3, "chosen", None)


# --- The clock ---


def test_the_clock_stands_still_while_a_project_is_paused(requester: Person, cast: dict[str, Person]) -> None:
    project = a_cascade(owner=requester)
    pause_project(project_id=project.pk, by=requester, at=LATER + timedelta(minutes=4))
    assert move_cascades(at=LATER + timedelta(days=1)) == 0
    back = LATER + timedelta(days=2)
    resume_project(project_id=project.pk, by=requester, at=back)
    assert move_cascades(at=back + timedelta(seconds=59)) == 0
    assert move_cascades(at=back + timedelta(minutes=1)) == 1
    assert threshold_of(project) == D(2)


def test_the_clock_stands_still_in_a_further_round_and_everybody_may_take_its_places(
    requester: Person, cast: dict[str, Person]
) -> None:
    draft = a_draft(owner=requester, rows=8, cascade_policy="ladder", at=LATER)
    as_if_tried(draft, at=LATER, covers_tasks=8)
    project = publish_project(project_id=draft.pk, by=requester, at=LATER)
    waiting_rows(project, 40)
    add_tasks(project_id=project.pk, by=requester, at=LATER + timedelta(minutes=1))
    project.refresh_from_db()
    assert (project.round_id is not None, project.threshold) == (True, D(3))
    assert may_enter(cast, project, at=LATER + timedelta(minutes=1)) == EVERYBODY
    assert move_cascades(at=LATER + timedelta(hours=1)) == 0
    fill_round(project, list(cast.values()), at=LATER + timedelta(hours=1))
    assert round_of(project).state == "passed"
    assert may_enter(cast, project, at=LATER + timedelta(hours=1, minutes=1)) == {"best"}
    over = LATER + timedelta(hours=1, minutes=1)  # four minutes of the beat are left
    assert move_cascades(at=over + timedelta(minutes=4) - timedelta(seconds=1)) == 0
    assert move_cascades(at=over + timedelta(minutes=4)) == 1


def test_a_closed_projects_cascade_is_over(requester: Person, cast: dict[str, Person]) -> None:
    project = a_cascade(owner=requester)
    pause_project(project_id=project.pk, by=requester, at=LATER)
    close_project(project_id=project.pk, by=requester, at=LATER + timedelta(minutes=1))
    project.refresh_from_db()
    assert (project.threshold, project.cascade_next_at, project.cascade_stopped_at) == (None, None, None)
    assert move_cascades(at=LATER + timedelta(days=1)) == 0


def test_a_moratorium_ends_every_cascade_at_once_and_lets_none_start(
    requester: Person, cast: dict[str, Person]
) -> None:
    running, paused = a_cascade(owner=requester), a_cascade(owner=requester)
    pause_project(project_id=paused.pk, by=requester, at=LATER)
    now = LATER + timedelta(minutes=1)
    charter_says("moratorium.cascade", True, at=now)
    assert move_cascades(at=now) == 2
    assert move_cascades(at=now) == 0
    assert told(beats_of(running))[-1] == told(beats_of(paused))[-1] == (1, "stopped", None)
    assert may_enter(cast, running, at=now) == EVERYBODY
    assert threshold_of(a_cascade(owner=requester, at=now)) is None


# --- No dead time ---


def test_nobody_waits_for_nobody_when_a_project_opens(requester: Person) -> None:
    a_rated_worker(D("2.4"), by=requester)
    a_rated_worker(D(1), by=requester)
    project = a_cascade(owner=requester)
    assert told(beats_of(project)) == [(1, "started", D(3)), (1, "fell", D("2.40"))]
    move_cascades(at=LATER + BEAT)
    assert threshold_of(project) == D(2)


def test_where_nobody_is_active_a_project_is_open_at_once(requester: Person) -> None:
    a_rated_worker(D(3), by=requester)
    late = NOON + timedelta(days=40)
    project = a_cascade(owner=requester, at=late)
    assert told(beats_of(project)) == [(1, "started", D(3)), (1, "ended", None)]


def test_when_the_best_have_done_all_that_is_left_it_falls_between_two_beats(
    requester: Person, cast: dict[str, Person]
) -> None:
    project = a_cascade(owner=requester, rows=1, answers=3)
    assert mind_cascades(at=LATER) == 0
    take_task(by=cast["best"], project_id=project.pk, at=LATER + timedelta(minutes=1))
    assert mind_cascades(at=LATER + timedelta(minutes=2)) == 1
    assert threshold_of(project) == D(2)
    assert may_enter(cast, project, at=LATER + timedelta(minutes=2)) == {"good"}
    assert told(beats_of(project))[-1] == (1, "fell", D(2))
    assert Project.objects.get(pk=project.pk).cascade_next_at == LATER + BEAT


def test_who_was_blocked_is_not_waited_for(requester: Person, cast: dict[str, Person]) -> None:
    project = a_cascade(owner=requester)
    block_person(person_id=cast["best"].pk, by=requester, at=LATER)
    mind_cascades(at=LATER)
    assert threshold_of(project) == D(2)


def test_where_a_search_is_cut_short_no_threshold_falls(
    requester: Person, cast: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = a_cascade(owner=requester)
    block_person(person_id=cast["best"].pk, by=requester, at=LATER)
    assert nobody_stands({project.pk: D(3)}, at=LATER) == [project.pk]
    monkeypatch.setattr("canut.work.queries.cascading.PEOPLE", 1)  # who knows who came after the blocked one
    assert nobody_stands({project.pk: D(3)}, at=LATER) == []
    assert nobody_stands({project.pk: D("3.01")}, at=LATER) == [project.pk]


# --- Throughput and share ---


def test_throughput_holds_while_work_goes_on_and_falls_to_the_next_standing(requester: Person) -> None:
    # Rated 3, then 1 in another group: S = (1 + 0.4·3) / 1.4 = 1.57; and 2.5, 2 by one rating each
    people = [a_rated_worker(value, by=requester) for value in (D(3), D(3), D(3), D("2.5"), D(2))]
    mixed = a_rated_worker(D(3), by=requester)
    again = a_submission(
        worker=mixed,
        project=a_project(owner=requester, rows=1, at=NOON + timedelta(minutes=10)),
        at=NOON + timedelta(minutes=10),
    )
    rate_worker(submission_id=again.pk, by=requester, value=D(1), at=NOON + timedelta(minutes=20))
    project = a_cascade(owner=requester, policy="throughput", rows=9, answers=9)

    def beats(upto: int, done: Sequence[int]) -> None:
        """Let work be done in one beat after the other, then move: each one is a start and a submission."""
        for beat, count in enumerate(done, start=upto - len(done)):
            for n in range(count):
                hand_in(people[n % 3], project, at=LATER + beat * BEAT + timedelta(seconds=1 + n))
            move_cascades(at=LATER + (beat + 1) * BEAT)

    beats(3, [5, 3, 2])  # 10; 6 = 0.6 × 10 holds; 4 does not
    assert [(one.why, one.count, one.reference, one.threshold) for one in beats_of(project)[1:]] == [
        ("held", 10, 0, D(3)),
        ("held", 6, 10, D(3)),
        ("step", 4, 10, D("2.50")),
    ]
    beats(8, [1, 0, 0, 0, 0])  # the reference began anew; then standings and steps, 1.57 after 1.99
    assert [(one.why, one.count, one.threshold) for one in beats_of(project)[4:]] == [
        ("held", 2, D("2.50")),
        ("step", 0, D(2)),
        ("step", 0, D("1.99")),
        ("step", 0, D("1.57")),
        ("ended", 0, None),
    ]


def test_what_counts_in_a_beat_is_what_was_taken_and_handed_in_within_it(requester: Person) -> None:
    worker = a_worker()
    project = a_project(owner=requester, rows=4, at=LATER)
    minute = timedelta(minutes=1)
    hand_in(worker, project, at=LATER, done_at=LATER + BEAT)
    give_back_task(
        assignment_id=taken(worker=worker, project=project, at=LATER + BEAT + minute).pk,
        by=worker,
        at=LATER + BEAT + minute,
    )

    def count(began: datetime, ended: datetime) -> int:
        return counts_in([Span(project.pk, began, ended)])[project.pk]

    assert count(LATER, LATER + BEAT) == 1  # its end is the next one's beginning
    assert count(LATER + BEAT, LATER + 2 * BEAT) == 2
    assert count(LATER - minute, LATER) == 0


def test_share_goes_by_what_is_open_and_what_was_done_since_the_start(requester: Person) -> None:
    worker, best = a_worker(), a_rated_worker(D(3), by=requester)
    for value in (D(1), D(1)):
        a_rated_worker(value, by=requester)
    other = a_project(owner=requester, rows=8, expected_seconds=60, reward_minor=60, at=LATER)
    hand_in(worker, other, at=LATER - timedelta(seconds=1))  # before its start
    project = a_cascade(owner=requester, policy="share", rows=4, expected_seconds=120)
    hand_in(worker, other, at=LATER)
    hand_in(worker, other, at=LATER + timedelta(minutes=1))
    hand_in(best, project, at=LATER + timedelta(minutes=2))
    move_cascades(at=LATER + BEAT)
    # Open: 3 × 120 of 3 × 120 + 5 × 60; done: 120 of 120 + 2 × 60. 3.0 × (1 − (0.54545 − 0.5)) = 2.86
    beat = beats_of(project)[-1]
    assert (beat.potential, beat.worked) == (D("0.54545"), D("0.50000"))
    assert beat.threshold == D("2.86")
    tally = CascadeTally.objects.get(project=project)
    assert (tally.done_seconds, tally.platform_done_seconds) == (120, 240)


@settings(max_examples=examples(5, 20), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    done=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40)), max_size=14),
    spans=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(0, 40)),
        min_size=1,
        max_size=3,
        unique_by=lambda one: one[0],
    ),
)
def test_done_work_is_summed_as_one_would_by_hand(
    done: list[tuple[int, int]], spans: list[tuple[int, int, int]]
) -> None:
    with undone():
        done_work_is_summed(done, spans)


def done_work_is_summed(done: list[tuple[int, int]], spans: list[tuple[int, int, int]]) -> None:
    owner, worker = a_requester(), a_worker()
    projects = [
        a_project(owner=owner, rows=14, expected_seconds=60 * (n + 1), reward_minor=300, at=LATER)
        for n in range(3)
    ]
    for which, minute in done:
        hand_in(worker, projects[which], at=LATER + timedelta(minutes=minute))
    asked = [
        Span(projects[n].pk, LATER + timedelta(minutes=min(a, b)), LATER + timedelta(minutes=max(a, b)))
        for n, a, b in spans
    ]
    found = done_seconds(asked)
    for (n, a, b), span in zip(spans, asked, strict=True):
        within = [which for which, minute in done if min(a, b) <= minute < max(a, b)]
        own = sum(60 * (which + 1) for which in within if which == n)
        assert found[span.project_id] == (own, sum(60 * (which + 1) for which in within))


# --- Starting again ---


def test_added_tasks_start_it_again_only_once_it_has_ended_and_not_within_a_day(
    requester: Person, cast: dict[str, Person]
) -> None:
    project = a_cascade(owner=requester)
    waiting_rows(project)
    add_tasks(project_id=project.pk, by=requester, at=LATER + timedelta(minutes=1))
    assert told(beats_of(project)) == [(1, "started", D(3))]
    ended = LATER + 3 * BEAT
    move_cascades(at=ended)
    assert threshold_of(project) is None
    day = timedelta(hours=24)
    for now, starts in ((ended, 1), (LATER + day - timedelta(seconds=1), 1), (LATER + day, 2)):
        waiting_rows(project)
        add_tasks(project_id=project.pk, by=requester, at=now)
        assert [one.why for one in beats_of(project)].count("started") == starts
    assert may_enter(cast, project, at=LATER + day) == {"best"}
    # again at most once in the day that follows
    move_cascades(at=LATER + day + 3 * BEAT)
    waiting_rows(project)
    add_tasks(project_id=project.pk, by=requester, at=LATER + day + timedelta(hours=23))
    assert [one.why for one in beats_of(project)].count("started") == 2


def test_a_new_revision_starts_it_anew_and_who_worked_on_it_before_waits_like_others(
    requester: Person, cast: dict[str, Person]
) -> None:
    project = a_cascade(owner=requester)
    move_cascades(at=LATER + BEAT)
    hand_in(cast["good"], project, at=LATER + BEAT)
    revision = begin_revision(project_id=project.pk, by=requester, at=LATER + BEAT)
    Revision.objects.filter(pk=revision.pk).update(reward_minor=90)
    publish_project(project_id=project.pk, by=requester, at=LATER + BEAT + timedelta(minutes=1))
    now = LATER + BEAT + timedelta(minutes=1)
    assert told(beats_of(project))[-1] == (1, "started", D(3))
    assert may_enter(cast, project, at=now) == {"best"}
    project.refresh_from_db()
    assert project.cascade_next_at == now + BEAT


def test_who_has_handed_in_work_of_this_revision_stays_admitted(
    requester: Person, cast: dict[str, Person]
) -> None:
    project = a_cascade(owner=requester)
    move_cascades(at=LATER + BEAT)
    done = hand_in(cast["good"], project, at=LATER + BEAT)
    rate_worker(submission_id=done.pk, by=requester, value=D(1), at=LATER + BEAT + timedelta(minutes=1))
    now = LATER + BEAT + timedelta(minutes=2)
    assert may_enter(cast, project, at=now) == {"best", "good"}
    held = take_task(by=cast["good"], project_id=project.pk, at=now)
    admission = Admission.objects.get(assignment=held)
    assert (admission.way, admission.standing, admission.threshold) == ("stayed", D(1), D(2))


def test_the_launch_of_a_passed_round_starts_it(requester: Person, cast: dict[str, Person]) -> None:
    project = a_project(owner=requester, rows=36, at=LATER, untried=True, cascade_policy="ladder")
    assert beats_of(project) == []
    fill_round(project, a_crowd(6), at=LATER)
    now = LATER + timedelta(hours=2)
    launch_project(project_id=project.pk, by=requester, at=now)
    assert told(beats_of(project)) == [(1, "started", D(3))]
    assert may_enter(cast, project, at=now) == {"best"}
    kept = Place.objects.filter(project=project, task__position__in=[10, 20, 30], for_newcomers=True)
    assert kept.filter(rank__lt=0).count() == Place.objects.filter(project=project, rank__lt=0).count()
    tried = Place.objects.filter(project=project, task__position__in=[10, 20, 30], state="taken")
    assert kept.count() + tried.count() == 3


# --- Newcomers ---


def test_a_newcomer_has_one_place_from_the_second_beat_and_all_have_them_at_the_end(
    requester: Person, cast: dict[str, Person]
) -> None:
    new = {"new": a_worker(), "newer": a_worker(), "newest": a_worker()}
    project = a_cascade(owner=requester, rows=20)
    kept = Place.objects.filter(project=project, rank__lt=0)
    assert kept.count() == 2
    assert may_enter(new, project, at=LATER) == set()
    move_cascades(at=LATER + BEAT)
    now = LATER + BEAT
    assert may_enter(new | {"poor": cast["poor"]}, project, at=now) == set(new)
    for n, name in enumerate(("new", "newer"), start=1):
        held = take_task(by=new[name], project_id=project.pk, at=now)
        assert Admission.objects.get(assignment=held).way == "newcomer"
        assert kept.count() == 2 - n
    assert may_enter(new, project, at=now) == set()  # none is left, and one each
    give_back_task(
        assignment_id=take_task(by=new["newer"], project_id=project.pk, at=now).pk, by=new["newer"], at=now
    )
    assert kept.count() == 1
    assert may_enter({"newest": new["newest"]}, project, at=now) == {"newest"}
    handed = take_task(by=new["new"], project_id=project.pk, at=now)
    submit_answer(assignment_id=handed.pk, by=new["new"], answer=ANSWER, active_seconds=9, at=now)
    assert may_enter({"new": new["new"]}, project, at=now) == set()  # a newcomer's place gives no stay
    move_cascades(at=LATER + 3 * BEAT)
    assert kept.count() == 0
    assert may_enter(cast | new, project, at=LATER + 3 * BEAT) == EVERYBODY | set(new)


@pytest.mark.parametrize("answers", [1, 3])
def test_each_place_draws_its_own_rank_in_the_queue(requester: Person, answers: int) -> None:
    a_rated_worker(D(3), by=requester)
    project = a_cascade(owner=requester, rows=90, answers=answers)
    ranks = [place.rank for place in Place.objects.filter(project=project)]
    assert len(set(ranks)) == 90 * answers  # of two billion; equal ones would queue up for one row
    assert sum(rank is not None and rank < 0 for rank in ranks) == 9 * answers


def test_a_kept_place_never_goes_by_right_and_opens_kept_when_a_lease_ends(
    requester: Person, cast: dict[str, Person]
) -> None:
    project = a_cascade(owner=requester, rows=10)
    for _task in range(9):
        hand_in(cast["best"], project, at=LATER + timedelta(seconds=1))
    with pytest.raises(Refusal) as refused:
        take_task(by=cast["best"], project_id=project.pk, at=LATER + timedelta(seconds=2))
    assert refused.value.code == "none_left"
    move_cascades(at=LATER + BEAT)
    project.refresh_from_db()
    assert project.threshold is None  # nobody is left who could come by standing
    assert not Place.objects.filter(project=project, rank__lt=0).exists()


def test_a_lease_that_ends_gives_a_kept_place_back_to_newcomers(
    requester: Person, cast: dict[str, Person]
) -> None:
    new, project = a_worker(), a_cascade(owner=requester, rows=10)
    move_cascades(at=LATER + BEAT)
    take_task(by=new, project_id=project.pk, at=LATER + BEAT)
    assert not Place.objects.filter(project=project, rank__lt=0).exists()
    Project.objects.filter(pk=project.pk).update(cascade_next_at=LATER + timedelta(days=1))
    expire_leases(at=LATER + timedelta(hours=1))
    place = Place.objects.get(project=project, for_newcomers=True)
    assert (place.state, place.rank is not None and place.rank < 0) == ("open", True)
    assert may_enter({"new": new}, project, at=LATER + timedelta(hours=1)) == {"new"}


def test_a_batch_of_places_adds_up_no_task_that_the_batch_before_it_has_added_up(
    requester: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canut.work.usecases.open_places.AT_ONCE", 10)
    project = a_project(owner=requester, rows=35, at=LATER, cascade_policy="ladder")
    revision = latest_revision(project)
    Place.objects.filter(project=project).delete()
    Revision.objects.filter(pk=revision.pk).update(places_opened_to=0)
    begins = []
    while Revision.objects.get(pk=revision.pk).places_opened_to < 35:
        with CaptureQueriesContext(connection) as ran:
            open_places(revision_id=revision.pk, at=LATER, most=10)
        begins += [
            int(found[1])
            for query in ran.captured_queries
            if (found := re.search(r'SUM.*"position" > (\d+)', query["sql"]))
        ]
    assert begins == [0, 0, 10, 20]
    places = Place.objects.filter(project=project).order_by("task__position")
    assert [place.task.position for place in places if place.for_newcomers] == [10, 20, 30]


@settings(max_examples=examples(4, 16), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    wanted=st.lists(st.integers(1, 7), min_size=1, max_size=30),
    added=st.integers(0, 12),
    most=st.integers(1, 9),
)
def test_every_tenth_place_is_a_newcomers_however_they_came(wanted: list[int], added: int, most: int) -> None:
    with undone():
        every_tenth_is_kept(wanted, added, most)


def every_tenth_is_kept(wanted: list[int], added: int, most: int) -> None:
    owner = a_requester()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("canut.work.usecases.open_places.AT_ONCE", most)
        draft = a_draft(owner=owner, rows=len(wanted), cascade_policy="ladder")
        for task, answers in zip(
            Task.objects.filter(project=draft).order_by("position"), wanted, strict=True
        ):
            Task.objects.filter(pk=task.pk).update(answers_wanted=answers)
        as_if_tried(draft)
        project = publish_project(project_id=draft.pk, by=owner, at=NOON)
        if added:
            waiting_rows(project, added, answers=3)
            add_tasks(project_id=project.pk, by=owner, at=NOON)
    places = Place.objects.filter(project=project).order_by("task__position", "number")
    kept = [place.for_newcomers for place in places]
    assert len(kept) == sum(wanted) + 3 * added
    assert kept == [(position + 1) % 10 == 0 for position in range(len(kept))]
