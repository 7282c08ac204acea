"""For any design, answer and form: one definition of what is correct, behind every door."""

import json
from unicodedata import is_normalized

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from canut.work.designs.answers import answer_from_post, compile_validator, draft_of
from canut.work.designs.forms import TaskForm
from canut.work.designs.problems import AnswerRefused, DesignRefused
from canut.work.designs.schema import read_design, to_json

VALUES = ["x", "y", "z", "é", "two words", "'\"<>"]
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
    kind = draw(
        st.sampled_from(["pairwise", "single_choice", "multiple_choice", "short_text", "long_text", "number"])
    )
    if kind == "pairwise":
        question |= {"a": "{{a}}", "b": "{{b}}", "ties": draw(st.booleans())}
    elif kind.endswith("choice"):
        values = draw(st.lists(st.sampled_from(VALUES), min_size=2, max_size=4, unique=True))
        question["options"] = [{"value": value, "label": value.upper()} for value in values]
    elif kind.endswith("text"):
        question["max_length"] = draw(st.integers(3, 12))
        question["min_length"] = draw(st.integers(0, 3))
        if kind == "short_text" and draw(st.booleans()):
            question["pattern"] = draw(st.sampled_from([r"\d+", "[a-z ]*", r"\p{L}{2,}|-"]))
    else:
        question |= draw(st.sampled_from([{}, {"min": 0}, {"min": -1, "max": 1, "step": 0.25}, {"step": 1}]))
    return {"type": kind, **question}


@st.composite
def designs(draw):
    items = [draw(questions(number)) for number in range(draw(st.integers(1, 4)))]
    asked = draw(st.sampled_from(items))
    values = ["a", "b"] if asked["type"] == "pairwise" else [o["value"] for o in asked.get("options", [])]
    if values and draw(st.booleans()):
        condition = {"item": asked["name"], "in": values[:1]}
        items.append({"type": "long_text", "name": "why", "label": "Why?", "required_if": condition})
    return read_design({"version": 1, "instructions": "", "items": items})


def answers():
    likely = st.one_of(
        st.sampled_from(["a", "b", "tie", "12", " 7 ", "ab cd", "", " ", *VALUES]),
        st.text(max_size=14),
        st.integers(-3, 3),
        st.floats(),
        st.lists(st.sampled_from(VALUES), max_size=4),
        JSON,
    )
    names = st.sampled_from(["q0", "q1", "q2", "q3", "why"])
    return st.dictionaries(names | st.text(max_size=5), likely, max_size=6) | JSON


def posts():
    names = st.sampled_from(["answer-q0", "answer-q1", "answer-q2", "answer-q3", "answer-why", "next"])
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
        assert str(entry.field)
