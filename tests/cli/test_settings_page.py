import re

from canut.cli import environment

VARIABLE = re.compile(r"\b(?:CANUT_[A-Z0-9_]*[A-Z0-9]|DATABASE_URL|DATABASE_REPLICA_URL)\b")
# What the parts of `canut test` tell each other.
BETWEEN_OURSELVES = {"CANUT_CHECKS"}


def test_the_page_on_settings_lists_every_variable_and_no_other():
    root = environment.CHECKOUT
    code = [
        *root.glob("src/**/*.py"),
        *root.glob("tests/**/*.py"),
        *root.glob("clients/**/*.py"),
        root / "canut",
    ]
    used = {name for path in code for name in VARIABLE.findall(path.read_text())} - BETWEEN_OURSELVES
    listed = set(VARIABLE.findall((root / "docs" / "settings.md").read_text()))
    assert listed == used
