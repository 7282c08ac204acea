"""The designs to begin with."""

import json
from typing import get_args

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from canut.api.shapes.projects import StartingDesign as ByName
from canut.work.designs.forms import TaskForm
from canut.work.designs.problems import DesignRefused
from canut.work.designs.schema import columns_of, missing_columns, read_design, to_json
from canut.work.designs.starting import STARTING_DESIGNS


@pytest.mark.parametrize("starting", STARTING_DESIGNS.values(), ids=STARTING_DESIGNS)
def test_every_starting_design_is_sound_and_its_example_row_fills_it(starting):
    raw = starting.build()
    design = read_design(raw)
    assert read_design(json.loads(json.dumps(to_json(design)))) == design
    assert design.title
    assert len(design.instructions) > 80
    assert missing_columns(design, starting.example_row()) == ()
    assert columns_of(design) == set(starting.example_row()) == {column.name for column in starting.columns}


@pytest.mark.parametrize("starting", STARTING_DESIGNS.values(), ids=STARTING_DESIGNS)
def test_columns_may_be_called_what_the_requesters_are_called(starting):
    named = {column.parameter: f" my {column.name}" for column in starting.columns}
    design = starting.design(named)
    assert columns_of(design) == {f"my {column.name}" for column in starting.columns}
    assert missing_columns(design, starting.example_row(named)) == ()


SECONDS = {
    "pairwise": 14,
    "classification": 9,
    "translation-check": 43,
    "conversations": 48,
    "rubric": 61,
    "spans": 38,
    "boxes": 57,
    "transcription": 72,
    "reading": 129,
    "survey": 98,
    "bug-report": 340,
    "content-check": 22,
}
"""How long the example of each takes, by `rules_effort.effort_of`, and what is done elsewhere."""


@pytest.mark.parametrize("starting", STARTING_DESIGNS.values(), ids=STARTING_DESIGNS)
def test_every_starting_design_says_how_long_it_takes_and_how_that_was_got(starting):
    assert abs(starting.expected_seconds - SECONDS[starting.name]) <= 0.05 * SECONDS[starting.name]
    assert "238 words a minute" in starting.effort.basis


@pytest.mark.parametrize("starting", STARTING_DESIGNS.values(), ids=STARTING_DESIGNS)
def test_the_example_of_every_starting_design_can_be_drawn_and_asks_something(starting):
    form = TaskForm(starting.design(), starting.example_row(), seed=0)
    html = render_to_string("work/items/items.html", {"form": form})
    assert "{{" not in html
    assert all(f'"answer-{question.name}' in html for question in starting.design().questions)
    assert not TaskForm(starting.design(), starting.example_row(), seed=0, data=QueryDict()).is_valid()


def test_what_may_harm_is_suggested_where_it_is_to_be_expected():
    risky = {name for name, starting in STARTING_DESIGNS.items() if starting.risks}
    assert risky == {"content-check"}
    assert "hatred or harassment" in STARTING_DESIGNS["content-check"].risk_names


@pytest.mark.parametrize("starting", STARTING_DESIGNS.values(), ids=STARTING_DESIGNS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_a_project_gets_is_plain_text_in_its_authors_language(starting, language):
    with translation.override(language):
        raw = starting.build()
    assert all(type(text) is str for text in _texts(raw))


def _texts(raw):
    for value in raw.values() if isinstance(raw, dict) else raw:
        if isinstance(value, dict | list):
            yield from _texts(value)
        elif not isinstance(value, int):
            yield value


def test_the_choices_of_a_classification_are_the_requesters():
    design = STARTING_DESIGNS["classification"].design(options=[("cat", "A cat"), ("dog", "A dog")])
    assert design.questions[0].values() == ("cat", "dog")
    with pytest.raises(DesignRefused):
        STARTING_DESIGNS["classification"].build(options=[("cat", "A cat")])


@pytest.mark.parametrize("columns", [{"a": "x}}"}, {"a": " "}, {"nothing": "x"}])
def test_a_column_that_cannot_be_named_is_refused(columns):
    with pytest.raises(ValueError, match=r"cannot stand|has no parameter"):
        STARTING_DESIGNS["pairwise"].build(columns)


@pytest.mark.parametrize(
    ("post", "accepted"),
    [
        ("answer-verdict=right", True),
        ("answer-verdict=right&answer-better=anyway", True),
        ("answer-verdict=wrong", False),
        ("answer-verdict=unnatural&answer-better=+", False),
        ("answer-verdict=unnatural&answer-better=Mieux", True),
        ("answer-better=Mieux", False),
    ],
)
def test_a_translation_that_is_not_right_needs_a_better_one(post, accepted):
    starting = STARTING_DESIGNS["translation-check"]
    form = TaskForm(starting.design(), starting.example_row(), seed=0, data=QueryDict(post))
    assert form.is_valid() is accepted


def test_the_api_names_every_starting_design():
    (named,) = (field.annotation for name, field in ByName.model_fields.items() if name == "name")
    assert set(get_args(named)) == set(STARTING_DESIGNS)
