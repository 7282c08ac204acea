"""Exports equal the database, whatever happened to the work, and have the same columns before it begins."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import polars
import pytest
from django.core.files.storage import default_storage
from tests.builders import NOON, a_draft, a_project, a_submission, a_worker, taken
from tests.justice.cases import heard
from tests.work.handed_in import PAIRS_DESIGN, a_worked_project
from tests.work.test_results import ANIMALS, animals, compared

from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.work.models import Assignment, Computation, Decision, Project, Revision, Submission, Task
from canut.work.queries import results as read
from canut.work.queries.exported import PIECE, assignment_rows, layout
from canut.work.queries.results_wanted import ALL_REVISIONS
from canut.work.refusals import ProjectNotFound
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.computations import begin, forget_old_computations
from canut.work.usecases.export_results import export_results, write_export
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]

FORMATS = ("csv", "jsonl", "parquet")


def exported(project: Project, by: Person, file_format: str = "jsonl", **wanted: Any) -> list[dict[str, Any]]:
    """Return the rows of an export as a reader of its format has them."""
    computation = export_results(project_id=project.pk, by=by, at=NOON, file_format=file_format, **wanted)
    write_export(computation_id=computation.pk, at=NOON)
    computation.refresh_from_db()
    assert computation.finished_at == NOON
    content = default_storage.open(computation.stored_as).read()
    if file_format == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    elif wanted.get("kind") == "label-studio":
        rows = json.loads(content)
    elif file_format == "jsonl":
        rows = [json.loads(line) for line in content.decode().splitlines()]
    else:
        rows = polars.read_parquet(io.BytesIO(content)).to_dicts()
    assert computation.result["rows"] == len(rows)
    return rows


def a_full_life(requester: Person) -> Project:
    """One assignment of each fate: approved, reworked and overturned, returned, in hand, given back."""
    rows = [{"id": f"k{n}", "text": f"=SUM({n})", "nested": {"n": n}, "empty": None} for n in range(1, 4)]
    project = a_project(owner=requester, rows=rows, answers=5)
    approved = a_submission(worker=a_worker("ann"), project=project, at=NOON)
    later = NOON + timedelta(hours=1)
    approve_submission(submission_id=approved.pk, by=requester, at=later)

    bob = a_worker("bob")
    first = a_submission(worker=bob, project=project, at=NOON)
    return_submission(submission_id=first.pk, by=requester, reason="Look at the tail.", at=later)
    second = submit_answer(
        assignment_id=first.assignment_id, by=bob, answer={"label": "dog"}, active_seconds=None, at=later
    ).submission
    reject_submission(
        submission_id=second.pk,
        by=requester,
        ground="wrong_answer",
        evidence="It purrs.",
        reason="+still wrong",
        at=later,
    )
    case = appeal_rejection(assignment_id=first.assignment_id, by=bob, words="It barks.", at=later)
    heard(case, overturn=True, reason="It barks indeed.", at=later)

    returned = a_submission(worker=a_worker("cid"), project=project, at=NOON)
    return_submission(submission_id=returned.pk, by=requester, reason="Too short.", at=later)
    taken(worker=a_worker("dan"), project=project)
    eve = a_worker("eve")
    give_back_task(assignment_id=taken(worker=eve, project=project).pk, by=eve, at=later)
    return project


def from_the_tables(project: Project) -> list[dict[str, Any]]:
    """Return what the export must say, read the slow and plain way."""
    said = []
    for one in Assignment.objects.filter(project=project).order_by("pk"):
        of_it = Submission.objects.filter(assignment=one)
        latest = of_it.filter(attempt=one.attempt).first()
        decisions = Decision.objects.filter(submission__in=of_it)
        back = decisions.filter(outcome="returned").first()
        ruled = decisions.filter(submission=latest).exclude(outcome="overturned").first() if latest else None
        over = decisions.filter(outcome="overturned").first()
        said.append(
            {
                "revision": one.revision.number,
                "task_id": one.task_id,
                "key": one.task.key,
                "assignment_id": one.pk,
                "attempt": one.attempt,
                "state": one.state,
                "worker_id": one.worker_id,
                "worker": one.worker.party.screen_name,
                "simulated": False,
                "shown_first": "b" if one.seed % 2 else "a",
                "taken_at": one.taken_at,
                "first_submitted_at": (first := of_it.filter(attempt=1).first()) and first.submitted_at,
                "submitted_at": latest and latest.submitted_at,
                "active_seconds": latest and latest.active_seconds,
                "reward_minor": one.reward_minor,
                "rework_minor": back and back.rework_minor,
                "returned_at": back and back.decided_at,
                "return_reason": back and back.reason,
                "first_answer": first.answer if first and one.attempt == 2 else None,
                "decided_at": ruled and ruled.decided_at,
                "outcome": ruled and ruled.outcome,
                "automatic": ruled and ruled.automatic,
                "decided_by": "requester" if ruled else None,
                "ground": ruled and ruled.ground,
                "evidence": ruled and ruled.evidence,
                "reason": ruled and ruled.reason,
                "overturned_at": over and over.decided_at,
                "overturned_by": "peers" if over else None,
                "overturn_reason": over and over.reason,
                "answer.label": latest and latest.answer["label"],
                "row.id": one.task.row["id"],
                "row.text": one.task.row["text"],
                "row.nested": one.task.row["nested"],
                "row.empty": None,
            }
        )
    return said


def moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def test_json_lines_equal_the_database(requester):
    project = a_full_life(requester)
    rows = exported(project, requester)
    expected = from_the_tables(project)
    assert [row["state"] for row in expected] == ["approved", "approved", "returned", "held", "given_back"]
    for row, known in zip(rows, expected, strict=True):
        for name, value in known.items():
            found = moment(row[name]) if name.endswith("_at") else row[name]
            assert found == value, (name, row["assignment_id"])
        assert row["project_id"] == project.pk
        assert row["project"] == project.title
        assert row["currency"] == "EUR"
        assert len(row["design_sha256"]) == 64


def test_parquet_equals_the_database(requester):
    project = a_full_life(requester)
    for row, known in zip(exported(project, requester, "parquet"), from_the_tables(project), strict=True):
        for name, value in known.items():
            as_stored = (
                json.dumps(value, separators=(",", ":")) if name == "first_answer" and value else value
            )
            if name == "row.nested":
                as_stored = json.dumps(value)
            assert row[name] == as_stored, name


def test_csv_equals_the_database_and_holds_no_formula(requester):
    project = a_full_life(requester)
    for row, known in zip(exported(project, requester, "csv"), from_the_tables(project), strict=True):
        for name, value in known.items():
            match value:
                case None:
                    assert row[name] == ""
                case bool():
                    assert row[name] == str(value).lower()
                case datetime():
                    assert moment(row[name]) == value
                case dict():
                    assert json.loads(row[name]) == value
                case str() if value.startswith(("=", "+")):
                    assert row[name] == f"'{value}"
                case _:
                    assert row[name] == str(value), name


def test_silence_is_the_software_s_decision(requester):
    from canut.work.usecases.sweep_deadlines import approve_what_nobody_decided

    project = a_project(owner=requester)
    a_submission(worker=a_worker("ann"), project=project)
    approve_what_nobody_decided(at=NOON + timedelta(days=60))
    (row,) = exported(project, requester)
    assert (row["outcome"], row["automatic"], row["decided_by"]) == ("approved", True, "software")


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("kind", ["assignments", "aggregated"])
def test_a_project_without_work_has_the_same_columns(requester, file_format, kind):
    project = a_draft(owner=requester, rows=[{"id": "1", "text": "x"}])
    assert exported(project, requester, file_format, kind=kind) == []
    computation = Computation.objects.get()
    content = default_storage.open(computation.stored_as).read()
    if file_format == "csv":
        names = content.decode().strip().split(",")
    elif file_format == "parquet":
        names = polars.read_parquet(io.BytesIO(content)).columns
    else:
        return
    wanted = {"assignments": ["answer.label", "row.id", "row.text"], "aggregated": ["median_seconds", "gold"]}
    assert names[-len(wanted[kind]) :] == wanted[kind]
    assert names[:4] == ["project_id", "project", "revision", "design_sha256"]


def test_columns_do_not_depend_on_what_was_answered(requester):
    rows = [{"id": f"k{n}", "text": "x", "nested": {}, "empty": None} for n in range(1, 4)]
    before = set(exported(a_full_life(requester), requester)[0])
    other = a_project(owner=requester, rows=rows)
    a_submission(worker=a_worker("fay"), project=other)
    assert set(exported(other, requester)[0]) == before


def test_all_revisions_are_in_it_with_their_own_questions(requester):
    project = animals(requester)
    old = Revision.objects.get(project=project)
    design = {**ANIMALS, "items": [{"type": "short_text", "name": "count", "label": "How many?"}]}
    new = Revision.objects.create(
        project=project, number=2, design=design, expected_seconds=60, lease_seconds=600, created_at=NOON
    )
    laid_out = layout([old, new], ["gold"], file_format="parquet")
    assert [column.name for column in laid_out.columns][-4:] == [
        "answer.label",
        "answer.count",
        "answer.colours",
        "row.gold",
    ]
    row = next(iter(assignment_rows(project, laid_out)))
    assert row["answer.count"] == "2"  # as text, since the second revision asks for text
    assert row["answer.colours"] == ["black", "white"]


def test_a_file_holds_one_revision_if_one_is_named(requester):
    project = animals(requester)
    old = Revision.objects.get(project=project)
    Revision.objects.create(
        project=project, number=2, design=old.design, expected_seconds=60, lease_seconds=600, created_at=NOON
    )
    assert len(exported(project, requester)) == 7
    assert len(exported(project, requester, revision=1)) == 7
    assert exported(project, requester, revision=2) == []
    assert {row["revision"] for row in exported(project, requester, revision=1)} == {1}


def test_a_row_of_mixed_revisions_names_none(requester):
    project = animals(requester)
    old = Revision.objects.get(project=project)
    Revision.objects.create(
        project=project, number=2, design=old.design, expected_seconds=60, lease_seconds=600, created_at=NOON
    )
    Revision.objects.filter(project=project).update(published_at=NOON)
    mixed = exported(project, requester, kind="aggregated", revision=ALL_REVISIONS)
    assert {row["revision"] for row in mixed} == {None}
    assert exported(project, requester, kind="aggregated", revision=1)[0]["revision"] == 1


def test_the_order_in_which_sides_were_shown_is_told(requester):
    rows = exported(compared(requester), requester)
    assert {row["shown_first"] for row in rows} == {"a", "b"}
    for row in rows:
        seed = Assignment.objects.get(pk=row["assignment_id"]).seed
        assert row["shown_first"] == ("b" if seed % 2 else "a")
    assert rows[0]["answer.better"] == "a"  # in the columns' terms, whichever side it stood on
    assert PAIRS_DESIGN["items"][0]["a"] == "{{left_output}}"


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_aggregated_file_has_a_row_for_each_task_and_question(requester, file_format):
    rows = exported(animals(requester), requester, file_format, kind="aggregated", gold="gold")
    assert len(rows) == 12
    first = rows[0]
    assert (first["key"], first["question"], first["majority"]) == ("t1", "label", "cat")
    assert (int(first["answers"]), int(first["majority_votes"])) == (3, 2)
    assert float(first["majority_share"]) == pytest.approx(2 / 3)
    assert str(first["majority_tied"]).lower() == "false"
    assert first["gold"] == "cat"
    assert first["dawid_skene"] in ("cat", "dog")
    assert 0.5 <= float(first["dawid_skene_posterior"]) <= 1
    assert int(first["dawid_skene_smoothing"]) == 1
    tied, unanswered = rows[2], rows[3]
    assert str(tied["majority_tied"]).lower() == "true"
    assert not unanswered["majority"]
    assert int(unanswered["answers"]) == 0
    assert float(rows[4]["median"]) == 2
    lists = rows[8]["majority"]
    assert (lists if file_format == "jsonl" else json.loads(lists)) == ["black", "white"]


def test_gold_stands_beside_the_question_that_it_is_about(requester):
    choice = ANIMALS["items"][0]
    design = {**ANIMALS, "items": [choice, {**choice, "name": "second"}]}
    given = [("ann", "t", {"label": "cat", "second": "cat"}, 1)]
    project = a_worked_project(
        owner=requester, design=design, rows=[{"id": "t", "gold": "cat"}], key="id", answers=given
    )
    wanted = {"kind": "aggregated", "gold": "gold"}
    assert [row["gold"] for row in exported(project, requester, **wanted)] == ["cat", None]
    second = exported(project, requester, gold_question="second", **wanted)
    assert [row["gold"] for row in second] == [None, "cat"]


def test_files_longer_than_a_piece_hold_every_assignment_once(requester, django_assert_max_num_queries):
    tasks = [{"id": str(n)} for n in range(PIECE // 2 + 7)]
    given = [(who, row["id"], {"label": "cat"}, 1) for row in tasks for who in ("ann", "bob")]
    project = a_worked_project(owner=requester, design=ANIMALS, rows=tasks, key="id", answers=given)
    laid_out = layout([Revision.objects.get(project=project)], ["id"], file_format="csv")
    with django_assert_max_num_queries(6):
        ids = [row["assignment_id"] for row in assignment_rows(project, laid_out)]
    assert ids == list(Assignment.objects.order_by("pk").values_list("pk", flat=True))
    assert len(ids) == PIECE + 14


def test_another_project_s_work_is_never_in_it(requester):
    animals(requester)
    project = a_project(owner=requester)
    a_submission(worker=a_worker("zoe"), project=project)
    (row,) = exported(project, requester)
    assert row["worker"] == "Zoe"


def test_a_file_for_label_studio_holds_each_answer_that_counts_once(requester):
    project = a_full_life(requester)
    tasks = exported(project, requester, kind="label-studio")
    given = {annotation["id"]: annotation for task in tasks for annotation in task["annotations"]}
    counted = Assignment.objects.filter(project=project, state__in=("approved", "submitted"))
    assert set(given) == set(counted.values_list("pk", flat=True))
    for assignment in counted:
        answer = Submission.objects.get(assignment=assignment, attempt=assignment.attempt).answer
        assert {result["from_name"] for result in given[assignment.pk]["result"]} == set(answer)
        assert given[assignment.pk]["completed_by"] == assignment.worker_id
    for task in tasks:
        assert task["data"] == Task.objects.get(pk=task["id"]).row
    assert exported(project, requester, kind="label-studio", revision=1) == tasks


@pytest.mark.parametrize(
    ("wanted", "wrong"),
    [
        ({"kind": "everything"}, "kind"),
        ({"file_format": "xls"}, "file_format"),
        ({"kind": "aggregated", "gold": "nowhere"}, "gold"),
        ({"kind": "aggregated", "gold_question": "nowhere"}, "question"),
        ({"kind": "aggregated", "revision": 9}, "revision"),
        ({"kind": "label-studio", "revision": 9}, "revision"),
    ],
)
def test_what_cannot_be_exported_is_refused(requester, wanted, wrong):
    with pytest.raises(BadInput) as refused:
        export_results(project_id=animals(requester).pk, by=requester, at=NOON, **wanted)
    assert list(refused.value.facts["errors"]) == [wrong]


def test_files_are_their_owner_s_alone(requester, stranger, worker, operator):
    project = animals(requester)
    computation = export_results(project_id=project.pk, by=requester, at=NOON)
    write_export(computation_id=computation.pk, at=NOON)
    assert read.exported_file(computation.pk, by=requester)[2] == "csv"
    for other in (stranger, worker, operator):
        for attempt in (
            lambda other=other: export_results(project_id=project.pk, by=other, at=NOON),
            lambda other=other: read.exported_file(computation.pk, by=other),
            lambda other=other: read.export(computation.pk, by=other),
        ):
            with pytest.raises(ProjectNotFound):
                attempt()


def test_asking_again_gives_the_same_file_until_work_comes_in(requester):
    project = a_project(owner=requester, rows=2, answers=2)
    first = export_results(project_id=project.pk, by=requester, at=NOON)
    write_export(computation_id=first.pk, at=NOON)
    assert export_results(project_id=project.pk, by=requester, at=NOON) == first
    assert export_results(project_id=project.pk, by=requester, at=NOON, file_format="jsonl") != first
    a_submission(worker=a_worker("ann"), project=project)
    assert export_results(project_id=project.pk, by=requester, at=NOON) != first


def test_a_job_cut_off_in_the_middle_leaves_one_file_when_it_runs_again(requester, uploads):
    project = animals(requester)
    computation = export_results(project_id=project.pk, by=requester, at=NOON)
    # Given a first run that had stored its file and died before its note
    begin(computation.pk)
    uploads.joinpath(computation.stored_as).parent.mkdir(parents=True)
    uploads.joinpath(computation.stored_as).write_bytes(b"half")
    write_export(computation_id=computation.pk, at=NOON)
    computation.refresh_from_db()
    assert [path.name for path in uploads.rglob("*.csv")] == [computation.stored_as.rpartition("/")[2]]
    assert default_storage.open(computation.stored_as).read().count(b"\r\n") == 8


def test_a_week_later_the_file_is_forgotten_with_its_row(requester, uploads):
    from canut.jobs.tasks import _forget_file

    computation = export_results(project_id=animals(requester).pk, by=requester, at=NOON)
    write_export(computation_id=computation.pk, at=NOON)
    computation.refresh_from_db()
    assert forget_old_computations(at=NOON + timedelta(days=8)) == 1
    with pytest.raises(ProjectNotFound):
        read.exported_file(computation.pk, by=requester)
    _forget_file(stored_as=computation.stored_as)
    assert not [path for path in uploads.rglob("*") if path.is_file()]


def test_moments_are_in_utc_whatever_the_site_s_zone(requester):
    project = a_project(owner=requester)
    a_submission(worker=a_worker("ann"), project=project, at=datetime(2026, 7, 1, 10, 0, tzinfo=UTC))
    (row,) = exported(project, requester)
    assert row["taken_at"] == "2026-07-01T10:00:00.000000Z"
    assert Task.objects.filter(project=project).exists()
