"""Several windows, programs and job runners at once: rows become tasks once, money is set aside once."""

import pytest
from django.core.files.base import ContentFile
from tests.builders import NOON, a_requester, as_if_tried
from tests.work.files import a_new_project, an_upload, jsonl, pairs, with_rows
from tests.work.test_crowding import at_once

from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, verify
from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.work.access import latest_revision
from canut.work.models import Place, Project, Task, Upload
from canut.work.queries.pricing import places_wanted, quote_for
from canut.work.states import UploadState
from canut.work.usecases import add_rows as adding
from canut.work.usecases.add_rows import add_all_rows, add_rows
from canut.work.usecases.add_tasks import add_tasks
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.receive_upload import receive_upload
from canut.work.usecases.remove_upload import remove_upload

pytestmark = pytest.mark.usefixtures("committed", "uploads")


@pytest.fixture
def by_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave every file's rows to a job, in small batches."""
    monkeypatch.setattr(adding, "ADD_AT_ONCE_ROWS", 0)
    monkeypatch.setattr(adding, "BATCH_ROWS", 3)


def positions(project: Project) -> list[int]:
    return list(Task.objects.filter(project=project).order_by("position").values_list("position", flat=True))


@pytest.mark.usefixtures("by_jobs")
def test_runners_that_add_the_same_file_at_once_make_each_row_one_task() -> None:
    requester = a_requester()
    project = a_new_project(requester)
    upload = an_upload(requester, project, jsonl(pairs(50)))
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    made = at_once([lambda: add_all_rows(upload_id=upload.pk, at=NOON)] * 4)
    assert sum(made) == 50
    assert positions(project) == list(range(1, 51))
    assert Task.objects.filter(project=project).values("key").distinct().count() == 50
    assert Upload.objects.get().state == UploadState.ADDED


@pytest.mark.usefixtures("by_jobs")
def test_a_file_removed_while_runners_add_it_leaves_nothing_but_the_blank_task() -> None:
    requester = a_requester()
    project = a_new_project(requester)
    upload = an_upload(requester, project, jsonl(pairs(60)))
    add_rows(upload_id=upload.pk, by=requester, skip_bad=False, at=NOON)
    at_once(
        [
            lambda: add_all_rows(upload_id=upload.pk, at=NOON),
            lambda: add_all_rows(upload_id=upload.pk, at=NOON),
            lambda: remove_upload(upload_id=upload.pk, by=requester, at=NOON),
        ]
    )
    assert Task.objects.get(project=project).row == {}


@pytest.mark.usefixtures("by_jobs")
def test_publishing_while_rows_are_added_takes_all_of_them_or_waits() -> None:
    requester = a_requester()
    project = a_new_project(requester, reward_minor=60)
    with_rows_of = an_upload(requester, project, jsonl(pairs(30)))
    add_rows(upload_id=with_rows_of.pk, by=requester, skip_bad=False, at=NOON)
    got = at_once(
        [lambda: add_all_rows(upload_id=with_rows_of.pk, at=NOON)]
        + [lambda: publish_project(project_id=project.pk, by=requester, at=NOON)] * 5
    )
    places = Place.objects.filter(project=project).count()
    assert places == (30 if any(isinstance(one, Project) for one in got[1:]) else 0)
    assert set(got[1:]) <= {"rows_under_way", project}
    assert verify() == []


def test_of_two_files_at_once_one_waits_for_the_other() -> None:
    requester = a_requester()
    project = a_new_project(requester)

    def send() -> Upload:
        file = ContentFile(jsonl(pairs(2)))
        return receive_upload(project_id=project.pk, by=requester, file=file, filename="rows.jsonl", at=NOON)

    got = at_once([send] * 4)
    assert got.count("upload_waiting") == 3
    assert Upload.objects.count() == 1


def test_of_two_windows_that_save_at_once_one_is_refused() -> None:
    requester = a_requester()
    project = a_new_project(requester)
    saves = [
        lambda title=title: (
            change_draft(
                project_id=project.pk, by=requester, title=title, based_on=project.changed_at, at=NOON
            ).title
        )
        for title in ("One", "Two", "Three")
    ]
    got = at_once(saves)
    assert got.count("draft_changed_meanwhile") == 2
    assert Project.objects.get().title in got


def test_clicking_twice_adds_and_charges_once() -> None:
    requester = a_requester()
    project = a_new_project(requester, reward_minor=60)
    with_rows(requester, project, 2)
    publish_project(project_id=project.pk, by=requester, at=NOON)
    with_rows(requester, project, 3)
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    got = at_once([lambda: add_tasks(project_id=project.pk, by=requester, at=NOON)] * 4)
    assert got.count("nothing_to_add") == 3
    (quote,) = [one for one in got if one != "nothing_to_add"]
    assert before - party_total_minor(requester.pk, Kind.BALANCE, "EUR") == quote.total_minor
    assert Place.objects.filter(project=project).count() == 5
    assert verify() == []


def test_with_money_for_one_of_two_enlargements_one_is_refused_whole() -> None:
    requester = a_requester(money_minor=0)
    projects = [a_new_project(requester, kind="volunteer") for _ in range(2)]
    for project in projects:
        with_rows(requester, project, 10)
    paid = [a_new_project(requester, reward_minor=60, title=f"Paid {n}") for n in range(2)]
    for project in paid:
        with_rows(requester, project, 10)
    for project in projects + paid:
        as_if_tried(project)
    each = quote_for(
        paid[0], latest_revision(paid[0]), places=places_wanted(latest_revision(paid[0])), at=NOON
    )
    deposit_play_money(by=requester, amount_minor=each.total_minor + 100, currency="EUR", key="one", at=NOON)
    got = at_once(
        [lambda p=p: publish_project(project_id=p.pk, by=requester, at=NOON) for p in projects + paid]
    )
    assert got.count("insufficient_funds") == 1
    assert sum(isinstance(one, Project) for one in got) == 3
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == 100
    (refused,) = Project.objects.filter(state="draft")
    assert (latest_revision(refused).paid_upto, Place.objects.filter(project=refused).count()) == (0, 0)
    assert verify() == []
