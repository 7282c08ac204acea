"""`canut reference`: write the pages of docs/ that come from the code, or check that they are up to date."""

import argparse
import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from canut.cli.sites import set_up_django

CANUT = Path(__file__).resolve().parents[1]
DOCS = CANUT.parents[1] / "docs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="Write nothing; fail if a page is out of date.")


def run(options: argparse.Namespace) -> int:
    set_up_django()
    stale = [path for path, page in pages().items() if not path.exists() or path.read_text() != page]
    if options.check:
        for path in stale:
            print(f"{path.relative_to(DOCS.parent)} is out of date; run `canut reference`.")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages()[path])
        print(f"Written: {path.relative_to(DOCS.parent)}")
    return 0


def pages() -> dict[Path, str]:
    """Return every generated page by its path. Django must be set up."""
    return {
        DOCS / "algorithms.md": algorithms(),
        DOCS / "reference" / "events.md": events(),
        DOCS / "reference" / "routes.md": routes(),
    }


def algorithms() -> str:
    """Return the register of every rule: what it decides, by its own words, and where it comes from."""
    lines = [
        "# Algorithms",
        "",
        "Every rule by which Canut decides something about somebody, in the words of its own code.",
        "Written by `canut reference` from the docstrings of each room's rules, of the mends that are",
        "suggested after a prototype round, and of the methods of results.",
        "The numbers they go by are [parameters of the charter](reference/charter.md).",
    ]
    for module in _rule_modules():
        rules = list(_functions(module))
        if not rules:
            continue
        lines += ["", f"## {module.__name__.removeprefix('canut.').replace('.', ' / ')}", ""]
        lines += [_first_paragraph(inspect.getdoc(module) or "")]
        for name, function in rules:
            source = Path(inspect.getsourcefile(function) or "").relative_to(CANUT.parents[1])
            lines += [
                "",
                f"### `{name}`",
                "",
                _as_markdown(inspect.getdoc(function) or ""),
                "",
                f"In `{source}`.",
            ]
    return "\n".join(lines) + "\n"


def events() -> str:
    """Return every event that code or SQL records, and where."""
    found: dict[str, set[str]] = {}
    for path in sorted(CANUT.rglob("*.py")):
        for name in _recorded_in(ast.parse(path.read_text())):
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


def _rule_modules() -> Iterator[ModuleType]:
    import canut

    for found in pkgutil.walk_packages(canut.__path__, "canut."):
        parts = found.name.split(".")
        is_method = parts[1:3] == ["work", "results"] and len(parts) == 4
        if parts[-1].split("_")[0] in ("rules", "mends") or is_method:
            yield importlib.import_module(found.name)


def _functions(module: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    for name, value in vars(module).items():
        mine = inspect.isfunction(value) and value.__module__ == module.__name__
        if mine and not name.startswith("_") and inspect.getdoc(value):
            yield name, value


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


def _as_markdown(docstring: str) -> str:
    """Return a docstring with its errors as a list."""
    text, _raises, errors = docstring.partition("\nRaises:\n")
    if not errors:
        return re.sub(r"^Source:", "*Source:*", text, flags=re.M)
    raised, _blank, rest = errors.partition("\n\n")
    joined = re.sub(r"\n {8,}", " ", raised)
    listed = "\n".join(f"- {line.strip()}" for line in joined.splitlines())
    return _as_markdown("\n".join([text, "*Raises:*", "", listed, "", rest]).strip())
