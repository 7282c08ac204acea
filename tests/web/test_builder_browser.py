"""Making a design in a real browser: by clicking, by the keyboard, by hand, on a phone, with scripts off."""

import os
import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.web.looks import faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)
from tests.work.designs.in_browser import until
from tests.work.files import with_rows

from canut.kernel import clock
from canut.work.access import latest_revision
from canut.work.models import Project
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.create_project import create_project

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("uploads")]

SORTING = {
    "version": 1,
    "instructions": "Read it.",
    "items": [
        {"type": "text", "text": "{{prompt}}"},
        {
            "type": "single_choice",
            "name": "spam",
            "label": "Is it spam?",
            "options": [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}],
        },
        {"type": "long_text", "name": "why", "label": "Why?", "required": False},
    ],
}


def a_draft(cast, design=SORTING):  # noqa: F811
    return create_project(by=cast.requester, title="Sort", design=design, at=clock.now())


def types_of(project):
    return [item["type"] for item in latest_revision(project).design["items"]]


def address_of(project):
    return reverse("project_design", args=[project.pk])


@contextmanager
def saved(page):
    """Wait until what is done within has saved itself, and the page says so."""
    with page.expect_response(lambda said: said.request.headers.get("accept") == "application/json"):
        yield
    saving = page.locator("[data-builder]").get_attribute("data-saving")
    expect(page.locator("[data-saved]")).not_to_have_text(saving)


@contextmanager
def swapped(page):
    """Wait until a button pressed within has brought the form anew, and the script has it in hand."""
    with page.expect_response(lambda said: said.request.headers.get("hx-request") == "true"):
        yield
    page.wait_for_selector("form#design-form:not(.htmx-request):not(:has([data-handle][hidden]))")


def press(page, selector):
    with swapped(page):
        page.click(selector)


def follow(page, selector):
    """Click what leads to another page, and wait for it."""
    with page.expect_navigation():
        page.click(selector)


def shot(page, name):
    """Take a picture for somebody to look at, if CANUT_SCREENSHOTS names a folder for it."""
    if folder := os.environ.get("CANUT_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", caret="initial")


def in_french(page):
    follow(page, "form.languages button[lang=fr]")


def test_a_content_check_is_made_by_clicking_alone(cast, opened):  # noqa: F811
    page = opened(cast.requester)
    page.goto(reverse("gallery"))
    follow(page, "main >> text=Begin with this >> nth=1")
    page.fill("input[name=title]", "Is it spam?")
    follow(page, "text=Make the draft")
    project = Project.objects.get()
    page.goto(address_of(project))
    press(page, "#do-add-rating")
    page.fill("li.design-item:nth-child(3) input[name$='.label']", "How sure are you?")
    press(page, "#do-add-long_text")
    page.fill("li.design-item:nth-child(4) input[name$='.label']", "What made you think so?")
    page.fill("[id='i2.label']", "Is this spam?")
    page.fill("[id='i2.options']", "yes | Spam\nno | No spam")
    press(page, "li#i4 >> text=Show it only if…")
    with swapped(page):
        page.select_option("[id='i4.shown_if.item']", "label")
    page.check("[name='i4.shown_if.in'][value=yes]")
    press(page, "li#i4 >> text=Done")
    saved_design = latest_revision(project).design
    assert types_of(project) == ["text", "single_choice", "rating", "long_text"]
    assert saved_design["items"][3]["shown_if"] == {"item": "label", "in": ["yes"]}
    assert saved_design["items"][1]["options"][0] == {"value": "yes", "label": "Spam"}
    frame = page.frame_locator("iframe[name=seen]")
    frame.locator("text=How sure are you?").wait_for()
    shot(page, "design-1-en")
    in_french(page)
    page.frame_locator("iframe[name=seen]").locator("text=How sure are you?").wait_for()
    shot(page, "design-1-fr")


def test_a_survey_with_pages_and_a_ranking_is_made_by_clicking_alone(cast, opened):  # noqa: F811
    page = opened(cast.requester)
    page.goto(reverse("new_project"))
    page.fill("input[name=title]", "Survey")
    follow(page, "text=Make the draft")
    project = Project.objects.get()
    page.goto(address_of(project))
    press(page, "#i1-delete")
    assert types_of(project) == ["pairwise"]  # a design that asks nothing waits, unfinished
    expect(page.locator("[data-head-problems]")).to_contain_text("The design is empty")
    for kind in ("page", "drop_down", "page", "ranked_texts", "number"):
        press(page, f"#do-add-{kind}")
    press(page, "li:nth-child(4) >> text=Add one")
    page.fill("li:nth-child(4) .part:nth-child(4) textarea", "{{d}}")
    press(page, "li:nth-child(5) >> [id$='-up']")
    with saved(page):
        page.click("li:nth-child(4) >> text=An answer is needed")
    design = latest_revision(project).design
    assert types_of(project) == ["page", "drop_down", "page", "number", "ranked_texts"]
    assert design["items"][3]["required"] is False
    assert [part["text"] for part in design["items"][4]["texts"]][-1] == "{{d}}"
    shot(page, "design-2-en")
    in_french(page)
    shot(page, "design-2-fr")


def test_what_is_typed_saves_itself_and_says_when_or_why_not(cast, opened):  # noqa: F811
    project = a_draft(cast)
    page = opened(cast.requester)
    page.goto(address_of(project))
    with saved(page):
        page.fill("#instructions", "Read it twice.")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Saved at \d\d:\d\d"))
    assert latest_revision(project).design["instructions"] == "Read it twice."
    page.fill("[id='i2.options']", "same\nsame")
    page.wait_for_selector("[data-saved]:has-text('unfinished')")
    options, problem = page.locator("[id='i2.options']"), page.locator("[data-problem-of='i2.options']")
    expect(problem).to_contain_text("stands here twice")
    expect(options).to_have_attribute("aria-invalid", "true")
    page.reload()
    expect(options).to_have_value("same\nsame")
    with saved(page):
        options.fill("one\nother")
    expect(problem).to_have_text("")
    # Somebody else, meanwhile
    change_draft(project_id=project.pk, by=cast.requester, at=clock.now(), title="Another title")
    page.fill("#instructions", "Mine.")
    page.wait_for_selector("[data-conflict]:visible")
    expect(page.locator("[data-saved]")).to_contain_text("This draft was changed at")
    assert latest_revision(project).design["instructions"] == "Read it twice."
    with saved(page):
        page.click("[data-mine]")
    assert latest_revision(project).design["instructions"] == "Mine."


def test_a_condition_says_what_it_lacks_only_until_it_is_mended(cast, opened):  # noqa: F811
    project = a_draft(cast)
    page = opened(cast.requester)
    page.goto(address_of(project))
    press(page, "button[value='condition:i3.shown_if']")
    with swapped(page):
        page.select_option("[id='i3.shown_if.item']", "spam")
    page.wait_for_selector("[name='i3.shown_if.in']")
    lacks = page.locator("[data-problem-of='i3.shown_if']")
    expect(lacks).not_to_be_empty()
    with saved(page):
        page.check("[name='i3.shown_if.in'][value='yes']")
    expect(page.locator("[id='i3.shown_if']")).not_to_contain_text("needed", use_inner_text=True)
    assert latest_revision(project).design["items"][2]["shown_if"] == {"item": "spam", "in": ["yes"]}
    # What is wrong with a field that is not drawn is said beside what holds it
    with saved(page):
        page.uncheck("[name='i3.shown_if.in'][value='yes']")
    expect(lacks.or_(page.locator("[data-problem-of='i3.shown_if.in']")).filter(has_text=".")).to_be_visible()


def test_items_are_put_in_order_with_the_keyboard_alone(cast, opened):  # noqa: F811
    project = a_draft(cast)
    page = opened(cast.requester)
    page.goto(address_of(project))
    page.focus("#i3-handle")
    page.keyboard.press("Space")
    moves = page.locator("[data-moves]")
    expect(page.locator("#i3-handle")).to_have_attribute("aria-pressed", "true")
    expect(moves).to_contain_text("Lifted")
    page.keyboard.press("ArrowUp")
    expect(moves).to_contain_text("place 2 of 3")
    page.keyboard.press("ArrowUp")
    with saved(page):
        page.keyboard.press("Space")
    assert types_of(project) == ["long_text", "text", "single_choice"]
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(moves).to_contain_text("back at place 1")
    # The focus is on a button, so Ctrl+Z is the design's
    with swapped(page):
        page.keyboard.press("Control+z")
    assert types_of(project) == ["text", "single_choice", "long_text"]
    with swapped(page):
        page.focus("#i1-copy")
        page.keyboard.press("Control+Shift+z")
    assert types_of(project) == ["long_text", "text", "single_choice"]
    # Adding and going on typing without a mouse
    with swapped(page):
        page.focus("#do-add-short_text")
        page.keyboard.press("Enter")
    with saved(page):
        page.keyboard.press("Control+a")
        page.keyboard.type("Typed at once")
    until(page, lambda: latest_revision(project).design["items"][3]["label"] == "Typed at once")


def test_an_item_is_dragged_by_its_handle(cast, opened):  # noqa: F811
    project = a_draft(cast)
    page = opened(cast.requester)
    page.goto(address_of(project))
    for summary in page.query_selector_all(".design-item summary"):
        summary.click()
    start = page.locator("#i3-handle").bounding_box()
    end = page.locator("#i1").bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 30, steps=8)
    page.mouse.move(end["x"] + 20, end["y"] + 3, steps=4)
    with saved(page):
        page.mouse.up()
    assert types_of(project) == ["long_text", "text", "single_choice"]
    expect(page.locator("#i3 h3")).to_have_text(re.compile(r"^\s*1\."))


def test_a_column_is_put_where_somebody_types_and_the_frame_walks_through_the_rows(cast, opened):  # noqa: F811
    project = a_draft(cast)
    with_rows(cast.requester, project)
    page = opened(cast.requester)
    page.goto(address_of(project))
    page.fill("[id='i2.label']", "About ")
    with saved(page):
        page.click("[data-insert='{{a}}']")
    expect(page.locator("[id='i2.label']")).to_have_value("About {{a}}")
    page.fill("[id='i2.label']", "About {{nothing}}")
    page.wait_for_selector("#design-facts .notice:has-text('nothing')")
    frame = page.frame_locator("iframe[name=seen]")
    frame.locator("text=Next row").click()
    frame.locator("text=Row 2 of 3").wait_for()
    page.check("input[name=width][value=phone]")
    expect(page.locator("iframe[name=seen]")).to_have_attribute("style", re.compile("width: 390px"))
    page.fill("#instructions", "Seen at once.")
    frame.locator("text=Seen at once.").wait_for()
    frame.locator("text=Row 2 of 3").wait_for()


def test_everything_works_with_scripts_off(cast, opened):  # noqa: F811
    project = a_draft(cast)
    page = opened(cast.requester, java_script_enabled=False)
    page.goto(address_of(project))
    page.fill("#instructions", "Typed without scripts.")
    page.select_option("select[name=place]", "i1")
    follow(page, "#do-add-number")
    assert types_of(project) == ["text", "number", "single_choice", "long_text"]
    for button in ("#i2-down", "#i1-copy", "#i5-delete"):
        follow(page, button)
    assert types_of(project) == ["text", "text", "single_choice", "number"]
    assert "Undo brings it back" in page.inner_text("main, #notices >> nth=0")
    follow(page, "#do-undo")
    assert types_of(project) == ["text", "text", "single_choice", "number", "long_text"]
    follow(page, "li#i5 >> text=Needed only if…")
    page.select_option("[id='i5.required_if.item']", "spam")
    follow(page, "text=Show its answers")
    page.check("[name='i5.required_if.in'][value=no]")
    follow(page, "li#i5 >> text=Done")
    design = latest_revision(project).design
    assert design["items"][4]["required_if"] == {"item": "spam", "in": ["no"]}
    assert design["instructions"] == "Typed without scripts."


def test_no_state_of_the_builder_is_too_wide_or_fails_the_accessibility_check(cast, opened):  # noqa: F811
    project = a_draft(cast)
    with_rows(cast.requester, project)
    page = opened(cast.requester)
    found = []
    page.on("response", lambda said: said.status == 404 and found.append((said.url, 404)))

    def check(state):
        found.extend(faults(page, state, named="builder"))

    page.goto(address_of(project))
    check("plain")
    for kind in ("ranked_texts", "conversations", "page", "image", "spans"):
        press(page, f"#do-add-{kind}")
    press(page, "li#i3 >> text=Show it only if…")
    with swapped(page):
        page.select_option("[id='i3.shown_if.item']", "spam")
    page.fill("[id='i2.options']", "same\nsame")
    page.wait_for_selector("[data-saved]:has-text('unfinished')")
    page.click("summary:has-text('Versions')")
    page.focus("#i2-handle")
    page.keyboard.press("Space")
    check("all")
    page.keyboard.press("Escape")
    change_draft(project_id=project.pk, by=cast.requester, at=clock.now(), title="Another")
    page.fill("#instructions", "Mine.")
    page.wait_for_selector("[data-conflict]:visible")
    check("conflict")
    page.on("dialog", lambda dialog: dialog.accept())
    for name in ("gallery", "import_project", "new_project"):
        page.goto(reverse(name))
        check(name)
    page.goto(reverse("preview_frame", args=[project.pk]))
    check("frame")
    page.goto(reverse("project_details", args=[project.pk]))
    check("details")
    assert found == []


def test_a_design_of_two_hundred_items_stays_quick(cast, opened):  # noqa: F811
    many = [{**SORTING["items"][1], "name": f"q{n}", "label": f"Question {n}"} for n in range(199)]
    project = a_draft(cast, {**SORTING, "items": many})
    page = opened(cast.requester)
    page.goto(address_of(project))
    page.wait_for_selector("#i199-handle:visible")
    began = page.evaluate("performance.now()")
    press(page, "#i7-copy")
    took = page.evaluate("performance.now()") - began
    assert len(types_of(project)) == 200
    assert took < 15_000  # half a second of it is ours; machines that test are busy
    expect(page.locator("#adding")).to_contain_text("at most 200 items")
