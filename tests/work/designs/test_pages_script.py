"""Conditions, pages and questions with several fields in a real browser: the same rules as the server's."""

import pytest
from django.conf import settings
from django.http import QueryDict
from tests.work.designs.in_browser import DRESS, TaskPage

from canut.work.designs.answers import answer_from_post, compile_validator
from canut.work.designs.forms import TaskForm
from canut.work.designs.problems import AnswerRefused
from canut.work.designs.schema import read_design

pytestmark = pytest.mark.browser

AXE = settings.NODE_DIR / "node_modules" / "axe-core" / "axe.min.js"

OPTIONS = [{"value": value, "label": value.upper()} for value in "xyz"]
VERDICT = {"type": "single_choice", "name": "verdict", "label": "Is it right?", "options": OPTIONS[:2]}
MARK = {
    "type": "rating", "name": "mark", "label": "How wrong?", "least": 0, "most": 10, "least_label": "Hardly",
    "most_label": "Wholly", "shown_if": {"item": "verdict", "in": ["y"]},
}  # fmt: skip
WHY = {"type": "long_text", "name": "why", "label": "Why?", "shown_if": {"item": "mark", "in": ["10"]}}
ORDER = {"type": "ranking", "name": "order", "label": "Which first?", "options": OPTIONS}
CHATS = {
    "type": "conversations", "name": "chats", "label": "Which is better?", "both_bad": True,
    "a": "User: Hello\nAssistant: Hello to you", "b": "User: Hello\nAssistant: What?",
    "criteria": [
        {"name": "kind", "label": "Kind"},
        {"name": "right", "label": "Right", "by": "rating", "most_label": "Wholly", "least_label": "Not"},
    ],
    "reasons": "overall", "reasons_for": ["both_bad"],
}  # fmt: skip


def design_of(*items):
    return read_design({"version": 1, "instructions": "", "items": list(items)})


def form_of(*items, **fields):
    return TaskForm(design_of(*items), {}, seed=0, **fields)


def agrees(task, design):
    """Tell whether the form can be handed in, after comparing with what the server would say."""
    complete = task.page.evaluate("document.querySelector('form').checkValidity()")
    pairs = task.page.evaluate("[...new FormData(document.querySelector('form'))]")
    post = {}
    for name, value in pairs:
        post.setdefault(name, []).append(value)
    try:
        compile_validator(design)(answer_from_post(design, post))
    except AnswerRefused:
        assert not complete
    else:
        assert complete
    return complete


def test_what_an_answer_hides_is_hidden_not_needed_and_not_sent(task):
    design = design_of(VERDICT, MARK, WHY)
    task.open(TaskForm(design, {}, seed=0))
    mark, why = task.page.locator("[data-shown-if=answer-verdict]"), task.page.locator("textarea")
    assert not mark.is_visible()
    assert not agrees(task, design)
    task.page.locator("input[value=y]").check()
    assert mark.is_visible()
    assert not agrees(task, design)
    task.page.locator("input[name=answer-mark][value='10']").check()
    assert why.is_visible()
    assert not agrees(task, design)
    why.fill("So")
    assert agrees(task, design)
    # What hides the first hides what hangs on it; what was written is still there when it comes back
    task.page.locator("input[value=x]").check()
    assert not why.is_visible()
    assert agrees(task, design)
    with task.page.expect_navigation():
        task.page.keyboard.press("Control+Enter")
    sent = {name for name in task.handed_in[0] if name.startswith("answer-")}
    assert sent == {"answer-verdict"}


def test_without_scripts_conditions_stand_there_in_words_on_one_page(chromium, site):
    context = chromium.new_context(java_script_enabled=False)
    task = TaskPage(context.new_page(), site)
    task.open(form_of(VERDICT, MARK, {"type": "page", "title": "Then"}, ORDER))
    assert task.page.locator("legend", has_text="Only if the answer to “Is it right?” is: Y.").is_visible()
    assert task.page.locator("input[name=answer-mark]").first.is_visible()
    assert task.page.locator("select").first.is_visible()
    assert not task.page.get_by_role("button", name="Next").is_visible()
    assert task.page.locator("[data-hand-in]").is_visible()
    context.close()


PAGED = (
    VERDICT,
    {"type": "page", "title": "What is wrong", "shown_if": {"item": "verdict", "in": ["y"]}},
    {"type": "short_text", "name": "what", "label": "What?"},
    {"type": "page", "title": "The end"},
    {"type": "number", "name": "age", "label": "How old?", "max": 9},
)


def progress(task):
    return task.page.locator("[data-page-progress]:visible").text_content()


def test_pages_are_turned_once_they_are_complete_and_passed_over_where_nothing_is_asked(task):
    task.open(form_of(*PAGED))
    next_, back = (task.page.get_by_role("button", name=name) for name in ("Next", "Back"))
    hand_in = task.page.locator("[data-hand-in]")
    assert (progress(task), back.is_visible(), hand_in.is_visible()) == ("Page 1 of 2", False, False)
    next_.click()
    assert progress(task) == "Page 1 of 2"  # an answer is missing
    task.page.locator("input[value=y]").check()
    assert progress(task) == "Page 1 of 3"
    next_.click()
    assert progress(task) == "Page 2 of 3"
    assert task.page.evaluate("document.activeElement.textContent.includes('What is wrong')")
    task.page.get_by_label("What?").fill("Everything")
    task.page.keyboard.press("Enter")  # turns the page, and hands nothing in
    assert (progress(task), hand_in.is_visible(), next_.is_visible()) == ("Page 3 of 3", True, False)
    back.click()
    back.click()
    task.page.locator("input[value=x]").check()
    next_.click()
    assert progress(task) == "Page 2 of 2"
    task.page.get_by_label("How old?").fill("7")
    with task.page.expect_navigation():
        hand_in.click()
    sent = {name: value for name, value in task.handed_in[0].items() if name.startswith("answer-")}
    assert sent == {"answer-verdict": "x", "answer-age": "7"}


def test_a_page_that_hides_a_question_of_its_own_is_still_a_page(task):
    task.open(form_of(ORDER, {"type": "page", "title": "Then"}, VERDICT, MARK))
    assert progress(task) == "Page 1 of 2"
    for box, place in zip(task.page.locator("select:visible").all(), "123", strict=True):
        box.select_option(place)
    task.page.get_by_role("button", name="Next").click()
    assert progress(task) == "Page 2 of 2"
    assert not task.page.locator("[data-shown-if=answer-verdict]").is_visible()
    task.page.locator("input[value=y]").check()
    assert task.page.locator("[data-shown-if=answer-verdict]").is_visible()


def test_control_and_enter_turn_the_page_until_the_last_one(task):
    task.open(form_of(*PAGED))
    task.page.keyboard.press("1")
    assert task.checked() == ["x"]
    task.page.keyboard.press("Control+Enter")
    assert progress(task) == "Page 2 of 2"
    task.page.get_by_label("How old?").fill("7")
    with task.page.expect_navigation():
        task.page.keyboard.press("Control+Enter")
    assert len(task.handed_in) == 1


def test_an_error_opens_the_page_on_which_it_stands(task):
    data = QueryDict("answer-verdict=y&answer-what=&answer-age=12")
    form = form_of(*PAGED, data=data)
    assert not form.is_valid()
    task.open(form)
    assert progress(task) == "Page 2 of 3"
    task.page.locator("[data-faults] a", has_text="How old?").click()
    assert progress(task) == "Page 3 of 3"
    assert task.page.evaluate("document.activeElement.name") == "answer-age"
    # And what the browser finds wrong on a page that is put away
    task.page.get_by_label("How old?").fill("7")
    task.page.locator("[data-hand-in]").click()
    assert progress(task) == "Page 2 of 3"
    assert task.page.evaluate("document.activeElement.name") == "answer-what"
    assert task.handed_in == []


@pytest.mark.parametrize("needed", [True, False])
def test_places_are_given_all_or_none_and_each_once(task, needed):
    design = design_of(ORDER | {"required": needed})
    task.open(TaskForm(design, {}, seed=3))
    lists = task.page.locator("select")
    assert agrees(task, design) is not needed
    for places, complete in [("3", False), ("33", False), ("331", False), ("231", True), ("221", False)]:
        for number, place in enumerate(places):
            lists.nth(number).select_option(place)
        assert agrees(task, design) is complete
    for number in range(3):
        lists.nth(number).select_option("")
    assert agrees(task, design) is not needed


def test_a_reason_is_needed_with_the_choices_that_need_one(task):
    design = design_of(CHATS | {"required": False})
    task.open(TaskForm(design, {}, seed=1))
    assert agrees(task, design)
    task.page.locator("[name=answer-chats-overall-better][value=both_bad]").check()
    assert not agrees(task, design)
    task.page.locator("[name=answer-chats-kind-better][value=a]").check()
    task.page.locator("[name=answer-chats-right-a][value='2']").check()
    task.page.locator("[name=answer-chats-right-b][value='1']").check()
    assert not agrees(task, design)
    task.page.locator("textarea").fill("Neither answers.")
    task.page.locator("textarea").blur()
    assert agrees(task, design)
    task.page.locator("textarea").fill("")
    task.page.locator("[name=answer-chats-overall-better][value=a]").check()
    assert agrees(task, design)


def test_an_answer_with_parts_that_a_condition_needs_is_needed_whole(task):
    design = design_of(VERDICT, CHATS | {"required_if": {"item": "verdict", "in": ["y"]}})
    task.open(TaskForm(design, {}, seed=1))
    task.page.locator("input[value=x]").check()
    assert agrees(task, design)
    task.page.locator("input[name=answer-verdict][value=y]").check()
    assert not agrees(task, design)


def test_a_number_key_chooses_the_point_of_that_number(task):
    task.open(form_of(MARK | {"shown_if": None}))
    task.page.keyboard.press("7")
    assert task.checked() == ["7"]


EVERY = (
    VERDICT, MARK, WHY, ORDER | {"ties": True}, CHATS,
    {"type": "image", "source": "https://127.0.0.1:9/a.png", "alt": "A street", "heading": "Picture"},
    {"type": "audio", "source": "https://127.0.0.1:9/a.ogg", "alt": "A bird", "heading": "Sound"},
    {"type": "drop_down", "name": "where", "label": "Where?", "options": OPTIONS},
    {"type": "date", "name": "day", "label": "When?", "help": "As well as you remember."},
    {
        "type": "best_text", "name": "best", "label": "Which is the best?", "prompt": "Why?", "ties": True,
        "texts": [{"value": value, "text": f"{value} " * 60} for value in "xyz"],
    },
    {
        "type": "ranked_texts", "name": "texts", "label": "In which order?",
        "texts": [{"value": value, "text": "unbroken" * 60} for value in "xyz"],
    },
    {"type": "page", "title": "More"},
    {"type": "short_text", "name": "more", "label": "More?"},
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_no_item_is_wider_than_the_screen_or_fails_the_accessibility_check(chromium, site, scheme, width):
    if not AXE.exists():
        pytest.skip(f"there is no axe-core in {AXE.parent}")
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    task = TaskPage(context.new_page(), site)
    data = QueryDict("answer-verdict=y&answer-mark=10&answer-order-0=1")
    form = form_of(*EVERY, data=data)
    form.is_valid()
    task.open(form, dress=DRESS)
    assert task.page.evaluate("document.documentElement.scrollWidth") <= width
    task.page.evaluate(AXE.read_text())
    violations = task.page.evaluate("axe.run(document).then((said) => said.violations)")
    context.close()
    assert [(one["id"], node["html"][:200]) for one in violations for node in one["nodes"]] == []
