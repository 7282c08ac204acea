"""A design is fed from other columns."""

import pytest
from tests.builders import CHOICE_DESIGN

from canut.work.designs.renaming import with_columns_renamed
from canut.work.designs.schema import columns_in_order, read_design
from canut.work.designs.starting import STARTING_DESIGNS


def test_two_columns_change_places_at_once() -> None:
    design = STARTING_DESIGNS["pairwise"].build()
    swapped = with_columns_renamed(design, {"a": "b", "b": "a", "prompt": "the question"})
    (item,) = swapped["items"]
    assert (item["a"], item["b"], item["prompt"]) == ("{{b}}", "{{a}}", "{{the question}}")
    assert columns_in_order(read_design(swapped)) == ("the question", "b", "a")


def test_names_values_and_patterns_stay_as_they_are() -> None:
    item = {
        "type": "single_choice",
        "name": "text",
        "label": "About {{ text }}",
        "options": [{"value": "{{text}}", "label": "{{text}}!"}, {"value": "no", "label": "No"}],
    }
    renamed = with_columns_renamed({**CHOICE_DESIGN, "items": [item]}, {"text": "body"})["items"][0]
    assert renamed == {
        **item,
        "label": "About {{body}}",
        "options": [{"value": "{{text}}", "label": "{{body}}!"}, {"value": "no", "label": "No"}],
    }


def test_a_name_that_cannot_stand_between_braces_is_refused() -> None:
    with pytest.raises(ValueError, match="braces"):
        with_columns_renamed(CHOICE_DESIGN, {"text": "a}b"})
