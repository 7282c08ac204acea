"""The reference of all parameters, written from the registry: `python -m canut.charter.reference`."""

import sys
from pathlib import Path

import django
from django.conf import settings
from django.utils import translation

PATH = Path("docs/reference/charter.md")

HEAD = """# Parameters of the charter

Every number that Canut's rules go by, with the value that a new site starts with. Written from the
registry in `src/canut/charter/parameters` by `python -m canut.charter.reference`; what holds on a site
is on its page `/charter/`.

- *May be* gives the bounds, inclusive; *step* is how far one decision may move a value, *notice* how many
  days lie at least between a decision and its effect.
- *For* tells who may have a value of their own beside everybody. The narrower one counts; where the
  column *better* says what is more favourable to workers, only if it is more favourable.
- *Class* is the quorum and majority that a change needs.
- A unit is the last word of a name: `_minor` is in euro cents, `_share` is a share of one.
"""


def reference() -> str:
    """Return the documentation page, in English."""
    from canut.charter.parameters import SECTIONS, Parameter, ScopeKind, Unit
    from canut.charter.wording import say_bounds, say_favours, say_step, say_value

    def row(parameter: Parameter) -> str:
        others = [str(scope.label) for scope in parameter.scopes if scope != ScopeKind.SITE]
        cells = [
            f"`{parameter.name}`",
            f"{parameter.meaning} {parameter.source}".strip(),
            say_value(parameter, parameter.default),
            "" if parameter.unit == Unit.NONE else str(parameter.unit.label),
            say_bounds(parameter),
            say_step(parameter),
            str(parameter.notice_days),
            ", ".join(others),
            say_favours(parameter),
            str(parameter.class_.label),
        ]
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    titles = ["name", "meaning", "default", "unit", "may be", "step", "notice", "for", "better", "class"]
    lines = [HEAD]
    with translation.override("en"):
        for section in SECTIONS:
            lines += [f"## {section.title}", "", f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
            lines += [*map(row, section.parameters), ""]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Write the page to the path given, or to where it lies in a checkout; return the exit code."""
    if not settings.configured:
        settings.configure(LANGUAGE_CODE="en")
        django.setup()
    path = Path(arguments[0]) if arguments else PATH
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(reference(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
