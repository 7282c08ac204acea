"""The pages of docs/ that come from the code say what the code says."""

import pytest

from canut.cli.reference import DOCS, PAGES, algorithms, events, routes


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text() == PAGES[name](), "run `canut reference`"


def test_the_register_names_the_rules_and_their_sources() -> None:
    page = algorithms()
    for rule in ("may_take", "quote", "dawid_skene", "due_now_minor", "record_of"):
        assert f"### `{rule}`" in page
    assert "MECHANISMS 1.6" in page


def test_events_and_addresses_are_found() -> None:
    assert "| `submission.{…}` |" in events()
    addresses = routes()
    assert "| `/feed/` | feed | yes |" in addresses
    assert "| `/` | home |  |" in addresses


def test_every_decision_record_is_linked_to_by_its_number() -> None:
    numbers = [path.name[:4] for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
