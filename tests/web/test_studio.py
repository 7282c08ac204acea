"""The studio's pages: a project's whole way by forms alone, and what they refuse."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from tests.builders import a_project, a_requester, a_submission
from tests.charter.log_lines import decide
from tests.work.files import a_new_project, an_upload, jsonl, pairs, with_rows

from canut.kernel import clock
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor
from canut.people.models import Person
from canut.web.studio.urls import urlpatterns
from canut.work.access import latest_revision
from canut.work.models import Place, Project, Task, Upload
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.remove_upload import remove_all_rows, remove_upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]

CSV = b"id,question,left,right,model\n1,Which?,A,B,secret\n2,Which?,C,D,secret\n"


@pytest.fixture
def studio(client: Client, requester: Person) -> Client:
    client.force_login(requester)
    return client


def text(response: Any) -> str:
    """Return a page's words: no markup, single spaces."""
    assert response.status_code < 500
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def fields(response: Any, name: str = "form") -> dict[str, Any]:
    """Return what a browser would send of a page's form as it stands."""
    form = response.context[name]
    sent = {}
    for bound in form:
        value = bound.value()
        if value not in (None, False, ""):
            sent[bound.html_name] = "on" if value is True else value
    return sent


def upload(studio: Client, project: Project, content: bytes, name: str = "rows.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return studio.post(reverse("project_data", args=[project.pk]), {"file": file}, follow=True)


# --- The whole way --------------------------------------------------------------------------------


def test_a_requester_makes_fills_prices_and_publishes_a_project_by_forms_alone(
    studio: Client, requester: Person
) -> None:
    page = studio.get(reverse("new_project"))
    sent = {
        **fields(page),
        "title": "Which is better?",
        "design": "pairwise",
        "language": "en",
        "kind": "paid",
    }
    page = studio.post(reverse("new_project"), sent, follow=True)
    project = Project.objects.get()
    assert page.request["PATH_INFO"] == reverse("project_data", args=[project.pk])

    page = upload(studio, project, CSV)
    file = Upload.objects.get()
    form = page.context["columns"]
    assert form.initial["key"] == "id"
    chosen = {"key": "id", "answers": "", "column-0": "question", "column-1": "left", "column-2": "right"}
    page = studio.post(reverse("add_rows", args=[project.pk, file.pk]), chosen, follow=True)
    assert "2 rows are tasks now." in text(page)
    assert Task.objects.get(key="1").shown == {"question": "Which?", "left": "A", "right": "B"}

    page = studio.get(reverse("project_preview", args=[project.pk]) + "?task=2&order=0")
    assert "C" in text(page)
    assert "secret" not in page.content.decode()

    page = studio.get(reverse("project_publish", args=[project.pk]))
    sent = {**fields(page), "reward": "0.60", "minutes": "2", "answers_per_task": "3"}
    page = studio.post(reverse("project_publish", args=[project.pk]), sent, follow=True)
    # Pay 6 × 0.60, fee 6.5 %, levies 2, 1, 1 and 0.5 %, reserve a quarter of the pay
    assert "€3.60" in text(page)
    total = 360 + 23 + 7 + 4 + 4 + 2 + 90
    assert f"Publish and set €{total / 100:.2f} aside" in text(page)
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    page = studio.post(
        reverse("project_publish", args=[project.pk]), {"publish": "1", "agreed_minor": total}, follow=True
    )
    assert "Published." in text(page)
    assert before - party_total_minor(requester.pk, Kind.BALANCE, "EUR") == total
    assert Place.objects.filter(project=project, state="open").count() == 6
    assert "0 of 6 answers are in" in text(page)


# --- Who may look ---------------------------------------------------------------------------------


def test_strangers_workers_and_visitors_reach_nothing_of_a_project(
    client: Client, requester: Person, worker: Person, stranger: Person
) -> None:
    project = a_new_project(requester, reward_minor=60)
    file = with_rows(requester, project)
    own = [pattern for pattern in urlpatterns if "project_id" in str(pattern.pattern)]
    assert len(own) > 15
    for who in (stranger, worker, None):
        if who is None:
            client.logout()
        else:
            client.force_login(who)
        for pattern in own:
            keys = {"project_id": project.pk, "upload_id": file.pk}
            named = {name: keys[name] for name in pattern.pattern.converters}
            address = reverse(pattern.name, kwargs=named)
            for send in (client.get, client.post):
                status = send(address).status_code
                assert status in ((302,) if who is None else (403, 404, 405)), (who, pattern.name, status)
    project.refresh_from_db()
    assert (project.state, project.title, Task.objects.filter(project=project).count()) == (
        "draft",
        "Compare",
        3,
    )


def test_a_file_of_another_project_is_not_reached_through_ones_own(
    client: Client, requester: Person, stranger: Person
) -> None:
    file = with_rows(requester, a_new_project(requester))
    mine = a_new_project(stranger)
    client.force_login(stranger)
    for name in ("project_file", "remove_file"):
        assert client.get(reverse(name, args=[mine.pk, file.pk])).status_code == 404


def test_without_the_requesters_role_the_page_says_where_to_take_it(client: Client, worker: Person) -> None:
    client.force_login(worker)
    for name in ("projects", "new_project"):
        page = client.get(reverse(name))
        assert page.status_code == 403
        assert "requester_role_missing" in text(page)


# --- Texts and design -----------------------------------------------------------------------------


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(studio: Client) -> None:
    sent = {"title": "x" * 130, "description": "All of it.", "design": "pairwise", "kind": "paid"}
    page = studio.post(reverse("new_project"), sent)
    assert page.status_code == 422
    assert page.context["form"].errors["title"] == ["A title has at most 120 characters."]
    assert "All of it." in page.content.decode()


# --- Rows -----------------------------------------------------------------------------------------


def test_bad_rows_are_named_and_the_rest_is_added_only_by_its_own_button(
    studio: Client, requester: Person
) -> None:
    project = a_new_project(requester)
    page = upload(studio, project, CSV + b"3,only three,cells\n", "rows.csv")
    assert "Line 4: This row has 3 cells; the header names 5 columns." in text(page)
    assert "Add the other 2 rows" in text(page)
    file = Upload.objects.get()
    address = reverse("add_rows", args=[project.pk, file.pk])
    page = studio.post(address, {"key": "", "answers": ""}, follow=True)
    assert "Nothing was added" in text(page)
    # The choice of the ids makes another row bad: the button spoke of one bad row only
    page = studio.post(address, {"key": "question", "answers": "", "leave_out": "1"}, follow=True)
    assert "2 rows cannot be used" in text(page)
    assert Task.objects.get(project=project).row == {}
    studio.post(address, {"key": "question", "answers": "", "leave_out": "2"})
    assert Task.objects.filter(project=project).count() == 1


def test_markup_in_a_file_is_shown_as_text_everywhere(studio: Client, requester: Person) -> None:
    project = a_new_project(requester, title="<b>Bold</b>")
    nasty = "<script>alert(1)</script>"
    row = {"prompt": nasty, "a": nasty, "b": nasty, nasty: nasty}
    upload(studio, project, jsonl([row]), f"{nasty}.jsonl")
    file = Upload.objects.get()
    studio.post(reverse("add_rows", args=[project.pk, file.pk]), {"key": "", "answers": ""})
    for name in ("projects", "studio_project", "project_data", "project_design", "project_preview"):
        page = studio.get(reverse(name, args=[] if name == "projects" else [project.pk]))
        assert nasty not in page.content.decode()
        assert "<b>Bold" not in page.content.decode()


def test_a_file_over_the_limit_is_refused_by_its_announced_length_before_it_is_read(
    studio: Client, requester: Person, settings: Settings
) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1_000_000
    project = a_new_project(requester)

    class Unread:
        def read(self, *_size: int) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    page = studio.generic(
        "POST",
        reverse("project_data", args=[project.pk]),
        CONTENT_LENGTH=str(3_000_000),
        **{"wsgi.input": Unread()},
    )
    assert page.status_code == 413
    assert "larger than 1 MB" in text(page)


def test_the_upload_wants_its_token_although_it_is_looked_for_late(requester: Person) -> None:
    project = a_new_project(requester)
    client = Client(enforce_csrf_checks=True)
    client.force_login(requester)
    assert upload(client, project, CSV).status_code == 403
    assert not Upload.objects.exists()


def test_a_file_of_another_kind_is_refused_at_the_field(studio: Client, requester: Person) -> None:
    page = upload(studio, a_new_project(requester), b"x", "rows.xlsx")
    assert page.status_code == 422
    assert "file" in page.context["form"].errors


def test_the_file_comes_back_as_it_came_also_of_a_launched_project(studio: Client, requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    file = with_rows(requester, project)
    publish_project(project_id=project.pk, by=requester, at=clock.now())
    page = studio.get(reverse("project_file", args=[project.pk, file.pk]))
    assert b"".join(page.streaming_content) == jsonl(pairs(3))  # type: ignore[attr-defined]
    assert page["Content-Disposition"] == 'attachment; filename="rows.jsonl"'
    assert page["X-Content-Type-Options"] == "nosniff"
    assert "html" not in page["Content-Type"]
    assert "sandbox" in page["Content-Security-Policy"]


def test_removing_asks_first(studio: Client, requester: Person) -> None:
    project = a_new_project(requester)
    file = with_rows(requester, project)
    address = reverse("remove_file", args=[project.pk, file.pk])
    assert "3 tasks made of its rows go too" in text(studio.get(address))
    assert Upload.objects.exists()
    studio.post(address)
    assert not Upload.objects.exists()
    assert Task.objects.get(project=project).row == {}


def test_progress_is_shown_while_a_job_is_at_the_file_and_the_page_is_fetched_anew_after(
    studio: Client, requester: Person
) -> None:
    project = a_new_project(requester)
    file = an_upload(requester, project, jsonl(pairs(3)))
    Upload.objects.filter(pk=file.pk).update(state="reading", bytes_read=file.size_bytes // 2)
    address = reverse("file_progress", args=[project.pk, file.pk])
    page = studio.get(address)
    assert "Being read" in text(page)
    assert f'hx-get="{address}"' in page.content.decode()
    Upload.objects.filter(pk=file.pk).update(state="adding", rows_added=1)
    assert "1 of 3 rows" in text(studio.get(address))
    Upload.objects.filter(pk=file.pk).update(state="added", rows_added=3)
    page = studio.get(address)
    assert (page.status_code, page["HX-Refresh"]) == (204, "true")
    Upload.objects.filter(pk=file.pk).update(state="removing", rows_added=2)
    assert "Being removed" in text(studio.get(address))
    remove_all_rows(upload_id=file.pk)
    assert studio.get(address)["HX-Refresh"] == "true"


# --- Preview --------------------------------------------------------------------------------------


def test_an_answer_tried_in_the_preview_is_checked_and_kept_nowhere(
    studio: Client, requester: Person
) -> None:
    project = a_new_project(requester)
    with_rows(requester, project)
    address = reverse("project_preview", args=[project.pk])
    page = studio.post(address, {})
    assert page.status_code == 422
    assert "This needs an answer." in text(page)
    assert "would be accepted" in text(studio.post(address, {"answer-better": "tie"}))


def test_the_preview_shows_each_order_of_the_sides_and_any_task(studio: Client, requester: Person) -> None:
    project = a_new_project(requester)
    with_rows(requester, project)
    address = reverse("project_preview", args=[project.pk])
    for query, first, second in (
        ("?task=3&order=0", "First 3", "Second 3"),
        ("?task=2&order=1", "Second 2", "First 2"),
    ):
        words = text(studio.get(address + query))
        assert words.index(first) < words.index(second)
    assert "First 3" in text(studio.get(address + "?task=999"))
    assert "‹prompt›" in text(studio.get(reverse("project_preview", args=[a_new_project(requester).pk])))


# --- Price and publishing -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"reward": "0"}, "above zero"),
        ({"reward": "-1"}, "cannot be negative"),
        ({"reward": "0.605"}, "has 2 decimals"),
        ({"reward": "much"}, "Write the amount"),
        ({"minutes": "0"}, "between one second"),
        ({"minutes": "soon"}, "such as 2 or 0.5"),
        ({"answers_per_task": "0"}, "1 to 1,000"),
        ({"answers_per_task": "1001"}, "1 to 1,000"),
        ({"answers_per_task": "many"}, "1 to 1,000"),
    ],
)
def test_a_price_that_is_none_is_refused_at_its_field(
    studio: Client, requester: Person, typed: dict[str, str], says: str
) -> None:
    project = a_new_project(requester)
    with_rows(requester, project)
    address = reverse("project_publish", args=[project.pk])
    good = {"reward": "0.60", "minutes": "2", "answers_per_task": "1"}
    page = studio.post(address, {**fields(studio.get(address)), **good, **typed})
    assert page.status_code == 422
    ((field, errors),) = page.context["form"].errors.items()
    assert field == next(iter(typed))
    assert says in str(errors)
    assert latest_revision(project).reward_minor == 0


def test_a_price_under_the_floor_shows_the_smallest_one_and_a_button_that_takes_it(
    studio: Client, requester: Person
) -> None:
    project = a_new_project(requester, reward_minor=49, expected_seconds=120)
    with_rows(requester, project)
    address = reverse("project_publish", args=[project.pk])
    words = text(studio.get(address))
    assert "The smallest reward for this expected time is €0.50." in words
    assert "decision" not in words  # it is the floor that the site began with
    # 0.49 at 15.00 an hour lasts for 117 seconds
    assert "Floor kept up to 1 min 57 s" in words.replace("\xa0", " ")
    page = studio.post(address, {"publish": "1", "agreed_minor": "0"})
    assert (page.status_code, page.context["refused"].code) == (422, "reward_under_floor")
    page = studio.post(reverse("take_least_reward", args=[project.pk]), follow=True)
    assert latest_revision(project).reward_minor == 50
    assert "aside" in text(page)
    # Once the members have decided on the floor, the page says by which decision
    number = decide({"pay.floor_hourly_minor": 1600}, at=clock.now() - timedelta(days=15)).number
    assert f"The members set this floor by decision {number}." in text(studio.get(address))


def test_without_funds_it_says_how_much_is_missing_and_where_to_add_it(client: Client) -> None:
    poor = a_requester("poor", money_minor=500)
    client.force_login(poor)
    project = a_new_project(poor, reward_minor=300)
    with_rows(poor, project)
    address = reverse("project_publish", args=[project.pk])
    page = client.get(address)
    assert "your balance holds €5.00" in text(page)
    assert reverse("money") in page.content.decode()
    total = page.context["priced"].quote.total_minor
    page = client.post(address, {"publish": "1", "agreed_minor": total})
    assert (page.status_code, page.context["refused"].code) == (402, "insufficient_funds")
    assert party_total_minor(poor.pk, Kind.BALANCE, "EUR") == 500


def test_a_total_that_changed_since_it_was_shown_is_not_charged(studio: Client, requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    with_rows(requester, project)
    for agreed in ("1", "", "x", "9" * 30):
        page = studio.post(
            reverse("project_publish", args=[project.pk]), {"publish": "1", "agreed_minor": agreed}
        )
        assert (page.status_code, page.context["refused"].code) == (409, "total_changed")
    assert Project.objects.get().state == "draft"


def test_a_volunteer_project_is_marked_everywhere_and_has_no_price(studio: Client, requester: Person) -> None:
    project = a_new_project(requester, kind="volunteer")
    with_rows(requester, project)
    page = studio.get(reverse("project_publish", args=[project.pk]))
    assert "reward" not in page.context["form"].fields
    assert "Floor" not in text(page)
    studio.post(reverse("project_publish", args=[project.pk]), {"publish": "1", "agreed_minor": "0"})
    project.refresh_from_db()
    assert project.state == "live"
    for name in ("projects", "studio_project", "project_data", "project_preview"):
        page = studio.get(reverse(name, args=[] if name == "projects" else [project.pk]))
        assert "volunteer work, unpaid" in text(page), name


def test_scheduling_and_the_deadline_are_set_and_lifted(studio: Client, requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    with_rows(requester, project)
    tomorrow = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    yesterday = (clock.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    schedule = reverse("schedule_project", args=[project.pk])
    assert studio.post(schedule, {"publish_at": yesterday}).status_code == 422
    assert studio.post(schedule, {"publish_at": tomorrow}).status_code == 302
    assert Project.objects.get().publish_at.strftime("%Y-%m-%dT%H:%M") == tomorrow  # type: ignore[union-attr]
    studio.post(schedule, {"lift": "1"})
    assert Project.objects.get().publish_at is None
    deadline = reverse("project_deadline", args=[project.pk])
    assert studio.post(deadline, {"deadline_at": yesterday}).status_code == 422
    assert studio.post(deadline, {"deadline_at": tomorrow}).status_code == 302
    publish_project(project_id=project.pk, by=requester, at=clock.now())
    assert studio.post(deadline, {"deadline_at": "nonsense"}).status_code == 422
    assert studio.post(deadline, {"deadline_at": ""}).status_code == 302
    assert Project.objects.get().deadline_at is None


# --- A running project ----------------------------------------------------------------------------


def test_figures_are_asked_for_conditionally_and_change_with_the_work(
    studio: Client, requester: Person, worker: Person
) -> None:
    project = a_project(owner=requester, rows=3, at=clock.now())
    address = reverse("project_live", args=[project.pk])
    first = studio.get(address)
    assert "0 of 3 answers are in" in text(first)
    again = studio.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    a_submission(worker=worker, project=project, at=clock.now())
    changed = studio.get(address, headers={"If-None-Match": first["ETag"]})
    assert "1 of 3 answers are in" in text(changed)


def test_pause_resume_and_close_with_the_refund_before_and_after(
    studio: Client, requester: Person, worker: Person
) -> None:
    project = a_project(owner=requester, rows=3, reward_minor=60, at=clock.now())
    a_submission(worker=worker, project=project, at=clock.now())
    studio.post(reverse("pause_project", args=[project.pk]))
    assert "Resume" in text(studio.get(reverse("studio_project", args=[project.pk])))
    studio.post(reverse("resume_project", args=[project.pk]))
    page = studio.get(reverse("close_project", args=[project.pk]))
    refund = page.context["closing"].refund_minor
    assert refund > 0
    assert f"Close and get €{refund / 100:.2f} back" in text(page)
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    page = studio.post(reverse("close_project", args=[project.pk]), follow=True)
    assert f"€{refund / 100:.2f} is back on your balance" in text(page)
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == before + refund


def test_rows_are_added_to_a_live_project_after_their_quote(studio: Client, requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    with_rows(requester, project, 2)
    publish_project(project_id=project.pk, by=requester, at=clock.now())
    upload(studio, project, jsonl(pairs(3)), "more.jsonl")
    file = Upload.objects.latest("pk")
    page = studio.post(
        reverse("add_rows", args=[project.pk, file.pk]), {"key": "", "answers": ""}, follow=True
    )
    assert "3 rows wait to be paid for." in text(page)
    address = reverse("add_tasks", args=[project.pk])
    page = studio.get(address)
    total = page.context["priced"].quote.total_minor
    assert f"Add 3 tasks and set €{total / 100:.2f} aside" in text(page)
    assert studio.post(address, {"agreed_minor": total - 1}).status_code == 409
    assert Place.objects.filter(project=project).count() == 2
    page = studio.post(address, {"agreed_minor": total}, follow=True)
    assert "3 more answers are wanted." in text(page)
    assert Place.objects.filter(project=project).count() == 5


def test_a_duplicate_is_a_draft_beside_the_first(studio: Client, requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    file = with_rows(requester, project)
    page = studio.post(reverse("duplicate_project", args=[project.pk]), follow=True)
    assert "Compare (copy)" in text(page)
    remove_upload(upload_id=file.pk, by=requester, at=clock.now())
    assert Task.objects.filter(project__title="Compare (copy)", row__prompt="Question 1").count() == 1


# --- The list -------------------------------------------------------------------------------------


def test_the_list_goes_on_page_by_page_and_is_friendly_when_empty(studio: Client, requester: Person) -> None:
    assert "You have no project yet." in text(studio.get(reverse("projects")))
    for number in range(23):
        a_new_project(requester, title=f"Number {number}")
    page = studio.get(reverse("projects"))
    assert [line.title for line in page.context["page"].lines] == [f"Number {n}" for n in range(22, 2, -1)]
    rest = studio.get(reverse("projects"), {"before": page.context["page"].next_cursor})
    assert [line.title for line in rest.context["page"].lines] == ["Number 2", "Number 1", "Number 0"]
    assert rest.context["page"].next_cursor is None
    assert studio.get(reverse("projects"), {"before": "nonsense"}).status_code == 200


def test_the_list_takes_the_same_number_of_queries_however_long_it_is(
    studio: Client, requester: Person, django_assert_max_num_queries: Any
) -> None:
    for _number in range(15):
        with_rows(requester, a_new_project(requester))
    with django_assert_max_num_queries(14):
        studio.get(reverse("projects"))
