"""The page on which a design is made, by plain forms: every button with scripts off, nothing typed lost."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.builders import NOON, a_project
from tests.web.page_forms import sent_of
from tests.work.files import a_new_project, with_rows

from canut.kernel import clock
from canut.people.models import Person
from canut.work.access import latest_revision
from canut.work.designs.registry import ITEM_TYPES
from canut.work.designs.schema import MOST_ITEMS, read_design, to_json
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.models import DesignVersion, Project
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.create_project import create_project
from canut.work.usecases.edit_design import edit_design
from canut.work.usecases.keep_design_version import MOST_VERSIONS, DesignUnfinished
from canut.work.usecases.publish_project import publish_project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]

SORTING = {
    "version": 1,
    "instructions": "Read it.",
    "items": [
        {"type": "text", "text": "{{text}}"},
        {
            "type": "single_choice",
            "name": "spam",
            "label": "Is it spam?",
            "options": [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}],
        },
        {"type": "long_text", "name": "why", "label": "Why?", "required": False},
    ],
}


@pytest.fixture
def studio(client: Client, requester: Person) -> Client:
    client.force_login(requester)
    return client


@pytest.fixture
def project(requester: Person) -> Project:
    return create_project(by=requester, title="Sort", design=SORTING, at=clock.now())


def text(response: Any) -> str:
    assert response.status_code < 500
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def address_of(project: Project) -> str:
    return reverse("project_design", args=[project.pk])


def form_of(studio: Client, project: Project) -> dict[str, Any]:
    return sent_of(studio.get(address_of(project)), "design-form")


def press(studio: Client, project: Project, do: str, **typed: Any) -> Any:
    """Press a button of the form as it stands in the page, some fields typed anew, and follow."""
    sent = {**form_of(studio, project), **typed, "do": do}
    return studio.post(address_of(project), sent, follow=True)


def design_of(project: Project) -> dict[str, Any]:
    return dict(latest_revision(project).design)


def types_of(project: Project) -> list[str]:
    return [item["type"] for item in design_of(project)["items"]]


# --- What is typed --------------------------------------------------------------------------------


def test_instructions_labels_choices_and_columns_are_edited_in_a_plain_form(
    studio: Client, project: Project
) -> None:
    typed = {
        "instructions": "Read it.\r\nThen choose.",
        "i1.text": "{{headline}}",
        "i2.label": "What is it about?",
        "i2.options": "sport\npolitics | Politics and law\n\n",
    }
    press(studio, project, "keep", **typed)
    design = design_of(project)
    assert design["instructions"] == "Read it.\nThen choose."
    assert design["items"][0]["text"] == "{{headline}}"
    assert design["items"][1]["label"] == "What is it about?"
    assert design["items"][1]["options"] == [
        {"value": "sport", "label": "sport"},
        {"value": "politics", "label": "Politics and law"},
    ]


def test_every_starting_design_comes_back_from_its_form_as_it_was(studio: Client, requester: Person) -> None:
    for name, starting in STARTING_DESIGNS.items():
        project = create_project(by=requester, title=name, design=starting.build(), at=clock.now())
        before = design_of(project)
        press(studio, project, "keep")
        assert design_of(project) == before, name
        assert not DesignVersion.objects.filter(revision__project=project, is_sound=False).exists(), name


@pytest.mark.parametrize("item_type", [name for name, one in ITEM_TYPES.items() if one.by_hand])
def test_a_new_item_of_any_type_is_sound_and_comes_back_from_its_form_as_it_was(
    studio: Client, project: Project, item_type: str
) -> None:
    press(studio, project, f"add:{item_type}")
    assert types_of(project)[-1] == item_type
    before = design_of(project)
    press(studio, project, "keep")
    assert design_of(project) == before


def test_what_no_form_edits_comes_back_too(studio: Client, project: Project) -> None:
    sent = form_of(studio, project)
    sent["i3.rest"] = [json.dumps({"min_length": 5, "type": "text", "later": {"a": 1}})]
    told = studio.post(address_of(project), sent, headers={"Accept": "application/json"}).json()
    assert told["problems"] == {"i3": [told["problems"]["i3"][0]]}
    assert "There is no such field here" in told["problems"]["i3"][0]
    assert 'i3.rest" value="{&quot;later&quot;' in studio.get(address_of(project)).content.decode()


def test_a_mistake_is_said_at_its_field_and_what_was_typed_waits_unfinished(
    studio: Client, project: Project
) -> None:
    page = press(studio, project, "keep", **{"i2.options": "same\nsame", "i2.label": "Mine"})
    sections = {section.key: section for section in page.context["editor"].sections()}
    options = next(one for one in sections["i2"].controls if one.id == "i2.options")
    assert "stands here twice" in options.problems[0]
    assert options.typed == "same\nsame"
    assert "Mine" in page.content.decode()
    assert "unfinished" in text(page)
    assert design_of(project) == to_json(read_design(SORTING))  # workers would get the last whole one
    # Another day: it is still there, and once mended it is the design
    page = press(studio, project, "keep", **{"i2.options": "same\nother"})
    assert design_of(project)["items"][1]["label"] == "Mine"
    assert "unfinished:" not in text(page)


def test_a_number_that_is_none_is_kept_as_it_was_typed(studio: Client, project: Project) -> None:
    page = press(studio, project, "keep", **{"i3.max_length": "many"})
    assert 'value="many"' in page.content.decode()
    assert "whole number between" in text(page)


def test_a_character_that_no_database_stores_does_no_harm(studio: Client, project: Project) -> None:
    press(studio, project, "keep", instructions="Look\0 here", **{"i1.text": "a\0b"})
    assert design_of(project)["instructions"] == "Look here"
    assert design_of(project)["items"][0]["text"] == "ab"


def test_what_is_unfinished_is_not_published(studio: Client, requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    with_rows(requester, project)
    press(studio, project, "keep", **{"i1.label": ""})
    with pytest.raises(DesignUnfinished):
        publish_project(project_id=project.pk, by=requester, at=clock.now())
    press(studio, project, "undo")
    assert publish_project(project_id=project.pk, by=requester, at=clock.now()).state == "live"


# --- Buttons --------------------------------------------------------------------------------------


def test_an_item_of_a_chosen_type_is_added_where_it_was_asked_for(studio: Client, project: Project) -> None:
    press(studio, project, "add:number", place="i1")
    press(studio, project, "add:text", place="start")
    press(studio, project, "add:short_text", place="end")
    assert types_of(project) == ["text", "text", "number", "single_choice", "long_text", "short_text"]
    names = [item["name"] for item in design_of(project)["items"] if "name" in item]
    assert len(set(names)) == len(names)


def test_what_was_typed_is_kept_by_every_button(studio: Client, project: Project) -> None:
    for number, do in enumerate(
        ("add:number", "up:i3", "down:i1", "copy:i1", "delete:i2", "condition:i2.shown_if")
    ):
        press(studio, project, do, instructions=f"Typed {number}.")
        assert design_of(project)["instructions"] == f"Typed {number}."


def test_items_are_moved_copied_and_deleted_and_deleting_is_undone(studio: Client, project: Project) -> None:
    press(studio, project, "up:i3")
    assert types_of(project) == ["text", "long_text", "single_choice"]
    press(studio, project, "copy:i3")
    copied = design_of(project)["items"][3]
    assert (copied["label"], copied["name"]) == ("Is it spam?", "spam_1")
    before = design_of(project)
    page = press(studio, project, "delete:i2")
    assert types_of(project) == ["text", "single_choice", "single_choice"]
    assert "Undo brings it back" in text(page)
    press(studio, project, "undo")
    assert design_of(project) == before
    press(studio, project, "redo")
    assert types_of(project) == ["text", "single_choice", "single_choice"]


def test_the_order_of_the_page_is_the_order_of_the_design(studio: Client, project: Project) -> None:
    press(studio, project, "keep", item=["i3", "i1", "i2"], step="moved")
    assert types_of(project) == ["long_text", "text", "single_choice"]
    assert latest_revision(project).versions.order_by("-number")[0].step == "moved"


def test_a_condition_is_chosen_in_two_steps_and_taken_away(studio: Client, project: Project) -> None:
    page = press(studio, project, "condition:i3.shown_if")
    assert "the answer to" in text(page)
    address = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    sent = sent_of(page, "design-form")
    page = studio.post(
        address_of(project), {**sent, "i3.shown_if.item": "spam", "do": "condition:i3.shown_if"}, follow=True
    )
    assert "condition=i3.shown_if" in address
    sent = sent_of(page, "design-form")
    page = studio.post(
        address_of(project),
        {**sent, "i3.shown_if.in": ["yes"], "do": "condition-done:i3.shown_if"},
        follow=True,
    )
    assert design_of(project)["items"][2]["shown_if"] == {"item": "spam", "in": ["yes"]}
    assert "Shown only if the answer to “Is it spam?” is: Yes." in text(page)
    press(studio, project, "keep", **{"i2.name": "is_spam"})
    assert design_of(project)["items"][2]["shown_if"]["item"] == "is_spam"
    press(studio, project, "condition-off:i3.shown_if")
    assert "shown_if" not in design_of(project)["items"][2]


def test_an_answer_is_needed_always_never_or_on_a_condition(studio: Client, project: Project) -> None:
    press(studio, project, "keep", **{"i3.required": "on"})
    assert "required" not in design_of(project)["items"][2]
    press(studio, project, "condition:i3.required_if")
    press(
        studio,
        project,
        "condition-done:i3.required_if",
        **{"i3.required_if.item": "spam", "i3.required_if.in": ["no"]},
    )
    item = design_of(project)["items"][2]
    assert item["required_if"] == {"item": "spam", "in": ["no"]}
    assert "required" not in item


def test_parts_of_an_item_are_added_moved_and_deleted(studio: Client, project: Project) -> None:
    press(studio, project, "add:ranked_texts", place="end")
    texts = design_of(project)["items"][3]["texts"]
    press(studio, project, "part-add:i4.texts", **{"i4.texts.p0.text": "Typed"})
    parts = DesignVersion.objects.order_by("-number")[0].design["items"][3]["texts"]
    assert (len(parts), parts[0]["text"]) == (len(texts) + 1, "Typed")
    press(studio, project, "part-down:i4.texts:p0")
    press(studio, project, f"part-delete:i4.texts:p{len(texts)}")
    assert [part["value"] for part in design_of(project)["items"][3]["texts"]] == ["b", "a", "c"]


def test_a_button_that_the_page_does_not_have_is_refused(studio: Client, project: Project) -> None:
    for do in ("explode", "up:i99", "add:nonsense", "part-add:i1.text", "go-back:x", "copy:"):
        assert press(studio, project, do).status_code in (400, 404)
    assert design_of(project) == to_json(read_design(SORTING))


def test_two_hundred_items_are_the_most_and_stay_usable(
    studio: Client, project: Project, requester: Person
) -> None:
    many = [{**SORTING["items"][1], "name": f"q{n}"} for n in range(MOST_ITEMS)]
    change_draft(project_id=project.pk, by=requester, at=clock.now(), design={**SORTING, "items": many})
    page = press(studio, project, "copy:i7", **{"i200.label": "The last"})
    assert len(types_of(project)) == MOST_ITEMS
    assert design_of(project)["items"][-1]["label"] == "The last"
    assert "at most 200 items" in text(page)
    press(studio, project, "up:i200")
    assert design_of(project)["items"][-2]["label"] == "The last"


# --- Versions -------------------------------------------------------------------------------------


def test_typing_in_one_stretch_is_one_step_and_a_button_is_its_own(
    requester: Person, project: Project
) -> None:
    at = clock.now()
    for number in range(3):
        at += timedelta(seconds=5)
        edit_design(
            project_id=project.pk,
            by=requester,
            at=at,
            design={**SORTING, "instructions": f"Typed {number}."},
            step="typed",
        )
    steps = [(one.number, one.step) for one in latest_revision(project).versions.order_by("number")]
    assert steps == [(1, "begun"), (2, "typed")]
    edit_design(
        project_id=project.pk,
        by=requester,
        at=at + timedelta(minutes=1),
        design={**SORTING, "instructions": "Later."},
        step="typed",
    )
    assert latest_revision(project).versions.count() == 3


def test_a_change_after_undoing_takes_the_place_of_what_was_undone(studio: Client, project: Project) -> None:
    press(studio, project, "add:number")
    press(studio, project, "undo")
    page = press(studio, project, "add:text")
    assert types_of(project) == ["text", "single_choice", "long_text", "text"]
    assert not page.context["designing"].can_redo


def test_a_named_version_is_gone_back_to_and_nothing_is_lost_by_it(studio: Client, project: Project) -> None:
    press(studio, project, "add:number")
    page = press(studio, project, "name:1", **{"version-title.1": "First try"})
    assert "First try" in page.content.decode()
    press(studio, project, "go-back:1")
    assert types_of(project) == ["text", "single_choice", "long_text"]
    press(studio, project, "undo")
    assert types_of(project) == ["text", "single_choice", "long_text", "number"]
    assert press(studio, project, "go-back:77").status_code == 404


def test_only_so_many_versions_are_kept_and_named_ones_stay(
    requester: Person, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canut.work.usecases.keep_design_version.MOST_VERSIONS", 4)
    assert MOST_VERSIONS > 100
    for number in range(8):
        change_draft(
            project_id=project.pk,
            by=requester,
            at=clock.now(),
            design={**SORTING, "instructions": f"Try {number}."},
        )
        latest_revision(project).versions.filter(number=2).update(title="Good")
    assert [one.number for one in latest_revision(project).versions.order_by("number")] == [2, 7, 8, 9]


def test_what_a_program_changes_can_be_undone_in_the_page(
    studio: Client, project: Project, requester: Person
) -> None:
    change_draft(
        project_id=project.pk, by=requester, at=clock.now(), design={**SORTING, "instructions": "New."}
    )
    press(studio, project, "undo")
    assert design_of(project)["instructions"] == "Read it."


# --- Two at once ----------------------------------------------------------------------------------


def test_the_later_of_two_windows_is_refused_with_what_was_typed_and_may_save_again(
    studio: Client, project: Project
) -> None:
    first, second = form_of(studio, project), form_of(studio, project)
    studio.post(address_of(project), {**first, "instructions": "From the first window."})
    page = studio.post(
        address_of(project), {**second, "instructions": "From the second window.", "do": "add:number"}
    )
    assert page.status_code == 409
    assert "Nothing was saved" in text(page)
    assert "From the second window." in page.content.decode()
    assert design_of(project)["instructions"] == "From the first window."
    studio.post(address_of(project), sent_of(page, "design-form"))
    assert design_of(project)["instructions"] == "From the second window."


def test_saving_by_itself_answers_with_the_time_the_mistakes_and_what_stands_beside(
    studio: Client, project: Project
) -> None:
    sent = form_of(studio, project)
    told = studio.post(
        address_of(project), {**sent, "i1.text": ""}, headers={"Accept": "application/json"}
    ).json()
    assert told["problems"] == {"i1.text": ["This is needed."]}
    assert re.match(r"Kept at \d\d:\d\d, unfinished", told["said"])
    sent |= {"based_on": [told["based_on"]], "i1.text": "{{sentence}}"}
    told = studio.post(address_of(project), sent, headers={"Accept": "application/json"}).json()
    assert told["problems"] == {}
    assert re.match(r"Saved at \d\d:\d\d", told["said"])
    late = {**sent, "based_on": [NOON.isoformat()], "instructions": "Late."}
    refused = studio.post(address_of(project), late, headers={"Accept": "application/json"})
    assert refused.status_code == 409
    assert refused.json()["code"] == "draft_changed_meanwhile"
    assert refused.json()["based_on"] == told["based_on"]


# --- Beside it ------------------------------------------------------------------------------------


def test_a_column_that_the_rows_lack_is_warned_of_and_those_there_are_offered(
    studio: Client, requester: Person
) -> None:
    project = a_new_project(requester)
    with_rows(requester, project)
    page = press(studio, project, "keep", **{"i1.prompt": "{{query}}"})
    assert 'data-insert="{{prompt}}"' in page.content.decode()
    for name in ("project_design", "project_data", "studio_project", "project_publish"):
        assert "workers would see nothing there: query" in text(studio.get(reverse(name, args=[project.pk])))


def test_the_frame_shows_each_row_as_a_worker_sees_it_and_may_stand_in_our_pages_alone(
    studio: Client, requester: Person
) -> None:
    project = a_new_project(requester)
    with_rows(requester, project)
    frame = studio.get(reverse("preview_frame", args=[project.pk]) + "?task=2")
    assert "Row 2 of 3" in text(frame)
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"]
    whole = studio.get(reverse("project_preview", args=[project.pk]))
    assert whole["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in whole["Content-Security-Policy"]


def test_the_time_that_the_design_suggests_is_taken_over_by_a_button(
    studio: Client, project: Project
) -> None:
    page = press(studio, project, "use-time", instructions="Typed.")
    suggested = page.context["designing"].effort.seconds
    revision = latest_revision(project)
    assert (revision.expected_seconds, revision.design["instructions"]) == (suggested, "Typed.")
    assert "This is the project's expected time." in text(page).replace("&#x27;", "'")


# --- Who, and when --------------------------------------------------------------------------------


def test_what_is_published_is_not_edited_and_the_page_leads_to_a_revision(
    studio: Client, requester: Person
) -> None:
    live = a_project(owner=requester, rows=2, at=clock.now())
    page = studio.get(address_of(live))
    assert "What was published is not edited" in text(page)
    before = design_of(live)
    answer = studio.post(
        address_of(live), {"do": "add:number", "item": ["i1"], "i1.type": "text", "i1.text": "x"}
    )
    assert "What was published is not edited" in text(answer)
    assert design_of(live) == before


def test_a_stranger_and_a_worker_reach_no_button(
    client: Client, project: Project, worker: Person, stranger: Person
) -> None:
    for who in (worker, stranger):
        client.force_login(who)
        for name in ("project_design", "export_design", "import_into_design", "preview_frame"):
            address = reverse(name, args=[project.pk])
            assert client.get(address).status_code in (403, 404)
            assert client.post(address, {"do": "undo"}).status_code in (403, 404, 405)
    assert not DesignVersion.objects.filter(number__gt=1).exists()


# --- The gallery, bringing in, taking along -------------------------------------------------------


def test_the_gallery_shows_every_starting_design_with_an_example(studio: Client) -> None:
    page = studio.get(reverse("gallery"))
    for name, starting in STARTING_DESIGNS.items():
        assert str(starting.title) in page.content.decode().replace("&#x27;", "'")
        assert studio.get(reverse("gallery_example", args=[name])).status_code == 200
        begun = studio.get(reverse("new_project") + f"?design={name}")
        assert begun.context["form"].initial["design"] == name
    assert studio.get(reverse("gallery_example", args=["nothing"])).status_code == 404


def test_a_design_is_taken_along_and_brought_in_elsewhere_after_a_look(
    studio: Client, project: Project
) -> None:
    file = studio.get(reverse("export_design", args=[project.pk]))
    assert file["Content-Disposition"] == 'attachment; filename="sort.design.json"'
    page = studio.post(reverse("import_project"), {"text": file.content.decode()})
    assert "Understood from Canut: 3 items" in text(page)
    assert Project.objects.count() == 1
    sent = {"title": "Sort again", "kind": "paid", "design": page.context["json"], "risks": ["hate"]}
    studio.post(reverse("import_project"), sent)
    copy = Project.objects.get(title="Sort again")
    assert design_of(copy) == json.loads(file.content)
    assert copy.risks == ["hate"]


def test_a_design_brought_in_takes_the_place_of_the_one_there_and_can_be_undone(
    studio: Client, project: Project
) -> None:
    other = {**SORTING, "items": SORTING["items"][1:2]}
    address = reverse("import_into_design", args=[project.pk])
    page = studio.post(address, {"text": json.dumps(other)})
    assert "Nothing was made or changed yet." in text(page)
    studio.post(address, {"design": page.context["json"]})
    assert types_of(project) == ["single_choice"]
    press(studio, project, "undo")
    assert types_of(project) == ["text", "single_choice", "long_text"]


SURVEY = {
    "pages": [
        {
            "name": "first",
            "elements": [
                {"type": "text", "name": "who", "title": "Who are you?"},
                {"type": "signaturepad", "name": "sign"},
            ],
        }
    ]
}
LABELLING = """<View><Image name="img" value="$image"/>
<RectangleLabels name="box" toName="img"><Label value="Car"/></RectangleLabels>
<VectorLabels name="vector" toName="img"><Label value="Road"/></VectorLabels></View>"""


@pytest.mark.parametrize(
    ("given", "origin", "lost"),
    [(json.dumps(SURVEY), "SurveyJS", "sign"), (LABELLING, "Label Studio", "vector")],
    ids=["SurveyJS", "Label Studio"],
)
def test_what_other_tools_wrote_is_shown_with_what_was_not_understood_before_anything_is_made(
    studio: Client, given: str, origin: str, lost: str
) -> None:
    file = SimpleUploadedFile("design.txt", given.encode())
    page = studio.post(reverse("import_project"), {"file": file})
    assert f"Understood from {origin}" in text(page)
    assert lost in " ".join(page.context["imported"].left_out).lower()
    assert Project.objects.count() == 0
    sent = {"title": "Brought in", "kind": "paid", "design": page.context["json"]}
    begun = studio.post(reverse("import_project"), sent, follow=True)
    assert begun.request["PATH_INFO"] == address_of(Project.objects.get())


@pytest.mark.parametrize(
    "given", ["", "no design", "[1, 2]", '{"version": 1, "items": [{"type": "x"}]}', "[" * 9999]
)
def test_what_is_no_design_is_refused_and_stays_in_its_field(studio: Client, given: str) -> None:
    page = studio.post(reverse("import_project"), {"text": given})
    assert page.status_code == 422
    assert page.context["import_form"].errors
    assert Project.objects.count() == 0


# --- What belongs to a draft's details ------------------------------------------------------------


def details(**other: Any) -> dict[str, Any]:
    return {"title": "Sort", "kind": "paid", "pay_basis": "piece", **other}


def test_risks_and_launching_are_set_in_the_details(studio: Client, project: Project) -> None:
    address = reverse("project_details", args=[project.pk])
    sent = details(risks=["self_harm", "violence"], launches_itself="on")
    assert studio.post(address, sent).status_code == 302
    project.refresh_from_db()
    assert (project.risks, project.launches_itself) == (["violence", "self_harm"], True)
    studio.post(address, details())
    project.refresh_from_db()
    assert (project.risks, project.launches_itself) == ([], False)


def test_pay_by_the_hour_is_set_with_its_rate_its_hours_and_its_longest_session(
    studio: Client, project: Project
) -> None:
    address = reverse("project_details", args=[project.pk])
    page = studio.post(address, details(pay_basis="hour"))
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"hourly", "hours", "session_hours"}
    by_the_hour = details(pay_basis="hour", hourly="18.50", hours="40", session_hours="2,5")
    assert studio.post(address, by_the_hour).status_code == 302
    revision = latest_revision(project)
    assert (revision.hourly_minor, revision.hours_seconds, revision.session_most_seconds) == (
        1850,
        40 * 3600,
        9000,
    )
    assert revision.reward_minor == 0
    assert 'value="2.5"' in studio.get(address).content.decode()
    priced = reverse("project_publish", args=[project.pk])
    page = studio.get(priced)
    assert set(page.context["form"].fields) == {"minutes", "answers_per_task", "based_on"}
    assert "€18.50" in page.content.decode()
    assert "Reward for one answer" not in page.content.decode()
    sent = {"minutes": "2", "answers_per_task": "3", "based_on": page.context["form"]["based_on"].value()}
    assert studio.post(priced, sent).status_code == 302
    revision = latest_revision(project)
    assert (revision.reward_minor, revision.hourly_minor, revision.expected_seconds) == (0, 1850, 120)
    studio.post(address, details(pay_basis="hour", hourly="9", hours="40", session_hours="2"))
    assert "under the floor of €15.00" in studio.get(priced).content.decode()
    studio.post(address, details(hourly="18.50", hours="40", session_hours="2"))
    revision = latest_revision(project)
    assert (revision.hourly_minor, revision.hours_seconds) == (0, 0)


def test_a_session_longer_than_the_hours_and_a_risk_that_is_none_are_refused(
    studio: Client, project: Project
) -> None:
    address = reverse("project_details", args=[project.pk])
    for wrong in (
        {"pay_basis": "hour", "hourly": "18", "hours": "1", "session_hours": "2"},
        {"pay_basis": "hour", "kind": "volunteer"},
        {"pay_basis": "hour", "hourly": "1.234", "hours": "1", "session_hours": "1"},
        {"pay_basis": "hour", "hourly": "18", "hours": "x", "session_hours": "1"},
        {"risks": ["boredom"]},
    ):
        assert studio.post(address, details(**wrong)).status_code == 422
    project.refresh_from_db()
    assert (project.risks, project.pay_basis) == ([], "piece")


def test_a_design_that_a_phone_is_too_small_for_says_so_until_its_author_has_chosen(
    studio, project, requester
):
    says = "A phone is too small for some of this: "
    assert says not in text(studio.get(address_of(project)))
    press(studio, project, "add:regions")
    assert says in text(studio.get(address_of(project)))
    change_draft(project_id=project.pk, by=requester, at=clock.now(), device="computer")
    assert says not in text(studio.get(address_of(project)))


@pytest.mark.parametrize(
    "rest",
    [
        "[" * 3_000,
        '{"a": ' + "[" * 900 + "]" * 900 + "}",
        '{"a": "\\ud800"}',
        '{"a": NaN}',
        '{"a": 1e999}',
        "7",
    ],
    ids=["unread", "deep", "unstorable", "no number", "infinite", "no object"],
)
def test_what_no_form_of_ours_wrote_between_the_lines_is_passed_over(studio, project, rest):
    answer = press(studio, project, "add:number", **{"i1.rest": rest})
    assert answer.status_code == 200
    assert [item["type"] for item in design_of(project)["items"]][-1] == "number"


@pytest.mark.parametrize("do", ["part-delete:i2.criteria:p" + "9" * 5_000, "add:number"])
def test_keys_of_any_length_break_nothing(studio, project, do):
    key = "i" + "9" * 5_000
    answer = press(studio, project, do, item=["i1", "i2", "i3", key], **{f"{key}.type": "text"})
    assert answer.status_code in (200, 400)
    assert all(item["type"] != "text" for item in design_of(project)["items"][1:])
