"""What task.js does in a real browser: keys, countdown, active time, drafts, and nothing for the hostile."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict
from playwright.sync_api import expect
from tests.work.designs.in_browser import TaskPage, until

from canut.work.designs.forms import TaskForm
from canut.work.designs.patterns import Pattern
from canut.work.designs.schema import read_design
from canut.work.designs.starting import STARTING_DESIGNS

pytestmark = pytest.mark.browser

PAIRWISE = STARTING_DESIGNS["pairwise"].design()
PAIR_ROW = STARTING_DESIGNS["pairwise"].example_row()
TRANSLATION = STARTING_DESIGNS["translation-check"].design()
TRANSLATION_ROW = STARTING_DESIGNS["translation-check"].example_row()


@pytest.fixture
def timed(chromium, site):
    """A page whose clock the test moves; the worker's own clock is years off."""
    context = chromium.new_context()
    page = context.new_page()
    page.clock.install(time=datetime(1999, 5, 5, tzinfo=UTC))
    yield TaskPage(page, site)
    context.close()


def test_number_keys_choose_what_stands_at_that_place(task):
    task.open(TaskForm(PAIRWISE, PAIR_ROW, seed=1))
    for key, value in [("1", "b"), ("2", "a"), ("3", "tie"), ("1", "b")]:
        task.page.keyboard.press(key)
        assert task.checked() == [value]
    task.page.keyboard.press("4")
    task.page.keyboard.press("Control+2")
    assert task.checked() == ["b"]


def test_number_keys_are_letters_while_somebody_types(task):
    task.open(TaskForm(TRANSLATION, TRANSLATION_ROW, seed=0))
    task.page.locator("textarea").press("2")
    assert task.page.locator("textarea").input_value() == "2"
    assert task.checked() == []


def test_number_keys_can_be_turned_off_and_stay_so(task):
    task.open(TaskForm(PAIRWISE, PAIR_ROW, seed=0))
    task.page.locator("[data-number-keys]").uncheck()
    task.page.keyboard.press("1")
    assert task.checked() == []
    task.open(TaskForm(PAIRWISE, PAIR_ROW, seed=0))
    assert not task.page.locator("[data-number-keys]").is_checked()
    assert not task.page.locator("[data-key]").first.is_visible()


def test_control_and_enter_hand_in_once_and_only_what_is_complete(task):
    task.open(TaskForm(PAIRWISE, PAIR_ROW, seed=0))
    task.page.keyboard.press("Control+Enter")
    assert task.page.evaluate("document.activeElement.name") == "answer-better"
    assert task.handed_in == []
    task.page.keyboard.press("3")
    with task.page.expect_navigation():
        task.page.keyboard.press("Control+Enter")
    assert [sent["answer-better"] for sent in task.handed_in] == ["tie"]


def test_an_answer_is_needed_in_the_browser_when_the_condition_says_so(task):
    task.open(TaskForm(TRANSLATION, TRANSLATION_ROW, seed=0))
    needed = "document.querySelector('textarea').required"
    assert task.page.evaluate(needed) is False
    for value, is_needed in [("wrong", True), ("right", False), ("unnatural", True)]:
        task.page.locator(f"input[value={value}]").check()
        assert task.page.evaluate(needed) is is_needed


def test_the_countdown_goes_by_the_servers_clock_and_speaks_twice(timed):
    timed.open(TaskForm(PAIRWISE, PAIR_ROW, seed=0))
    says = "[data-clock-says]"
    assert timed.text("[data-time-left-figure]") in ("30:00", "29:59")
    timed.page.clock.run_for(24 * 60_000)
    assert timed.text("[data-time-left-figure]").startswith(("6:", "5:5"))
    assert timed.text(says) == ""
    timed.page.clock.run_for(2 * 60_000)
    assert timed.text(says) == "Five minutes left for this task."
    timed.page.clock.run_for(3 * 60_000)
    assert timed.text(says) == "One minute left for this task."
    timed.page.clock.run_for(2 * 60_000)
    assert timed.text("[data-time-left-figure]") == "0:00"
    assert timed.text(says).startswith("The time for this task is over.")
    assert timed.page.locator(says).is_visible()


def test_a_laptop_that_slept_does_not_gain_time(task):
    task.open(TaskForm(PAIRWISE, PAIR_ROW, seed=0))
    # The steady clock stood still for twenty minutes; the wall clock did not
    task.page.evaluate("() => { const now = Date.now.bind(Date); Date.now = () => now() + 20 * 60_000; }")
    task.page.wait_for_function(
        "document.querySelector('[data-time-left-figure]').textContent.startsWith('9:')"
    )


def seconds(timed):
    return int(timed.page.locator("[data-active-seconds]").input_value() or 0)


def test_active_time_stops_after_thirty_idle_seconds(timed):
    timed.open(TaskForm(PAIRWISE, PAIR_ROW, seed=0))
    timed.page.clock.run_for(20_000)
    assert 19 <= seconds(timed) <= 21
    timed.page.clock.run_for(600_000)
    assert 29 <= seconds(timed) <= 31
    timed.page.keyboard.press("1")
    timed.page.clock.run_for(10_000)
    assert 39 <= seconds(timed) <= 41
    with timed.page.expect_navigation():
        timed.page.locator("[data-hand-in]").click()
    assert 39 <= int(timed.handed_in[0]["measured_seconds"]) <= 42


def test_active_time_stops_while_the_page_is_hidden_and_goes_on_from_what_was_posted(timed):
    timed.open(TaskForm(PAIRWISE, PAIR_ROW, seed=0, measured_seconds=100))
    timed.page.clock.run_for(5_000)
    timed.page.evaluate(HIDE)
    timed.page.clock.run_for(20_000)
    assert 104 <= seconds(timed) <= 106
    timed.page.evaluate(HIDE.replace("true", "false"))
    timed.page.clock.run_for(5_000)
    assert 109 <= seconds(timed) <= 111


HIDE = """() => {
  Object.defineProperty(document, "hidden", { value: true, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_draft_is_kept_every_ten_seconds_if_something_changed(timed):
    timed.open(TaskForm(TRANSLATION, TRANSLATION_ROW, seed=0))
    timed.page.clock.run_for(30_000)
    assert timed.drafts == []
    timed.page.locator("textarea").fill("Mieux")
    with timed.page.expect_response("**/draft"):
        timed.page.clock.run_for(10_000)
    (draft,) = timed.drafts
    assert (draft["answer-better"], draft["csrfmiddlewaretoken"]) == ("Mieux", "token")
    expect(timed.page.locator("[data-draft-says]")).to_have_text("Draft kept.")
    timed.page.clock.run_for(60_000)
    assert len(timed.drafts) == 1


def test_a_draft_that_was_not_kept_is_said_and_tried_again(timed):
    timed.open(TaskForm(TRANSLATION, TRANSLATION_ROW, seed=0))
    timed.site.draft_status = 500
    timed.page.locator("textarea").fill("Mieux")
    with timed.page.expect_response("**/draft"):
        timed.page.clock.run_for(10_000)
    timed.page.wait_for_function(
        "document.querySelector('[data-draft-says]').textContent.includes('could not')"
    )
    timed.site.draft_status = 204
    with timed.page.expect_response("**/draft"):
        timed.page.clock.run_for(10_000)
    assert len(timed.drafts) == 2


def test_a_draft_is_sent_when_the_page_is_left_but_not_after_handing_in(task):
    task.open(TaskForm(TRANSLATION, TRANSLATION_ROW, seed=0))
    task.page.locator("textarea").fill("Mieux")
    task.page.goto(f"{task.site.address}/task.css")
    until(task.page, lambda: task.drafts)
    assert [draft["answer-better"] for draft in task.drafts] == ["Mieux"]
    task.open(TaskForm(TRANSLATION, TRANSLATION_ROW, seed=0))
    task.page.locator("textarea").fill("Mieux")
    task.page.locator("input[value=right]").check()
    with task.page.expect_navigation():
        task.page.locator("[data-hand-in]").click()
    assert len(task.drafts) == 1


@pytest.mark.parametrize(("width", "beside"), [(1200, True), (360, False)])
def test_the_pair_stands_side_by_side_and_on_a_phone_one_below_the_other(task, width, beside):
    task.page.set_viewport_size({"width": width, "height": 800})
    row = PAIR_ROW | {"a": "word " * 200, "b": "unbroken" * 100}
    task.open(TaskForm(PAIRWISE, row, seed=0))
    left, right = (task.page.locator(".side").nth(number).bounding_box() for number in (0, 1))
    assert (left["y"] == right["y"]) is beside
    assert (left["x"] < right["x"]) is beside
    assert task.page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_the_task_can_be_done(chromium, site):
    context = chromium.new_context(java_script_enabled=False)
    task = TaskPage(context.new_page(), site).open(TaskForm(PAIRWISE, PAIR_ROW, seed=0))
    assert not task.page.locator("[data-keys-offer]").is_visible()
    task.page.get_by_label("B is better").check()
    task.page.locator("[data-hand-in]").click()
    task.page.wait_for_url("**/hand-in")
    assert task.handed_in[0]["answer-better"] == "b"
    context.close()


def test_a_pattern_means_the_same_in_the_browser_as_on_the_server(task):
    sources = [
        r"\d{5}",
        r"[A-Z]{2}-\d+",
        r"\p{Lu}\p{Ll}*([ '-]\p{L}+)*",
        r"[^\s@]+@[^\s@]+\.[a-z]{2,}",
        "yes|no|",
        r"\S.*\S",
        r"[\]\\^&~|(){}/.-]+",
        r"\W\w?",
        ".",
        "(a|aa)+b?",
        "[é-ü]",
        r"[\d\p{P}]+",
    ]
    texts = [
        "",
        "69001",
        "6900",
        "FR-7",
        "Élodie",
        "Jean-Éric d'Arc",
        "a@b.fr",
        "a b@c.de",
        "yes",
        "no",
        "x",
        "a b",
        " ",
        r"]\^&~|(){}/.-",
        "-a",
        "é",
        "ÿ",
        "aaab",
        "12!?",
        "😀",
        "\u00a0",
        "\u2028",
        "e\u0301",
        "_",
        "٣",
    ]
    patterns = [Pattern(source) for source in sources]
    task.open(TaskForm(PAIRWISE, PAIR_ROW, seed=0))
    theirs = task.page.evaluate(
        "([sources, texts]) => sources.map(s => texts.map(t => new RegExp(`^(?:${s})$`, 'v').test(t)))",
        [[pattern.html for pattern in patterns], texts],
    )
    assert theirs == [[pattern.matches(text) for text in texts] for pattern in patterns]
    assert any(map(any, theirs))


HOSTILE = "".join(
    [
        "<script>document.title='hurt';alert(1)</script>",
        "\"'><img src='/stolen' onerror='alert(2)'><svg onload=alert(3)>",
        "</textarea></div></section><iframe srcdoc='<script>parent.alert(4)</script>'></iframe>",
        "<form action='/stolen'><input autofocus onfocus=alert(5)><base href='//evil.test'>",
        "<meta http-equiv=refresh content='0;url=/stolen'><link rel=stylesheet href=/stolen>",
    ]
)


def test_nothing_that_a_requester_writes_runs_in_a_workers_page(task):
    # Given hostile words in every text of a design, in the row and in what was typed; and no policy to help
    raw = {
        "version": 1,
        "instructions": HOSTILE,
        "items": [
            {"type": "text", "heading": HOSTILE[:200], "text": HOSTILE + "{{x}}"},
            {"type": "pairwise", "name": "p", "label": "{{x}}", "prompt": "{{x}}", "a": "{{x}}", "b": "H"},
            {
                "type": "single_choice", "name": "s", "label": "{{x}}", "help": HOSTILE,
                "options": [{"value": HOSTILE[:99], "label": "{{x}}"}, {"value": "o", "label": HOSTILE[:99]}],
            },
            {
                "type": "long_text", "name": "l", "label": "{{x}}", "max_length": 3,
                "required_if": {"item": "s", "in": [HOSTILE[:99]]},
            },
        ],
    }  # fmt: skip
    data = QueryDict(mutable=True)
    data.update({"answer-l": HOSTILE, "answer-s": HOSTILE[:99], "answer-" + HOSTILE: "x"})
    form = TaskForm(read_design(raw), {"x": HOSTILE}, seed=1, data=data)
    assert not form.is_valid()
    # When the page is shown
    task.open(form)
    task.page.keyboard.press("1")
    task.page.wait_for_timeout(300)
    # Then nothing ran, nothing was fetched, and the words stand there to be read
    assert task.said == []
    assert task.site.asked == []
    assert task.page.title() == "Task"
    assert task.page.locator("iframe, img, svg, main script").count() == 0
    assert task.page.locator(".as-written").first.text_content() == HOSTILE
