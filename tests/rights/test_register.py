"""The register of algorithms: every rule is in it, or is said to decide nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from canut.charter.parameters import PARAMETERS
from canut.rights.register import HELPERS, REGISTER, chapters, missing, unlisted


def test_every_public_function_of_the_rules_is_in_the_register_or_has_a_reason_not_to_be() -> None:
    assert unlisted() == []


def test_the_register_speaks_of_nothing_that_is_gone() -> None:
    assert missing() == []
    assert not [
        (module, name)
        for module, rules in HELPERS.items()
        for name in rules
        if name in REGISTER.get(module, {})
    ]


def test_a_rule_that_nobody_lists_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {name: rule for name, rule in REGISTER["work.rules"].items() if name != "may_take"}
    monkeypatch.setattr("canut.rights.register.REGISTER", {**REGISTER, "work.rules": without})
    assert unlisted() == ["work.rules.may_take"]


def test_every_rule_says_what_it_decides_and_names_parameters_that_exist() -> None:
    for chapter in chapters():
        assert chapter.about, chapter.module
        for entry in chapter.entries:
            assert entry.decides.endswith((".", ":")), entry.name
            assert entry.path.startswith("src/canut/")
            assert set(entry.parameters) <= set(PARAMETERS), entry.name


def test_a_rule_is_told_with_its_source_apart_from_its_text() -> None:
    (mean,) = (entry for chapter in chapters() for entry in chapter.entries if entry.name == "weighted_mean")
    assert "S = Σ w_k·a^k / Σ a^k" in mean.text
    assert "https://doi.org/10.1145/2984511.2984542" in mean.sources
    assert mean.raises == ["ValueError: there is no value."]


@pytest.mark.django_db
def test_anybody_reads_the_register_with_the_numbers_in_force(client: Client) -> None:
    page = client.get(reverse("algorithms")).content.decode()
    assert page.count("<details") > 50
    assert "standing_toward" in page
    assert f'href="{reverse("charter_parameter", args=["standing.unrated"])}"' in page
    assert "standing.unrated</code></a>: 1.99" in page
