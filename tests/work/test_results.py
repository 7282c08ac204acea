"""Results as their owner asks for them: hand-checked, on real people's answers, and refused to strangers."""

import csv
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.builders import NOON, a_draft, a_project, a_submission, a_worker
from tests.work.handed_in import PAIRS_DESIGN, WEATHER_DESIGN, a_worked_project

from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.work.models import Assignment, Computation, Place, Project, Revision, Task
from canut.work.queries import results as read
from canut.work.queries.results_wanted import ALL_REVISIONS
from canut.work.refusals import ProjectNotFound
from canut.work.usecases.computations import forget_old_computations
from canut.work.usecases.compute_results import compute_results, work_out_results

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]

ANIMALS: dict[str, Any] = {
    "version": 1,
    "instructions": "",
    "items": [
        {
            "type": "single_choice",
            "name": "label",
            "label": "What is it?",
            "options": [{"value": "cat", "label": "A cat"}, {"value": "dog", "label": "A dog"}],
        },
        {"type": "number", "name": "count", "label": "How many?", "required": False},
        {
            "type": "multiple_choice",
            "name": "colours",
            "label": "Colours",
            "options": [{"value": "black", "label": "Black"}, {"value": "white", "label": "White"}],
            "required": False,
        },
    ],
}


def animals(owner: Person, **details: Any) -> Project:
    """Four tasks: cat by 2 of 3; dog by 2 of 2; a tie of 1 and 1; and one that nobody answered."""
    given = [
        ("ann", "t1", {"label": "cat", "count": 2, "colours": ["black", "white"]}, 10),
        ("bob", "t1", {"label": "cat", "count": 9, "colours": ["black", "white"]}, 20),
        ("cid", "t1", {"label": "dog", "count": 1, "colours": ["white"]}, 30),
        ("ann", "t2", {"label": "dog"}, 40),
        ("bob", "t2", {"label": "dog"}, None),
        ("ann", "t10", {"label": "dog"}, 60),
        ("cid", "t10", {"label": "cat"}, 50),
    ]
    rows = [
        {"id": "t1", "gold": "cat"},
        {"id": "t2", "gold": "A cat"},
        {"id": "t10", "gold": "horse"},
        {"id": "t11", "gold": "dog"},
    ]
    return a_worked_project(owner=owner, design=ANIMALS, rows=rows, key="id", answers=given, **details)


def done(project: Project, by: Person, **wanted: Any) -> read.Results:
    computation = compute_results(project_id=project.pk, by=by, at=NOON, **wanted)
    if computation.finished_at is None:
        work_out_results(computation_id=computation.pk, at=NOON)
    return read.results(computation.pk, by=by)


def table(found: read.Results, by: Person, order: str = "position") -> list[Any]:
    return list(read.tasks_page(found.id, by=by, order=order))


# --- By hand --------------------------------------------------------------------------------------


def test_majority_names_ties_and_leaves_unanswered_tasks_open(requester):
    found = done(animals(requester), requester)
    rows = table(found, requester)
    assert [(row["key"], row["majority"], row["votes"], row["answers"], row["tied"]) for row in rows] == [
        ("t1", "cat", 2, 3, False),
        ("t2", "dog", 2, 2, False),
        ("t10", "cat", 1, 2, True),
        ("t11", None, 0, 0, False),
    ]
    assert rows[0]["share"] == pytest.approx(2 / 3)
    assert found.figures["tied"] == 1
    assert found.figures["tasks_answered"] == 3
    assert found.figures["places"] == 8


def test_agreement_is_alpha_as_counted_by_hand(requester):
    # Coincidences: t1 gives cc 1, cd 1, dc 1, dd 0; t2 gives dd 2; t10 gives cd 1, dc 1. n = 7, c = 3, d = 4.
    # Observed disagreement 4/7; expected 2*3*4/(7*6) = 4/7. Alpha is 0.
    agreement = done(animals(requester), requester).figures["agreement"]
    assert agreement["alpha"] == pytest.approx(0)
    assert (agreement["tasks"], agreement["answers"], agreement["undefined"]) == (3, 7, None)


def test_times_are_of_counted_answers_that_have_one(requester):
    found = done(animals(requester), requester).figures
    assert found["untimed"] == 1
    assert found["spread"] == {
        "count": 6,
        "lower_quartile_seconds": 22.5,
        "median_seconds": 35,
        "upper_quartile_seconds": 47.5,
    }
    assert found["seconds"] == [[10, 1], [20, 1], [30, 1], [40, 1], [50, 1], [60, 1]]


def test_gold_is_read_by_value_or_label_and_what_is_no_answer_is_counted_apart(requester):
    found = done(animals(requester), requester, gold="gold").figures
    majority = found["accuracy"][0]
    assert found["gold_unknown"] == 1  # the horse
    # t1 is right, t2 wrong, t11 unanswered. Wilson's interval of 1 of 2 is 0.0945 to 0.9055.
    assert (majority["right"], majority["judged"], majority["unanswered"]) == (1, 2, 1)
    assert majority["low"] == pytest.approx(0.0945, abs=1e-4)
    assert majority["high"] == pytest.approx(0.9055, abs=1e-4)


def test_numbers_have_medians_and_lists_count_as_a_whole(requester):
    project = animals(requester)
    numbers = done(project, requester, question="count")
    first = table(numbers, requester)[0]
    assert (first["median"], first["majority"], first["tied"]) == (2, 1, True)  # ties go to the smallest
    assert numbers.figures["no_estimate"] == "open_answers"
    lists = done(project, requester, question="colours")
    assert table(lists, requester)[0]["majority"] == ["black", "white"]
    assert table(lists, requester)[0]["votes"] == 2


def test_a_number_that_comes_before_smaller_ones_stays_itself(requester):
    given = [(who, "t", {"label": "cat", "count": count}, 1) for who, count in [("a", 9), ("b", 9), ("c", 1)]]
    project = a_worked_project(owner=requester, design=ANIMALS, rows=[{"id": "t"}], key="id", answers=given)
    (row,) = table(done(project, requester, question="count"), requester)
    assert (row["majority"], row["votes"], row["median"]) == (9, 2, 9)


def test_only_the_latest_attempt_of_what_is_approved_or_undecided_counts(requester):
    # Given one approved, one rejected and one returned among seven
    project = animals(requester, states={0: "approved", 2: "rejected", 3: "returned"})
    both = done(project, requester).figures
    approved = done(project, requester, approved_only=True).figures
    assert (both["answers"], approved["answers"]) == (5, 1)
    assert both["handed_in"] == 7  # progress counts what came in
    # But not what was rejected and whose place is somebody else's now
    Assignment.objects.filter(project=project, state="rejected").update(place_released=True)
    assert done(project, requester, smoothing=0).figures["handed_in"] == 6


def test_the_table_is_sorted_by_what_is_asked_with_unanswered_tasks_last(requester):
    found = done(animals(requester), requester)
    keys = {order: [row["key"] for row in table(found, requester, order)] for order in ("share", "-share")}
    assert keys == {"share": ["t10", "t1", "t2", "t11"], "-share": ["t2", "t1", "t10", "t11"]}
    assert read.tasks_page(found.id, by=requester, order="nonsense")[0]["key"] == "t1"
    assert [row["key"] for row in read.tasks_page(found.id, by=requester, page=2, most=3)] == ["t11"]


def test_a_project_without_answers_has_results_that_say_so(requester):
    found = done(a_project(owner=requester), requester).figures
    assert found["answers"] == 0
    assert found["agreement"]["undefined"] == "no_task_answered_twice"
    assert found["spread"] is None
    assert found["points"] == []


def test_a_draft_has_results_too(requester):
    assert done(a_draft(owner=requester), requester).figures["tasks"] == 0


# --- Ranking --------------------------------------------------------------------------------------


def compared(owner: Person, **details: Any) -> Project:
    rows = [
        {"id": "1", "prompt": "p", "left": "X", "right": "Y", "left_output": "x", "right_output": "y"},
        {"id": "2", "prompt": "p", "left": "Y", "right": "X", "left_output": "y", "right_output": "x"},
        {"id": "3", "prompt": "p", "left": "Z", "right": "Z", "left_output": "z", "right_output": "z"},
        {"id": "4", "prompt": "p", "left": "", "right": "X", "left_output": "", "right_output": "x"},
        {"id": "5", "prompt": "p", "left": "V", "right": "W", "left_output": "v", "right_output": "w"},
    ]
    given = [
        ("ann", "1", {"better": "a"}, 5),
        ("bob", "1", {"better": "a"}, 5),
        ("ann", "2", {"better": "b"}, 5),
        ("bob", "2", {"better": "tie"}, 5),
        ("ann", "3", {"better": "a"}, 5),
        ("ann", "4", {"better": "a"}, 5),
        ("ann", "5", {"better": "a"}, 5),
    ]
    return a_worked_project(
        owner=owner, design=details.pop("design", PAIRS_DESIGN), rows=rows, key="id", answers=given
    )


def test_models_are_ranked_by_the_columns_that_name_them(requester):
    ranking = done(compared(requester), requester).figures["ranking"]
    by_item = {place["item"]: place for place in ranking["places"]}
    # X was preferred in both tasks, whichever side it stood on; the tie counts for both
    assert (by_item["X"]["wins"], by_item["X"]["ties"], by_item["X"]["losses"]) == (3, 1, 0)
    assert by_item["X"]["rank"] == 1
    assert by_item["Y"]["rank"] == 2
    assert by_item["X"]["low"] <= by_item["X"]["log_strength"] <= by_item["X"]["high"]
    # V and W were never compared with them, Z only with itself; one row names no left side
    assert ranking["groups"] == 2
    assert ranking["uncompared"] == ["Z"]
    assert (ranking["unnamed"], ranking["same"]) == (1, 1)


def test_the_guess_follows_a_design_that_shows_the_right_side_as_a(requester):
    item = {**PAIRS_DESIGN["items"][0], "a": "{{right_output}}", "b": "{{left_output}}"}
    project = compared(requester, design={**PAIRS_DESIGN, "items": [item]})
    wanted = read.choices(project.pk, by=requester).wanted
    assert (wanted["item_a"], wanted["item_b"]) == ("right", "left")


def test_no_ranking_is_made_where_it_is_not_wanted(requester):
    assert done(compared(requester), requester, item_a="", item_b="").figures["ranking"] is None


@pytest.mark.parametrize(
    ("wanted", "wrong"),
    [
        ({"question": "colour"}, "question"),
        ({"revision": 7}, "revision"),
        ({"gold": "secret"}, "gold"),
        ({"smoothing": 2}, "smoothing"),
        ({"item_a": "left", "item_b": ""}, "item_b"),
        ({"item_a": "left", "item_b": "left"}, "item_b"),
        ({"item_a": "nowhere", "item_b": "left"}, "item_a"),
    ],
)
def test_what_is_not_there_cannot_be_asked_for(requester, wanted, wrong):
    with pytest.raises(BadInput) as refused:
        compute_results(project_id=compared(requester).pk, by=requester, at=NOON, **wanted)
    assert list(refused.value.facts["errors"]) == [wrong]


# --- Whose, and how often -------------------------------------------------------------------------


def test_strangers_workers_and_operators_are_told_there_is_nothing(requester, stranger, worker, operator):
    project = animals(requester)
    found = done(project, requester)
    for other in (stranger, worker, operator):
        for attempt in (
            lambda other=other: compute_results(project_id=project.pk, by=other, at=NOON),
            lambda other=other: read.results(found.id, by=other),
            lambda other=other: read.tasks_page(found.id, by=other),
            lambda other=other: read.choices(project.pk, by=other),
            lambda other=other: read.newest_results(project.pk, by=other, wanted={}),
            lambda other=other: read.exports(project.pk, by=other),
        ):
            with pytest.raises(ProjectNotFound):
                attempt()


def test_results_are_reused_until_new_work_comes_in(requester):
    project = a_project(owner=requester, rows=2, answers=2)
    first = compute_results(project_id=project.pk, by=requester, at=NOON)
    assert compute_results(project_id=project.pk, by=requester, at=NOON) == first
    assert compute_results(project_id=project.pk, by=requester, at=NOON, smoothing=0) != first
    a_submission(worker=a_worker("ann"), project=project)
    assert read.results(first.pk, by=requester).is_stale
    second = compute_results(project_id=project.pk, by=requester, at=NOON)
    assert second != first
    assert read.results(second.pk, by=requester).figures["answers"] == 1


def test_every_decision_makes_results_old(requester):
    from canut.work.usecases.approve_submission import approve_submission
    from canut.work.usecases.return_submission import return_submission

    project = a_project(owner=requester, rows=2, answers=2)
    one = a_submission(worker=a_worker("ann"), project=project)
    other = a_submission(worker=a_worker("bob"), project=project)
    seen = {compute_results(project_id=project.pk, by=requester, at=NOON).pk}
    approve_submission(submission_id=one.pk, by=requester, at=NOON + timedelta(hours=1))
    seen.add(compute_results(project_id=project.pk, by=requester, at=NOON).pk)
    return_submission(
        submission_id=other.pk, by=requester, reason="Look again.", at=NOON + timedelta(hours=1)
    )
    seen.add(compute_results(project_id=project.pk, by=requester, at=NOON).pk)
    assert len(seen) == 3


def test_a_second_asker_shares_the_running_job_and_a_lost_one_is_replaced(requester):
    project = compared(requester)
    first = compute_results(project_id=project.pk, by=requester, at=NOON)
    assert first.finished_at is None
    assert compute_results(project_id=project.pk, by=requester, at=NOON) == first
    later = NOON + timedelta(hours=2)
    assert compute_results(project_id=project.pk, by=requester, at=later) != first


def test_a_job_that_runs_twice_does_its_work_once(requester, uploads):
    computation = compute_results(project_id=compared(requester).pk, by=requester, at=NOON)
    work_out_results(computation_id=computation.pk, at=NOON)
    finished = Computation.objects.get(pk=computation.pk)
    work_out_results(computation_id=computation.pk, at=NOON + timedelta(hours=1))
    assert Computation.objects.get(pk=computation.pk).finished_at == finished.finished_at == NOON
    assert len([path for path in uploads.rglob("*") if path.is_file()]) == 1


def test_newer_results_take_the_place_of_older_ones_after_a_while(requester):
    project = a_project(owner=requester, rows=2, answers=2)
    compute_results(project_id=project.pk, by=requester, at=NOON)
    for minutes, kept in ((5, 2), (11, 2), (30, 1)):
        a_submission(worker=a_worker(f"worker{minutes}"), project=project)
        compute_results(project_id=project.pk, by=requester, at=NOON + timedelta(minutes=minutes))
        assert Computation.objects.count() == kept


def test_a_week_later_results_are_forgotten(requester):
    found = done(animals(requester), requester)
    forget_old_computations(at=NOON + timedelta(days=7))
    assert Computation.objects.filter(pk=found.id).exists()
    assert forget_old_computations(at=NOON + timedelta(days=7, seconds=1)) == 1
    assert not Computation.objects.exists()


def test_results_of_two_revisions_never_mix(requester):
    project = animals(requester)
    old = Revision.objects.get(project=project)
    new = Revision.objects.create(
        project=project, number=2, design=old.design, expected_seconds=60, lease_seconds=600, created_at=NOON
    )
    Task.objects.create(
        project=project,
        revision=new,
        position=1,
        key="new",
        row={},
        shown={},
        answers_wanted=1,
    )
    Revision.objects.filter(pk=new.pk).update(published_at=NOON, paid_upto=1)
    second = done(project, requester)
    assert [row["key"] for row in table(second, requester)] == ["new"]
    assert second.figures["handed_in"] == 0
    first = done(project, requester, revision=1)
    assert len(table(first, requester)) == 4
    assert first.figures["answers"] == 7


def a_second_revision(project: Project, *, renewing: bool) -> Revision:
    """Publish a second revision with the same design; its tasks go on, or those answered are asked anew."""
    old = Revision.objects.get(project=project)
    new = Revision.objects.create(
        project=project,
        number=2,
        design=old.design,
        expected_seconds=60,
        lease_seconds=600,
        created_at=NOON,
        keeps_answers=not renewing,
    )
    answered = Task.objects.filter(pk__in=Assignment.objects.filter(project=project).values("task"))
    if renewing:
        for task in list(answered):
            same = {"key": task.key, "row": task.row, "shown": task.shown, "position": task.position + 100}
            Task.objects.create(project=project, revision=new, answers_wanted=1, renews=task, **same)
    Task.objects.filter(project=project, revision=old).exclude(
        pk__in=[task.pk for task in answered] if renewing else []
    ).update(revision=new)
    Revision.objects.filter(pk=new.pk).update(published_at=NOON, paid_upto=1000)
    return new


def test_a_task_that_has_gone_on_leaves_its_answers_with_the_revision_they_were_given_to(requester):
    project = animals(requester)
    before = done(project, requester)
    a_second_revision(project, renewing=False)
    first = done(project, requester, revision=1)
    # what was answered is what it was, and the tasks without an answer have gone on
    assert first.figures["answers"] == before.figures["answers"] == 7
    assert [row["majority"] for row in table(first, requester)] == [
        row["majority"] for row in table(before, requester) if row["answers"]
    ]
    second = done(project, requester)
    assert second.figures["answers"] == second.figures["handed_in"] == 0
    assert second.figures["places"] == before.figures["places"] - before.figures["handed_in"]
    both = done(project, requester, revision=ALL_REVISIONS)
    assert both.figures["answers"] == 7
    assert both.figures["places"] == before.figures["places"]


def test_rows_that_are_asked_anew_are_one_task_where_revisions_are_taken_together(requester, worker):
    project = animals(requester)
    last = Task.objects.get(project=project, key="t11")
    Place.objects.create(project=project, task=last, number=1, rank=1)
    a_submission(worker=worker, project=project, answer={"label": "dog"})
    before = done(project, requester)
    assert before.figures["answers"] == 8
    a_second_revision(project, renewing=True)
    again = Task.objects.get(renews=last)
    Place.objects.create(project=project, task=again, number=1, rank=1)
    a_submission(worker=worker, project=project, answer={"label": "cat"})
    second = done(project, requester)
    assert [(row["key"], row["majority"]) for row in table(second, requester) if row["answers"]] == [
        ("t11", "cat")
    ]
    # together each row stands once, and a worker who answered it twice counts by the later answer
    both = done(project, requester, revision=ALL_REVISIONS)
    assert sorted(row["key"] for row in table(both, requester)) == ["t1", "t10", "t11", "t2"]
    assert both.figures["answers"] == 8
    assert next(row["majority"] for row in table(both, requester) if row["key"] == "t11") == "cat"


# --- Real people ----------------------------------------------------------------------------------


@pytest.fixture
def research() -> Callable[[str], list[dict[str, str]]]:
    root = Path(__file__).parents[2]
    folder = Path(os.environ.get("CANUT_SHARED_DATA") or root.parent / "shared" / "data")

    def read_file(name: str) -> list[dict[str, str]]:
        path = folder / name
        if not path.exists():
            pytest.skip(f"no research data: {path} is absent (CANUT_SHARED_DATA names another folder)")
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read_file


@pytest.mark.data
def test_weather_is_as_right_as_it_is_published(requester, research):
    gold = {row["task"]: row["label"] for row in research("weather/gold.csv")}
    answers = [
        (row["worker"], row["task"], {"class": row["label"]}, int(row["seconds"]))
        for row in research("weather/answers.csv")
    ]
    project = a_worked_project(
        owner=requester,
        design=WEATHER_DESIGN,
        rows=[{"task": task, "gold": label} for task, label in gold.items()],
        key="task",
        answers=answers,
    )
    smoothed = done(project, requester, gold="gold").figures
    plain = done(project, requester, gold="gold", smoothing=0).figures
    assert smoothed["answers"] == Assignment.objects.filter(project=project).count() == 6025
    right = {of["method"]: of["right"] for of in smoothed["accuracy"]}
    assert right == {"majority": 254, "dawid_skene": 258}
    assert plain["accuracy"][1]["right"] != 258
    assert smoothed["untimed"] == 0
    assert smoothed["agreement"]["tasks"] == 300
