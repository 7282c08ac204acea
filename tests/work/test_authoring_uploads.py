"""Files of rows: received, looked through, turned into tasks, taken away again, copied."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings
from tests.builders import NOON, as_if_tried
from tests.work.files import a_new_project, an_upload, jsonl, pairs, with_rows

from canut.kernel.refusals import BadInput
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, verify
from canut.people.models import Person
from canut.work.access import latest_revision
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.models import Place, Task, Upload
from canut.work.queries.pricing import places_unpaid, places_wanted
from canut.work.refusals import ProjectClosed, ProjectNotFound
from canut.work.states import UploadState
from canut.work.usecases import add_rows as adding
from canut.work.usecases import duplicate_project as duplicating
from canut.work.usecases import fit_rows as fitting
from canut.work.usecases import read_upload as reading
from canut.work.usecases import remove_upload as removing
from canut.work.usecases.add_rows import RowsAreBad, add_all_rows, add_rows
from canut.work.usecases.add_tasks import NothingToAdd, NotPublishedYet, add_tasks
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.close_project import close_project
from canut.work.usecases.duplicate_project import copy_upload, duplicate_project
from canut.work.usecases.fit_rows import RowsUnderWay, fit_all_rows
from canut.work.usecases.publish_project import RewardUnderFloor, publish_project
from canut.work.usecases.read_upload import UploadNotRead, choose_columns, read_upload
from canut.work.usecases.receive_upload import FileTooLarge, FormatUnknown, UploadWaiting, receive_upload
from canut.work.usecases.remove_upload import (
    UploadPublished,
    forget_file,
    remove_all_rows,
    remove_upload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]


@pytest.fixture
def by_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file count as large, in small batches."""
    monkeypatch.setattr("canut.work.usecases.receive_upload.READ_AT_ONCE_BYTES", 0)
    for module in (reading, adding, duplicating):
        monkeypatch.setattr(module, "READ_AT_ONCE_BYTES", 0)
    monkeypatch.setattr(adding, "ADD_AT_ONCE_ROWS", 0)
    monkeypatch.setattr(duplicating, "ADD_AT_ONCE_ROWS", 0)
    monkeypatch.setattr(adding, "BATCH_ROWS", 2)
    monkeypatch.setattr(duplicating, "BATCH_ROWS", 2)
    monkeypatch.setattr(fitting, "AT_ONCE", 2)
    monkeypatch.setattr(removing, "REMOVE_AT_ONCE_ROWS", 2)


CSV = b"id,prompt,a,b\n1,P,A,B\n2,P,A,\n"
TSV = CSV.replace(b",", b"\t")


@pytest.mark.parametrize(("content", "filename"), [(CSV, "rows.csv"), (TSV, "rows.tsv"), (TSV, "ROWS.TSV")])
def test_a_table_of_n_rows_makes_n_tasks(requester: Person, content: bytes, filename: str) -> None:
    project = a_new_project(requester)
    upload = an_upload(requester, project, content, filename=filename)
    assert (upload.state, upload.row_count, upload.columns) == (
        UploadState.READ,
        2,
        ["id", "prompt", "a", "b"],
    )
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    rows = list(
        Task.objects.filter(project=project).order_by("position").values_list("row", "position", "key")
    )
    assert rows == [
        ({"id": "1", "prompt": "P", "a": "A", "b": "B"}, 1, "1"),
        ({"id": "2", "prompt": "P", "a": "A", "b": ""}, 2, "2"),
    ]


def test_nulls_and_exact_numbers_are_kept_and_equal_rows_are_two_tasks(requester: Person) -> None:
    project = a_new_project(requester)
    line = b'{"prompt": null, "a": 0.10000000000000000001, "b": [1, "x"]}\n'
    upload = an_upload(requester, project, line * 2)
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    assert Task.objects.filter(project=project, row__prompt=None).count() == 2
    assert Task.objects.extra(where=["row->>'a' = '0.10000000000000000001'"]).count() == 2


def test_markup_and_formulas_come_through_as_they_are(requester: Person) -> None:
    project = a_new_project(requester)
    nasty = {"prompt": "<script>alert(1)</script>", "a": "=cmd|' /C calc'!A0", "b": "{{prompt}}"}
    upload = an_upload(requester, project, jsonl([nasty]))
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    assert Task.objects.get(project=project).row == nasty


def test_bad_rows_are_named_and_nothing_is_added_unless_asked(requester: Person) -> None:
    project = a_new_project(requester)
    lines = jsonl(pairs(4)).splitlines(keepends=True)
    upload = an_upload(requester, project, lines[0] + b"{oops\n" + lines[1] + b"[1]\n" + lines[2])
    assert (upload.row_count, upload.error_count) == (3, 2)
    assert [(line, code) for line, code, _sentence in upload.errors] == [
        (2, "not_json"),
        (4, "not_an_object"),
    ]
    with pytest.raises(RowsAreBad) as refused:
        add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    assert refused.value.facts["bad_rows"] == 2
    assert Task.objects.get(project=project).row == {}
    add_rows(upload_id=upload.pk, by=requester, skip_bad=True, at=NOON)
    assert Task.objects.filter(project=project).count() == 3


@pytest.mark.parametrize(
    ("content", "filename", "says"),
    [
        (b"", "rows.csv", "empty"),
        ("naïve\n".encode("latin-1") * 2, "rows.csv", "UTF-8"),
        (b"PK\x03\x04....", "rows.csv", "spreadsheet"),
        (b'[{"a": 1}]', "rows.jsonl", "one JSON list"),
        (b"a,a\n1,2\n", "rows.csv", "Two columns"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    requester: Person, content: bytes, filename: str, says: str
) -> None:
    project = a_new_project(requester)
    upload = an_upload(requester, project, content, filename=filename)
    assert upload.state == UploadState.REFUSED
    assert says in upload.problem
    with pytest.raises(UploadNotRead):
        add_rows(upload_id=upload.pk, by=requester, skip_bad=True, at=NOON)
    # The next file takes its place
    an_upload(requester, project, CSV, filename="rows.csv")
    assert not Upload.objects.filter(pk=upload.pk).exists()


def test_other_kinds_of_files_and_larger_ones_are_refused(requester: Person, settings: Settings) -> None:
    project = a_new_project(requester)
    with pytest.raises(FormatUnknown):
        an_upload(requester, project, b"x", filename="rows.xlsx")
    settings.UPLOAD_LIMIT_BYTES = 1_000_000
    with pytest.raises(FileTooLarge) as refused:
        an_upload(requester, project, b"x" * 1_000_001, filename="rows.csv")
    assert "1 MB" in str(refused.value)
    assert not Upload.objects.exists()


def test_one_file_at_a_time_is_looked_at(requester: Person, uploads: Path) -> None:
    project = a_new_project(requester)
    first = an_upload(requester, project, CSV, filename="rows.csv")
    with pytest.raises(UploadWaiting):
        an_upload(requester, project, CSV, filename="more.csv")
    add_rows(upload_id=first.pk, by=requester, skip_bad=False, at=NOON)
    an_upload(requester, project, CSV, filename="more.csv")
    assert len(list(uploads.rglob("*.csv"))) == 2  # nothing of the refused one is left


def test_a_name_from_afar_is_tamed(requester: Person) -> None:
    upload = an_upload(
        requester, a_new_project(requester), CSV, filename="..\\x/../evil\r\nname" + "y" * 300 + ".csv"
    )
    assert upload.filename.startswith("evilname")
    assert upload.filename.endswith("y.csv")
    assert len(upload.filename) == 200
    assert "evil" not in upload.stored_as


# --- Columns --------------------------------------------------------------------------------------


def test_a_column_names_the_rows_and_another_says_how_many_answers_each_needs(requester: Person) -> None:
    project = a_new_project(requester)
    rows = [{**row, "answers": wanted} for row, wanted in zip(pairs(3), (1, "5", 2.0), strict=True)]
    upload = an_upload(requester, project, jsonl(rows))
    choose_columns(upload_id=upload.pk, by=requester, key="id", answers="answers", at=NOON)
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    tasks = Task.objects.filter(project=project).order_by("position")
    assert list(tasks.values_list("key", "answers_wanted")) == [("row-1", 1), ("row-2", 5), ("row-3", 2)]
    # What the rows say stands, whatever the project asks for elsewhere
    change_draft(project_id=project.pk, by=requester, answers_per_task=9, at=NOON)
    assert places_wanted(latest_revision(project)) == 8


def test_by_the_chosen_columns_repeated_ids_and_bad_numbers_are_bad_rows(requester: Person) -> None:
    project = a_new_project(requester)
    rows = [{**row, "id": name, "n": n} for row, name, n in zip(pairs(4), "aabc", (1, 1, 0, 2), strict=True)]
    upload = an_upload(requester, project, jsonl(rows))
    assert upload.error_count == 0
    upload = choose_columns(upload_id=upload.pk, by=requester, key="id", answers="n", at=NOON)
    assert [(line, code) for line, code, _ in upload.errors] == [(2, "id_repeated"), (3, "answers_unusable")]
    assert upload.row_count == 2
    assert choose_columns(upload_id=upload.pk, by=requester, at=NOON).error_count == 0


def test_a_column_that_is_not_there_is_refused(requester: Person) -> None:
    upload = an_upload(requester, a_new_project(requester), CSV, filename="rows.csv")
    with pytest.raises(BadInput):
        choose_columns(upload_id=upload.pk, by=requester, key="model", at=NOON)
    with pytest.raises(BadInput):
        choose_columns(upload_id=upload.pk, by=requester, key="id", answers="id", at=NOON)


# --- Jobs that are cut off ------------------------------------------------------------------------


@pytest.mark.usefixtures("by_jobs")
def test_a_large_file_is_read_by_a_job_and_reading_twice_is_the_same(requester: Person) -> None:
    upload = an_upload(requester, a_new_project(requester), CSV, filename="rows.csv")
    assert upload.state == UploadState.RECEIVED
    for _run in range(2):
        read_upload(upload_id=upload.pk)
        upload.refresh_from_db()
        assert (upload.state, upload.row_count, upload.bytes_read) == (UploadState.READ, 2, len(CSV))


@pytest.mark.usefixtures("by_jobs")
def test_rows_become_tasks_once_however_often_the_job_is_cut_off(
    requester: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = a_new_project(requester)
    upload = an_upload(requester, project, jsonl(pairs(7)))
    read_upload(upload_id=upload.pk)
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    copy = adding._copy
    done: list[int] = []

    def copy_and_die(*arguments: object) -> None:
        copy(*arguments)  # type: ignore[arg-type]
        done.append(1)
        if len(done) % 2 == 0:
            raise KeyboardInterrupt

    monkeypatch.setattr(adding, "_copy", copy_and_die)
    runs = 0
    while Upload.objects.get(pk=upload.pk).state == UploadState.ADDING:
        runs += 1
        try:
            add_all_rows(upload_id=upload.pk, at=NOON)
        except KeyboardInterrupt:
            continue
    assert runs > 2
    rows = list(Task.objects.filter(project=project).order_by("position").values_list("position", "row__id"))
    assert rows == [(n, f"row-{n}") for n in range(1, 8)]


@pytest.mark.usefixtures("by_jobs")
def test_nothing_is_published_copied_or_redesigned_while_rows_are_under_way(requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    upload = an_upload(requester, project, CSV, filename="rows.csv")
    read_upload(upload_id=upload.pk)
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    for verb in (
        lambda: publish_project(project_id=project.pk, by=requester, at=NOON),
        lambda: duplicate_project(project_id=project.pk, by=requester, at=NOON),
        lambda: change_draft(
            project_id=project.pk,
            by=requester,
            design=STARTING_DESIGNS["classification"].build(),
            at=NOON,
        ),
    ):
        with pytest.raises(RowsUnderWay):
            verb()
    add_all_rows(upload_id=upload.pk, at=NOON)
    publish_project(project_id=project.pk, by=requester, at=NOON)


@pytest.mark.usefixtures("by_jobs")
def test_a_file_removed_while_its_rows_are_added_leaves_a_blank_task(requester: Person) -> None:
    project = a_new_project(requester)
    upload = an_upload(requester, project, CSV, filename="rows.csv")
    read_upload(upload_id=upload.pk)
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    remove_upload(upload_id=upload.pk, by=requester, at=NOON)
    assert add_all_rows(upload_id=upload.pk, at=NOON) == 0
    assert Task.objects.get(project=project).row == {}


@pytest.mark.usefixtures("by_jobs")
def test_many_rows_are_shown_by_the_new_design_before_the_draft_can_be_published(requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    upload = an_upload(requester, project, jsonl(pairs(5)))
    read_upload(upload_id=upload.pk)
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    add_all_rows(upload_id=upload.pk, at=NOON)
    change_draft(
        project_id=project.pk,
        by=requester,
        design=STARTING_DESIGNS["classification"].build({"text": "b"}),
        at=NOON,
    )
    with pytest.raises(RowsUnderWay):
        publish_project(project_id=project.pk, by=requester, at=NOON)
    for _run in range(2):
        fit_all_rows(revision_id=latest_revision(project).pk)
    publish_project(project_id=project.pk, by=requester, at=NOON)
    shown = Task.objects.filter(project=project).order_by("position").values_list("shown", flat=True)
    assert list(shown) == [{"b": f"Second {n}"} for n in range(1, 6)]


@pytest.mark.usefixtures("by_jobs")
def test_the_number_of_answers_reaches_many_tasks_by_the_same_job(requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    upload = an_upload(requester, project, jsonl(pairs(5)))
    read_upload(upload_id=upload.pk)
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    add_all_rows(upload_id=upload.pk, at=NOON)
    change_draft(project_id=project.pk, by=requester, answers_per_task=3, at=NOON)
    # A job that added the rows and was cut off before its note of it does not end the waiting
    assert add_all_rows(upload_id=upload.pk, at=NOON) == 0
    with pytest.raises(RowsUnderWay):
        publish_project(project_id=project.pk, by=requester, at=NOON)
    fit_all_rows(revision_id=latest_revision(project).pk)
    assert places_wanted(latest_revision(project)) == 15


@pytest.mark.usefixtures("by_jobs")
def test_rows_of_a_project_that_is_closed_meanwhile_are_taken_back(requester: Person) -> None:
    project = a_new_project(requester)
    upload = an_upload(requester, project, CSV, filename="rows.csv")
    read_upload(upload_id=upload.pk)
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    close_project(project_id=project.pk, by=requester, at=NOON)
    add_all_rows(upload_id=upload.pk, at=NOON)
    upload.refresh_from_db()
    assert (upload.state, Task.objects.filter(upload=upload).count()) == (UploadState.REFUSED, 0)


# --- Removing, downloading, copying ---------------------------------------------------------------


def test_removing_the_file_leaves_one_blank_task_and_no_stored_file(requester: Person) -> None:
    project = a_new_project(requester)
    upload = with_rows(requester, project)
    remove_upload(upload_id=upload.pk, by=requester, at=NOON)
    (task,) = Task.objects.filter(project=project)
    assert (task.row, task.shown, task.upload_id) == ({}, {}, None)
    for _run in range(2):
        forget_file(stored_as=upload.stored_as)
    assert not default_storage.exists(upload.stored_as)


@pytest.mark.usefixtures("by_jobs")
def test_many_rows_are_removed_by_a_job_that_may_be_cut_off(
    requester: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = a_new_project(requester, reward_minor=60)
    upload = an_upload(requester, project, jsonl(pairs(7)))
    read_upload(upload_id=upload.pk)
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    add_all_rows(upload_id=upload.pk, at=NOON)
    for _click in range(2):
        remove_upload(upload_id=upload.pk, by=requester, at=NOON)
    with pytest.raises(RowsUnderWay):
        publish_project(project_id=project.pk, by=requester, at=NOON)
    delete, done = removing.delete_tasks_of, []

    def delete_and_die(*arguments: Any, **named: Any) -> int:
        done.append(1)
        if len(done) == 3:
            raise KeyboardInterrupt
        return delete(*arguments, **named)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(removing, "delete_tasks_of", delete_and_die)
        remove_all_rows(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (Task.objects.filter(upload=upload).count(), upload.rows_added) == (3, 3)
    assert remove_all_rows(upload_id=upload.pk) == 3
    assert remove_all_rows(upload_id=upload.pk) == 0
    assert not Upload.objects.filter(pk=upload.pk).exists()
    assert Task.objects.get(project=project).row == {}


def test_what_was_published_cannot_be_removed_and_its_file_stays(requester: Person, stranger: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    upload = with_rows(requester, project)
    publish_project(project_id=project.pk, by=requester, at=NOON)
    with pytest.raises(UploadPublished):
        remove_upload(upload_id=upload.pk, by=requester, at=NOON)
    with pytest.raises(ProjectNotFound):
        remove_upload(upload_id=upload.pk, by=stranger, at=NOON)
    with default_storage.open(upload.stored_as) as file:
        assert file.read() == jsonl(pairs(3))


def test_a_duplicate_has_the_rows_and_the_design_and_a_life_of_its_own(requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60, answers_per_task=2, description="Two texts.")
    upload = with_rows(requester, project)
    publish_project(project_id=project.pk, by=requester, at=NOON)
    copy = duplicate_project(project_id=project.pk, by=requester, at=NOON)
    assert (copy.state, copy.title, copy.description) == ("draft", "Compare (copy)", "Two texts.")
    assert copy.group_id == project.group_id
    old, new = latest_revision(project), latest_revision(copy)
    assert (new.design, new.reward_minor, new.published_at) == (old.design, 60, None)
    fields = ("position", "key", "row", "shown", "answers_wanted")
    of_old = Task.objects.filter(project=project).order_by("position").values_list(*fields)
    of_new = Task.objects.filter(project=copy).order_by("position").values_list(*fields)
    assert list(of_new) == list(of_old)
    assert new.paid_upto == 0
    # The copy's file is its own
    copied = Upload.objects.get(project=copy)
    remove_upload(upload_id=copied.pk, by=requester, at=NOON)
    forget_file(stored_as=copied.stored_as)
    assert default_storage.exists(upload.stored_as)
    assert Task.objects.filter(project=project).count() == 3


@pytest.mark.usefixtures("by_jobs")
def test_a_large_duplicate_is_copied_by_a_job_once(requester: Person) -> None:
    project = a_new_project(requester)
    upload = an_upload(requester, project, jsonl(pairs(5)))
    read_upload(upload_id=upload.pk)
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    add_all_rows(upload_id=upload.pk, at=NOON)
    copy = duplicate_project(project_id=project.pk, by=requester, at=NOON)
    copied = Upload.objects.get(project=copy)
    assert copied.state == UploadState.ADDING
    duplicating._copy_file(upload, copied)
    duplicating._copy_batch(copied.pk, upload)  # and here the runner dies
    assert Task.objects.filter(upload=copied).count() == 2
    for _run in range(2):
        copy_upload(upload_id=copied.pk, source_id=upload.pk)
    copied.refresh_from_db()
    assert (copied.state, copied.rows_added) == (UploadState.ADDED, 5)
    assert list(Task.objects.filter(project=copy).order_by("position").values_list("row__id", flat=True)) == [
        f"row-{n}" for n in range(1, 6)
    ]


@pytest.mark.usefixtures("by_jobs")
def test_a_duplicate_whose_source_is_removed_meanwhile_is_left_blank(requester: Person) -> None:
    project = a_new_project(requester)
    upload = an_upload(requester, project, CSV, filename="rows.csv")
    read_upload(upload_id=upload.pk)
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    add_all_rows(upload_id=upload.pk, at=NOON)
    copy = duplicate_project(project_id=project.pk, by=requester, at=NOON)
    copied = Upload.objects.get(project=copy)
    source_id = upload.pk
    remove_upload(upload_id=source_id, by=requester, at=NOON)
    copy_upload(upload_id=copied.pk, source_id=source_id)
    assert not Upload.objects.filter(pk=copied.pk).exists()
    assert Task.objects.get(project=copy).row == {}


# --- Adding to a published project ----------------------------------------------------------------


def test_rows_added_to_a_live_project_wait_until_they_are_paid_for(requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60, answers_per_task=2)
    with_rows(requester, project, 3)
    with pytest.raises(NotPublishedYet):
        add_tasks(project_id=project.pk, by=requester, at=NOON)
    as_if_tried(project)
    publish_project(project_id=project.pk, by=requester, at=NOON)
    with pytest.raises(NothingToAdd):
        add_tasks(project_id=project.pk, by=requester, at=NOON)
    with_rows(requester, project, 4)
    revision = latest_revision(project)
    assert (Place.objects.filter(project=project).count(), places_unpaid(revision)) == (6, 8)
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    quote = add_tasks(project_id=project.pk, by=requester, at=NOON)
    assert quote.places == 8
    assert before - party_total_minor(requester.pk, Kind.BALANCE, "EUR") == quote.total_minor
    assert (Place.objects.filter(project=project).count(), places_unpaid(latest_revision(project))) == (14, 0)
    assert verify() == []


def test_unpaid_rows_of_a_live_project_can_be_removed_again(requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    with_rows(requester, project, 3)
    publish_project(project_id=project.pk, by=requester, at=NOON)
    staged = with_rows(requester, project, 4)
    remove_upload(upload_id=staged.pk, by=requester, at=NOON)
    assert Task.objects.filter(project=project).count() == 3
    with_rows(requester, project, 2)
    add_tasks(project_id=project.pk, by=requester, at=NOON)
    assert Place.objects.filter(project=project).count() == 5


def test_no_tasks_are_added_under_a_floor_that_has_risen_or_to_a_closed_project(
    requester: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = a_new_project(requester, reward_minor=25, expected_seconds=60)
    with_rows(requester, project, 3)
    publish_project(project_id=project.pk, by=requester, at=NOON)
    with_rows(requester, project, 3)
    with monkeypatch.context() as patched:
        patched.setattr("canut.work.queries.pricing.floor_highest", lambda *, at: 1600)
        with pytest.raises(RewardUnderFloor):
            add_tasks(project_id=project.pk, by=requester, at=NOON)
    close_project(project_id=project.pk, by=requester, at=NOON + timedelta(minutes=1))
    with pytest.raises(ProjectClosed):
        add_tasks(project_id=project.pk, by=requester, at=NOON)
    with pytest.raises(ProjectClosed):
        receive_upload(
            project_id=project.pk, by=requester, file=ContentFile(CSV), filename="rows.csv", at=NOON
        )
