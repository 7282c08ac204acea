"""For any design, answer and form: one definition of what is correct, behind every door."""

import json
from unicodedata import is_normalized

from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from canut.work.designs.answers import answer_from_post, compile_validator, draft_of
from canut.work.designs.forms import TaskForm
from canut.work.designs.items import Occasion
from canut.work.designs.problems import AnswerRefused, DesignRefused
from canut.work.designs.schema import read_design, to_json
from canut.work.queries.showing import shown_items

VALUES = ["x", "y", "z", "é", "two words", "'\"<>"]
KINDS = [
    "pairwise", "single_choice", "multiple_choice", "drop_down", "short_text", "long_text", "number",
    "rating", "date", "best_text", "ranking", "ranked_texts", "conversations",
]  # fmt: skip
SHOWN = [
    {"type": "text", "text": "{{c}}", "heading": "H"},
    {"type": "image", "source": "https://example.org/{{c}}", "alt": "A"},
    {"type": "audio", "source": "{{c}}", "alt": "{{c}}", "heading": "H"},
    {"type": "video", "source": "https://example.org/a.mp4", "alt": "A"},
]
RUBRICS = st.sampled_from(
    [
        {},
        {"reasons": "overall", "reasons_for": ["a"]},
        {"criteria": [{"name": "c", "label": "C", "by": "rating", "least": 0, "most": 1}], "reasons": "each"},
        {"criteria": [{"name": "d", "label": "D"}]},
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def questions(draw, number):
    question = {"name": f"q{number}", "label": draw(st.sampled_from(["Why?", "{{column}}?"]))}
    if draw(st.booleans()):
        question["required"] = draw(st.booleans())
    kind = draw(st.sampled_from(KINDS))
    if kind in ("pairwise", "conversations"):
        question |= {"a": "{{a}}", "b": "{{b}}", "ties": draw(st.booleans()), "both_bad": draw(st.booleans())}
        if kind == "conversations":
            question |= draw(RUBRICS)
    elif kind in ("best_text", "ranked_texts"):
        values = draw(st.lists(st.sampled_from(VALUES), min_size=2, max_size=3, unique=True))
        question |= {"texts": [{"value": value, "text": value} for value in values]}
        question |= {"ties": draw(st.booleans())}
    elif kind in ("single_choice", "multiple_choice", "drop_down", "ranking"):
        values = draw(st.lists(st.sampled_from(VALUES), min_size=2, max_size=4, unique=True))
        question["options"] = [{"value": value, "label": value.upper()} for value in values]
        if kind == "ranking":
            question["ties"] = draw(st.booleans())
    elif kind.endswith("text"):
        question["max_length"] = draw(st.integers(3, 12))
        question["min_length"] = draw(st.integers(0, 3))
        if kind == "short_text" and draw(st.booleans()):
            question["pattern"] = draw(st.sampled_from([r"\d+", "[a-z ]*", r"\p{L}{2,}|-"]))
    elif kind == "rating":
        question |= draw(st.sampled_from([{}, {"least": -1, "most": 1}, {"least": 0, "most": 10}]))
    elif kind == "date":
        question |= draw(st.sampled_from([{}, {"earliest": "2024-02-29"}, {"latest": "2030-12-31"}]))
    else:
        question |= draw(st.sampled_from([{}, {"min": 0}, {"min": -1, "max": 1, "step": 0.25}, {"step": 1}]))
    return {"type": kind, **question}


@st.composite
def designs(draw):
    asked = [draw(questions(number)) for number in range(draw(st.integers(1, 4)))]
    items = []
    for question in asked:
        shown = draw(conditions(items))
        breaks = draw(
            st.sampled_from([None, None, None, {"type": "page"}, {"type": "page", "title": "{{c}}"}])
        )
        if breaks:
            items.append({**breaks, "shown_if": shown} if shown else breaks)
            shown = draw(conditions(items))
        items.append({**question, "shown_if": shown} if shown else question)
        items += draw(st.sampled_from([[], [], [SHOWN[len(items) % len(SHOWN)]]]))
    needed = draw(conditions(items))
    if needed:
        items.append({"type": "long_text", "name": "why", "label": "Why?", "required_if": needed})
    return read_design({"version": 1, "instructions": "", "items": items})


@st.composite
def conditions(draw, items):
    """Nothing, or a condition on one of the items."""
    named = [(item["name"], values) for item in items if (values := choosable(item))]
    if not named or draw(st.booleans()):
        return None
    name, values = draw(st.sampled_from(named))
    return {"item": name, "in": values[:1]}


def choosable(item):
    match item["type"]:
        case "pairwise":
            return ["a", "b"]
        case "single_choice" | "multiple_choice" | "drop_down":
            return [option["value"] for option in item["options"]]
        case "best_text":
            return [text["value"] for text in item["texts"]]
        case "rating":
            return [str(item.get("most", 5)), str(item.get("least", 1))]
    return []


JUDGED = st.dictionaries(
    st.sampled_from(["better", "why", "a", "b"]), st.sampled_from(["a", "b", "tie", 0, 1, " ", "why"])
)


def answers():
    likely = st.one_of(
        st.sampled_from(["a", "b", "tie", "12", " 7 ", "ab cd", "", " ", *VALUES]),
        st.text(max_size=14),
        st.integers(-3, 3),
        st.floats(),
        st.lists(st.sampled_from(VALUES), max_size=4),
        st.sampled_from(["2024-02-29", "2031-01-01"]),
        st.dictionaries(st.sampled_from(VALUES), st.integers(0, 4), min_size=2, max_size=4),
        st.permutations([1, 2, 3]).map(lambda places: dict(zip("xyz", places, strict=True))),
        st.dictionaries(st.sampled_from(["overall", "c", "d"]), JUDGED, min_size=1),
        JSON,
    )
    names = st.sampled_from(["q0", "q1", "q2", "q3", "why"])
    return st.dictionaries(names | st.text(max_size=5), likely, max_size=6) | JSON


def posts():
    fields = [f"answer-q{number}" for number in range(4)]
    parts = [f"{field}-{part}" for field in fields for part in ("0", "1", "2", "overall-better", "c-a")]
    names = st.sampled_from([*fields, *fields, *parts, "answer-why", "next"])
    typed = st.sampled_from(["a", "b", "tie", "1", "0,25", "1e3", "nan", "-", "ab", *VALUES]) | st.text(
        max_size=14
    )
    return st.dictionaries(names | st.text(max_size=8), st.lists(typed, max_size=3), max_size=6)


def stored_by(validate, raw):
    try:
        return validate(raw)
    except AnswerRefused:
        return None


def posted(lists):
    data = QueryDict(mutable=True)
    for name, values in lists.items():
        data.setlist(name, values)
    return data


@given(JSON | designs().map(to_json))
def test_reading_a_design_refuses_by_name_or_returns_what_reads_the_same_again(raw):
    try:
        design = read_design(raw)
    except DesignRefused:
        return
    assert read_design(json.loads(json.dumps(to_json(design)))) == design


@given(designs(), answers())
def test_what_was_accepted_is_accepted_again_unchanged(design, raw):
    validate = compile_validator(design)
    stored = stored_by(validate, raw)
    if stored is not None:
        assert validate(stored) == stored
        assert set(stored) <= {question.name for question in design.questions}


@given(designs(), answers())
def test_what_was_accepted_can_be_stored_by_the_database(design, raw):
    stored = stored_by(compile_validator(design), raw)
    if stored is not None:
        written = json.dumps(stored, ensure_ascii=False, allow_nan=False)
        assert "\\u0000" not in written
        written.encode()
        assert all(is_normalized("NFC", value) for value in stored.values() if isinstance(value, str))


@given(designs(), posts())
def test_the_form_accepts_exactly_what_the_validator_accepts(design, lists):
    validate = compile_validator(design)
    form = TaskForm(design, {}, seed=0, data=posted(lists), validator=validate)
    stored = stored_by(validate, answer_from_post(design, lists))
    assert form.is_valid() is (stored is not None)
    if stored is not None:
        assert form.answer == stored
    else:
        assert form.answer is None
        assert any(fault.messages for fault in form.faults())


@given(designs(), answers())
def test_an_answer_from_the_api_can_be_given_through_the_form(design, raw):
    validate = compile_validator(design)
    stored = stored_by(validate, raw)
    if stored is None:
        return
    lists = {}
    for name, typed in TaskForm(design, {}, seed=1, draft=stored).initial.items():
        if typed is not None:
            lists[name] = typed if isinstance(typed, list) else [typed]
    form = TaskForm(design, {}, seed=1, data=posted(lists), validator=validate)
    assert form.is_valid()
    assert form.answer == stored


@given(designs(), answers(), st.integers(0, 3))
def test_any_draft_that_was_kept_can_be_shown_again(design, raw, seed):
    try:
        draft = draft_of(design, raw)
    except AnswerRefused:
        assert not isinstance(raw, dict)
        return
    json.dumps(draft, allow_nan=False, ensure_ascii=False).encode()
    form = TaskForm(design, {}, seed=seed, draft=draft)
    for entry in form.entries():
        assert str(entry.field) or all(str(part.field) for part in entry.parts)


@given(designs(), answers(), st.integers(0, 3), st.sampled_from(["", "x", "<b>", "https://example.org/x"]))
def test_every_design_can_be_drawn_and_read_with_any_answer(design, raw, seed, cell):
    row = dict.fromkeys(("a", "b", "c", "column"), cell)
    stored = stored_by(compile_validator(design), raw)
    form = TaskForm(design, row, seed=seed, draft=stored)
    html = render_to_string("work/items/items.html", {"form": form})
    assert "<b>" not in html
    items = shown_items(design, Occasion(row=row, seed=seed), answer=stored or {})
    html = render_to_string("work/_answer.html", {"items": items, "with_stored": 1})
    assert "<b>" not in html
    if stored:
        assert {name for name in stored if name != "why"} <= {f"q{number}" for number in range(4)}
        assert sum(bool(item.told) for item in items) == len(stored)
