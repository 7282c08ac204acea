"""How a task is drawn: faithful, safe whatever anybody wrote, and usable without eyes or mouse."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from canut.work.designs.conversations import turns_of
from canut.work.designs.forms import TaskForm
from canut.work.designs.items import Occasion
from canut.work.designs.pairwise import sides_swapped
from canut.work.designs.schema import read_design
from canut.work.queries.showing import HandedIn, loads_of, shown_items

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "</textarea><script>alert(1)</script>",
    "--><svg/onload=alert(1)>",
    "{{ form.design }}{% include 'secret.html' %}{{constructor}}",
    "javascript:alert(1)",
    "&lt;script&gt;&#60;script&#62;",
    "\u202e<b>\u2028\x0b\x1b[31m",
]


def design_with(text, item_value="x"):
    """A design that has `text` in every place where a requester can write one."""
    two_options = [{"value": item_value, "label": text + "{{column}}"}, {"value": "o", "label": text}]
    two_texts = [{"value": item_value, "text": text + "{{column}}"}, {"value": "o", "text": text}]
    return read_design(
        {
            "version": 1,
            "title": text,
            "instructions": text,
            "items": [
                {"type": "text", "heading": text, "text": text + "{{column}}", "lang": "fr"},
                {
                    "type": "pairwise", "name": "pair", "label": text, "help": text,
                    "prompt": text + "{{column}}", "a": text + "{{column}}", "b": text,
                },
                {
                    "type": "single_choice", "name": "one", "label": text + "{{column}}", "help": text,
                    "options": [{"value": item_value, "label": text}, {"value": "other", "label": text}],
                },
                {
                    "type": "multiple_choice", "name": "several", "label": text, "help": text,
                    "options": [{"value": item_value, "label": text + "{{column}}"}],
                    "required_if": {"item": "one", "in": [item_value]},
                },
                {"type": "short_text", "name": "short", "label": text, "help": text},
                {
                    "type": "long_text", "name": "long", "label": text, "help": text,
                    "required_if": {"item": "one", "in": [item_value]},
                },
                {"type": "number", "name": "number", "label": text, "help": text},
                {"type": "page", "title": text + "{{column}}"},
                {"type": "image", "source": "{{column}}", "alt": text, "heading": text},
                {"type": "audio", "source": "https://example.org/a.ogg", "alt": text + "{{column}}"},
                {"type": "video", "source": "https://example.org/{{none}}", "alt": text, "heading": text},
                {
                    "type": "drop_down", "name": "listed", "label": text, "help": text,
                    "options": two_options,
                },
                {"type": "date", "name": "day", "label": text, "help": text},
                {
                    "type": "rating", "name": "much", "label": text, "help": text,
                    "least_label": text, "most_label": text + "{{column}}",
                },
                {
                    "type": "page", "title": text,
                    "shown_if": {"item": "one", "in": [item_value]},
                },
                {
                    "type": "best_text", "name": "best", "label": text, "prompt": text,
                    "texts": two_texts,
                    "shown_if": {"item": "listed", "in": [item_value]},
                },
                {
                    "type": "ranking", "name": "order", "label": text, "help": text,
                    "options": two_options,
                },
                {
                    "type": "ranked_texts", "name": "places", "label": text, "prompt": text,
                    "texts": two_texts,
                },
                {
                    "type": "conversations", "name": "chats", "label": text, "prompt": text,
                    "a": "User: " + text + "{{column}}\nAssistant: " + text, "b": "{{column}}",
                    "criteria": [
                        {"name": "safe", "label": text},
                        {"name": "helps", "label": text, "by": "rating", "least_label": text},
                    ],
                    "reasons": "each", "reasons_for": ["tie"],
                },
            ],
        }
    )  # fmt: skip


class Page(HTMLParser):
    """What a browser would find in the page."""

    VOID = {"input", "img", "br", "hr"}

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.texts = []
        self.open = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag, **attributes):
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [a for t, a in self.elements if t == tag and wanted.items() <= a.items()]

    def one(self, tag, **attributes):
        (found,) = self.all(tag, **attributes)
        return found


def drawn(form):
    return Page(render_to_string("work/items/items.html", {"form": form}))


def skeleton(page):
    """Everything of a page but the words: what script could hide in."""
    words = {"value", "data-needed-among", "data-shown-among", "alt", "aria-label"}
    return [(tag, sorted((n, v) for n, v in attrs.items() if n not in words)) for tag, attrs in page.elements]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_requesters_text_is_only_ever_text(hostile):
    # Given the same page with harmless words and with hostile ones, in the design, the row and the draft
    pages = []
    for words in ("plain words", hostile):
        value = " ".join(words.split())
        design = design_with(words, item_value=value)
        row = {"column": words}
        draft = {"short": words, "long": words, "number": words, "one": value, "several": [value]}
        for form in (
            TaskForm(design, row, seed=1, draft=draft),
            TaskForm(
                design, row, seed=1, data=post_of(short=words * 200, long=words, number=words, one=value)
            ),
        ):
            form.is_valid()
            context = {"form": form, "design": design}
            pages.append(
                render_to_string("work/items/items.html", context)
                + render_to_string("work/items/instructions.html", context)
            )
    skeletons = [skeleton(Page(page)) for page in pages]
    # Then the hostile page has exactly the same elements and attributes
    assert skeletons[2:] == skeletons[:2]
    # And the words are there to be read
    assert "".join(hostile.split()) in "".join("".join(Page(pages[2]).texts).split())


def post_of(**values):
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(f"answer-{name}", value if isinstance(value, list) else [value])
    return data


def test_line_breaks_and_blanks_of_a_text_are_kept():
    text = "  def f():\n\n    return 1\t# ok"
    design = read_design(
        {
            "version": 1,
            "instructions": "",
            "items": [{"type": "pairwise", "name": "q", "label": "Q", "a": "{{a}}", "b": "{{b}}"}],
        }
    )
    page = drawn(TaskForm(design, {"a": text, "b": "B"}, seed=0))
    assert text in page.texts


PAIR = {
    "type": "pairwise",
    "name": "q",
    "label": "Which?",
    "prompt": "{{p}}",
    "a": "{{left}}",
    "b": "{{right}}",
}
ROW = {"p": "Prompt", "left": "text of left", "right": "text of right"}


def pair_page(seed, **fields):
    design = read_design({"version": 1, "instructions": "", "items": [PAIR | fields]})
    return drawn(TaskForm(design, ROW, seed=seed))


@pytest.mark.parametrize(
    ("seed", "order", "values"),
    [
        (0, ["text of left", "text of right"], ["a", "b", "tie"]),
        (1, ["text of right", "text of left"], ["b", "a", "tie"]),
    ],
)
def test_the_seed_swaps_the_sides_and_the_values_follow_the_columns(seed, order, values):
    page = pair_page(seed)
    assert [text for text in page.texts if text.startswith("text of")] == order
    assert [radio["value"] for radio in page.all("input", type="radio")] == values
    labels = [text for text in page.texts if text in ("A is better", "B is better", "Tie")]
    assert labels == ["A is better", "B is better", "Tie"]


def test_half_of_all_seeds_swap_the_sides():
    assert sum(sides_swapped(seed) for seed in range(-500, 500)) == 500


def test_without_ties_there_is_no_tie_to_choose():
    assert [radio["value"] for radio in pair_page(0, ties=False).all("input", type="radio")] == ["a", "b"]


def test_every_input_has_a_label_and_every_group_a_legend():
    page = drawn(TaskForm(design_with("words"), {}, seed=0))
    labelled = {label.get("for") for label in page.all("label")}
    for tag in ("input", "textarea", "select"):
        for control in page.all(tag):
            if control.get("type") != "hidden" and "data-number-keys" not in control:
                assert control["id"] in labelled
    # three groups of choices, a scale, a page and an item that are not always shown, the best text
    # chosen, and three questions with parts, the last of which has four groups of its own
    assert len(page.all("fieldset")) == len(page.all("legend")) == 3 + 1 + 2 + 1 + 3 + 4


def test_ids_are_unique_and_whatever_is_pointed_at_is_there():
    form = TaskForm(design_with("words"), {}, seed=0, data=post_of(number="x"))
    form.is_valid()
    page = drawn(form)
    ids = [attributes["id"] for _tag, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _tag, attributes in page.elements:
        assert set(attributes.get("aria-describedby", "").split()) <= set(ids)
        if attributes.get("href"):
            assert attributes["href"].removeprefix("#") in ids


def test_an_error_sits_by_its_field_with_what_was_typed_still_there():
    form = TaskForm(
        design_with("words"), {}, seed=0, data=post_of(number="a dozen", long="kept", several="x")
    )
    assert not form.is_valid()
    page = drawn(form)
    number = page.one("input", name="answer-number")
    assert number["value"] == "a dozen"
    assert number["aria-invalid"] == "true"
    assert number["aria-describedby"] == "id_answer-number_helptext id_answer-number_error"
    assert "Write a number, such as 12 or 0.5. " in page.texts
    assert any(text.strip() == "kept" for text in page.texts)
    assert "checked" in page.one("input", type="checkbox", name="answer-several")
    assert page.one("fieldset", id="id_answer-one")["aria-describedby"].endswith("id_answer-one_error")


def test_an_error_about_the_whole_answer_stands_above_the_form():
    design = read_design({"version": 1, "instructions": "", "items": [PAIR]})
    form = TaskForm(design, ROW, seed=0, data=post_of(q="a", forged="x"))
    assert not form.is_valid()
    assert any("The design has no question of this name." in text for text in drawn(form).texts)


def test_the_browser_checks_by_the_same_fields():
    design = read_design(
        {
            "version": 1,
            "instructions": "",
            "items": [
                {
                    "type": "short_text", "name": "code", "label": "Code",
                    "min_length": 2, "max_length": 5, "pattern": r"\d{2,5}",
                },
                {"type": "long_text", "name": "why", "label": "Why?", "required": False, "max_length": 300},
                {"type": "number", "name": "sure", "label": "How sure?", "min": 0, "max": 1, "step": 0.1},
                {"type": "number", "name": "free", "label": "How many?", "required": False},
            ],
        }
    )  # fmt: skip
    page = drawn(TaskForm(design, {}, seed=0))
    code = page.one("input", name="answer-code")
    assert (code["minlength"], code["maxlength"], code["pattern"]) == ("2", "5", "[0-9]{2,5}")
    assert "required" in code
    why = page.one("textarea", name="answer-why")
    assert why["maxlength"] == "300"
    assert "required" not in why
    sure = page.one("input", name="answer-sure")
    assert (sure["min"], sure["max"], sure["step"]) == ("0", "1", "0.1")
    free = page.one("input", name="answer-free")
    assert free["step"] == "any"
    assert not {"min", "max"} & set(free)
    assert page.texts.count("(optional)") == 2


def test_a_conditional_answer_says_when_it_is_needed():
    page = drawn(TaskForm(design_with("words"), {}, seed=0))
    assert any("Needed if the answer to “words” is: words." in text for text in page.texts)
    item = page.one("div", data_needed_if="answer-one")
    assert item["data-needed-among"] == '["x"]'
    assert "required" not in page.one("textarea", name="answer-long")


def test_the_timers_figure_survives_an_error():
    design = read_design({"version": 1, "instructions": "", "items": [PAIR]})
    data = QueryDict("measured_seconds=41")
    form = TaskForm(design, ROW, seed=0, data=data)
    assert not form.is_valid()
    assert form.measured_seconds == 41
    assert drawn(form).one("input", name="measured_seconds")["value"] == "41"
    for forged in ("-1", "1e9", "99999999", "٣", ""):
        data = QueryDict(mutable=True)
        data["measured_seconds"] = forged
        assert TaskForm(design, ROW, seed=0, data=data).measured_seconds is None


def test_the_clock_gives_the_script_the_servers_time_beside_the_leases_end():
    html = render_to_string(
        "work/items/clock.html",
        {
            "now": datetime(2030, 1, 1, 12, 0, tzinfo=UTC),
            "lease_until": datetime(2030, 1, 1, 12, 30, tzinfo=UTC),
        },
    )
    (clock,) = [a for _t, a in Page(html).elements if "data-lease-until" in a]
    given = datetime.fromisoformat(clock["data-lease-until"]) - datetime.fromisoformat(
        clock["data-server-now"]
    )
    assert given.total_seconds() == 1800


@pytest.mark.parametrize(
    "name", ["errors", "entries", "faults", "offers_choices", "measured_seconds", "fields", "data"]
)
def test_an_item_may_be_called_anything_that_a_form_has_already(name):
    design = read_design({"version": 1, "instructions": "", "items": [PAIR | {"name": name}]})
    form = TaskForm(design, ROW, seed=0, data=post_of(**{name: "neither"}))
    assert not form.is_valid()
    page = drawn(form)
    assert page.one("a", href=f"#id_answer-{name}_0")
    assert len(page.all("input", type="radio", name=f"answer-{name}")) == 3
    assert TaskForm(design, ROW, seed=0, data=post_of(**{name: "tie"})).is_valid()


SEVERAL = {"type": "page", "title": "Then"}
MARK = {"type": "rating", "name": "mark", "label": "How good?", "least": 0, "most": 10}


def form_of(*items, row=(), seed=0, **fields):
    design = read_design({"version": 1, "instructions": "", "items": list(items)})
    return TaskForm(design, dict(row), seed=seed, **fields)


def test_one_page_says_nothing_of_pages_and_several_say_which_they_are():
    assert not [a for _t, a in drawn(form_of(PAIR)).elements if "data-page" in a or "data-paging" in a]
    page = drawn(form_of(PAIR, SEVERAL, MARK))
    assert len([a for _t, a in page.elements if "data-page" in a]) == 2
    progress = [a["data-page-progress"] for _t, a in page.elements if "data-page-progress" in a]
    assert progress == ["Page {number} of {count}"] * 2
    assert {"Page 1 of 2", "Page 2 of 2", "Then"} <= set(page.texts)
    assert page.one("nav")["hidden"] is None


def test_what_is_shown_only_with_an_answer_says_so_in_words_and_to_the_script():
    shown = {"item": "mark", "in": ["0", "1"]}
    page = drawn(form_of(MARK, {"type": "long_text", "name": "why", "label": "Why?", "shown_if": shown}))
    fieldset = page.one("fieldset", data_shown_if="answer-mark")
    assert fieldset["data-shown-among"] == '["0", "1"]'
    assert "Only if the answer to “How good?” is: 0, 1." in page.texts
    assert "required" in page.one("textarea", name="answer-why")


def test_a_scale_says_what_its_ends_mean_to_eyes_and_to_listeners():
    page = drawn(form_of(MARK | {"least_label": "Not at all", "most_label": "{{how}}"}, row={"how": "Much"}))
    points = [radio["value"] for radio in page.all("input", type="radio", name="answer-mark")]
    assert points == [str(point) for point in range(11)]
    assert {"Not at all", "(Not at all)", "Much", "(Much)"} <= set(page.texts)


def test_only_addresses_that_are_https_are_loaded():
    image = {"type": "image", "source": "{{image}}", "alt": "A {{what}}"}
    page = drawn(form_of(image, MARK, row={"image": "https://example.org/a b.png"}))
    assert not page.all("img")
    assert "https://example.org/a b.png" in page.texts
    for address in (
        "http://example.org/a.png",
        "javascript:alert(1)",
        "//example.org/a.png",
        "data:image/x",
        "",
    ):
        assert not drawn(form_of(image, MARK, row={"image": address})).all("img")
    page = drawn(form_of(image, MARK, row={"image": "https://example.org/a.png?b=1&c", "what": "cat"}))
    drawn_image = page.one("img", src="https://example.org/a.png?b=1&c")
    assert (drawn_image["alt"], drawn_image["referrerpolicy"]) == ("A cat", "no-referrer")


def test_the_policy_of_a_page_lets_in_only_what_its_design_shows():
    image = {"type": "image", "source": "{{image}}", "alt": "A"}
    sound = {"type": "audio", "source": "{{sound}}", "alt": "A"}
    assert form_of(PAIR).design.loads() == {}
    assert form_of(image, image, sound, PAIR).design.loads() == {
        "img-src": ["https:"],
        "media-src": ["https:"],
    }


def test_sounds_and_videos_wait_for_the_worker():
    page = drawn(form_of({"type": "video", "source": "https://example.org/a.mp4", "alt": "A"}, MARK))
    video = page.one("video")
    assert {"controls", "preload", "src", "aria-label"} <= set(video)
    assert "autoplay" not in video


TEXTS = {"texts": [{"value": name, "text": f"text of {name}"} for name in "vwxyz"]}


@pytest.mark.parametrize("kind", ["best_text", "ranked_texts"])
def test_texts_stand_in_an_order_of_the_seeds_and_letters_follow_it(kind):
    orders = set()
    for seed in range(200):
        page = drawn(form_of({"type": kind, "name": "q", "label": "Q", **TEXTS}, seed=seed))
        orders.add(tuple(text for text in page.texts if text.startswith("text of")))
        assert next(text for text in page.texts if text in ("Text A", "Text E")) == "Text A"
    assert len(orders) > 80  # of 120
    firsts = [order[0] for order in orders]
    assert set(firsts) == {f"text of {name}" for name in "vwxyz"}


def test_what_is_chosen_is_stored_by_the_design_whatever_the_order():
    item = {"type": "best_text", "name": "q", "label": "Q", **TEXTS}
    for seed in range(5):
        form = form_of(item, seed=seed)
        first_text = next(text for text in drawn(form).texts if text.startswith("text of"))
        first_choice = drawn(form).all("input", type="radio")[0]["value"]
        assert first_text == f"text of {first_choice}"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("User: Hi\nthere\nAssistant: Yo: you", [("user", "Hi\nthere"), ("model", "Yo: you")]),
        ("Preface\nHuman:Hi\nAI: Yo", [("", "Preface"), ("user", "Hi"), ("model", "Yo")]),
        ('[{"role": "user", "content": "Hi\\nthere"}, "Yo"]', [("user", "Hi\nthere"), ("model", "Yo")]),
        ('[{"from": "human", "value": "Hi"}, {"from": "gpt"}]', [("user", "Hi"), ("model", "")]),
        ('["Hi", "Yo"]', [("user", "Hi"), ("model", "Yo")]),
        ('[{"role": "system", "content": [{"text": "Be"}, {"text": "nice"}]}]', [("system", "Be\n\nnice")]),
        *((free, [("", free)]) for free in ("[no JSON", "Words: here", "", "[" * 5000, "[1, 2]", "[]", "{}")),
    ],
)
def test_a_conversation_is_read_from_json_and_from_marked_lines(written, read):
    assert turns(written) == read


def turns(written):
    return [(turn.who, turn.text) for turn in turns_of(written)]


def test_the_sides_of_conversations_are_swapped_and_every_judgement_with_them():
    item = {
        "type": "conversations", "name": "q", "label": "Q", "a": "of a", "b": "of b",
        "criteria": [{"name": "helps", "label": "Helps", "by": "rating"}],
    }  # fmt: skip
    for seed, order in ((0, "ab"), (1, "ba")):
        page = drawn(form_of(item, seed=seed))
        assert [text[-1] for text in page.texts if text.startswith("of ")] == list(order)
        rated = list(dict.fromkeys(radio["name"] for radio in page.all("input", type="radio")))
        assert rated[:2] == [f"answer-q-helps-{side}" for side in order]
        better = page.all("input", type="radio", name="answer-q-overall-better")
        assert [radio["value"] for radio in better] == [*order, "tie"]


def test_an_error_in_a_part_leads_to_its_first_field():
    item = {
        "type": "ranking",
        "name": "q",
        "label": "Q",
        "options": [{"value": v, "label": v} for v in "xyz"],
    }
    data = QueryDict(mutable=True)
    data["answer-q-1"] = "2"
    form = form_of(item, data=data)
    assert not form.is_valid()
    page = drawn(form)
    target = page.one("a", dir="auto")["href"].removeprefix("#")
    assert target in [select["id"] for select in page.all("select")]
    chosen = [attributes["value"] for attributes in page.all("option", selected=None) if attributes["value"]]
    assert chosen == ["2"]


def test_a_draft_fills_the_form():
    draft = {"pair": "b", "several": ["x"], "short": "half a wo", "number": "1e999", "one": 3, "gone": "x"}
    page = drawn(TaskForm(design_with("words"), {}, seed=0, draft=draft))
    assert [radio["value"] for radio in page.all("input", type="radio") if "checked" in radio] == ["b"]
    assert "checked" in page.one("input", type="checkbox", name="answer-several")
    assert page.one("input", name="answer-short")["value"] == "half a wo"
    assert page.one("input", name="answer-number")["value"] == "1e999"


def test_a_reading_view_is_let_load_only_what_was_shown_or_sent():
    image = {"type": "image", "source": "{{image}}", "alt": "A"}
    design = form_of(image, MARK).design

    def loads(address):
        items = shown_items(design, Occasion(row={"image": address}), answer={"mark": 3})
        handed = HandedIn(1, 1, items, datetime(2030, 1, 1, tzinfo=UTC), None, ())
        return loads_of([handed])

    assert loads("https://example.org/a.png") == {"img-src": ["https:"]}
    assert loads("http://example.org/a.png") == {}
