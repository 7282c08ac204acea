"""The documentation is the registry, written out."""

from pathlib import Path

from canut.charter import reference
from canut.charter.parameters import PARAMETERS

CHECKOUT = Path(__file__).resolve().parents[2]


def test_the_reference_is_what_the_registry_says_now():
    kept = (CHECKOUT / reference.PATH).read_text(encoding="utf-8")
    assert kept == reference.reference(), "run: python -m canut.charter.reference"


def test_every_parameter_is_in_the_reference():
    text = reference.reference()
    assert all(f"`{name}`" in text for name in PARAMETERS)


def test_the_command_writes_the_page(tmp_path):
    assert reference.main([str(tmp_path / "docs" / "charter.md")]) == 0
    assert (tmp_path / "docs" / "charter.md").read_text(encoding="utf-8") == reference.reference()
