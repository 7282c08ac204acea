"""`canut reference`: write the pages of docs/ that come from the code, or check that they are up to date."""

import argparse
import ast
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import translation

from canut.charter.parameters import PARAMETERS
from canut.charter.wording import say_value
from canut.cli.sites import set_up_django
from canut.rights.register import Entry, chapters

CANUT = Path(__file__).resolve().parents[1]
DOCS = CANUT.parents[1] / "docs"
RECORDS = re.compile(r"\brecord(_each)?\(")
"""What stands in every file that records something."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="Write nothing; fail if a page is out of date.")


def run(options: argparse.Namespace) -> int:
    set_up_django()
    written = {DOCS / name: page() for name, page in PAGES.items()}
    stale = [path for path, page in written.items() if not path.exists() or path.read_text() != page]
    if options.check:
        for path in stale:
            print(f"{path.relative_to(DOCS.parent)} is out of date; run `canut reference`.")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written[path])
        print(f"Written: {path.relative_to(DOCS.parent)}")
    return 0


def algorithms() -> str:
    """Return the register of every rule: what it decides, by its own words, and where it comes from."""
    lines = [
        "# Algorithms",
        "",
        "Every rule by which Canut decides something about people or money, in the words of its own code.",
        "Written by `canut reference` from the register in `src/canut/rights/register.py`; a site shows the",
        "same at `/algorithms/`, with the numbers in force there. The numbers are",
        "[parameters of the charter](reference/charter.md), here with the value that a new site starts with.",
        "How a decision is computed again, with a worked example: [explanations](explanations.md).",
    ]
    with translation.override("en"):
        for chapter in chapters():
            lines += ["", f"## {chapter.module.replace('.', ' / ')}", "", chapter.about]
            for entry in chapter.entries:
                lines += ["", f"### `{entry.name}`", "", entry.decides, *_more_of(entry)]
    return "\n".join(lines) + "\n"


def _more_of(entry: Entry) -> Iterator[str]:
    """Give what a rule says of itself after its first sentence, each paragraph after an empty line."""
    if entry.text:
        yield from ("", entry.text)
    if entry.raises:
        yield from ("", "*Raises:*", "", *(f"- {line}" for line in entry.raises))
    if entry.parameters:
        values = [
            f"`{name}` ({say_value(PARAMETERS[name], PARAMETERS[name].default)})" for name in entry.parameters
        ]
        yield from ("", f"*Charter:* {', '.join(values)}.")
    if entry.sources:
        yield from ("", f"*Source:* {entry.sources}")
    yield from ("", f"In `{entry.path}`.")


@cache
def events() -> str:
    """Return every event that code or SQL records, and where."""
    found: dict[str, set[str]] = {}
    for path in sorted(CANUT.rglob("*.py")):
        text = path.read_text()
        for name in _recorded_in(ast.parse(text)) if RECORDS.search(text) else ():
            found.setdefault(name, set()).add(str(path.relative_to(CANUT)))
    for path in sorted(CANUT.rglob("*.sql")):
        for name in re.findall(r"'([a-z_]+\.[a-z_]+)'", path.read_text()):
            found.setdefault(name, set()).add(str(path.relative_to(CANUT)))
    lines = [
        "# Events",
        "",
        "What happens on a site is written down once and never changed (`canut.kernel.events`). Written by",
        "`canut reference` from every place that records one. `{…}` stands for one of several outcomes.",
        "",
        "| event | recorded in |",
        "|---|---|",
    ]
    lines += [
        f"| `{name}` | {', '.join(f'`{place}`' for place in sorted(found[name]))} |" for name in sorted(found)
    ]
    return "\n".join(lines) + "\n"


def routes() -> str:
    """Return every address of the site's pages, with what its view says of itself."""
    from django.urls import get_resolver

    lines = [
        "# Addresses of pages",
        "",
        "Written by `canut reference`. Who is not signed in is asked to sign in first where it says so; what",
        "somebody may not see is answered like what is not there. Addresses for programs are in the",
        "[API's own description](../../src/canut/api) at `/api/v1/openapi.json`.",
        "",
        "| address | name | signed in | what it is |",
        "|---|---|---|---|",
    ]
    for route, name, view in sorted(_routes(get_resolver().url_patterns, "/")):
        function = inspect.unwrap(view)
        asks = "yes" if _asks_to_sign_in(view) else ""
        what = _first_paragraph(inspect.getdoc(function) or "").replace("|", "\\|")
        lines.append(f"| `{route}` | {name} | {asks} | {what} |")
    return "\n".join(lines) + "\n"


def _recorded_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("record", "record_each"):
            name = node.args[1] if len(node.args) > 1 else None
            if isinstance(name, ast.Constant):
                yield str(name.value)
            elif isinstance(name, ast.JoinedStr):
                yield "".join(
                    part.value if isinstance(part, ast.Constant) else "{…}"  # type: ignore[misc]
                    for part in name.values
                )


def _routes(patterns: Iterable[Any], prefix: str) -> Iterator[tuple[str, str, Callable[..., object]]]:
    from django.urls import URLPattern, URLResolver

    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if not here.startswith("/api/"):
                yield from _routes(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern) and pattern.callback.__module__.startswith("canut."):
            yield here, pattern.name or "", pattern.callback


def _asks_to_sign_in(view: Callable[..., object]) -> bool:
    """Tell whether one of the functions that a view is wrapped in sends strangers to the sign-in page."""
    from django.contrib.auth.decorators import user_passes_test

    home = user_passes_test.__code__.co_filename
    while True:
        if getattr(view, "__code__", None) is not None and view.__code__.co_filename == home:
            return True
        inner = getattr(view, "__wrapped__", None)
        if inner is None:
            return False
        view = inner


def _first_paragraph(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split())


PAGES: Mapping[str, Callable[[], str]] = {
    "algorithms.md": algorithms,
    "reference/events.md": events,
    "reference/routes.md": routes,
}
"""Every generated page, by its path in docs/, and what writes it. Django must be set up."""
