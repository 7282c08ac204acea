"""The designs to begin with."""

import json

import pytest
from django.http import QueryDict
from django.utils import translation

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
