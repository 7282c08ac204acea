"""The reference of the API and of every refusal, written from the code: `python -m canut.api.reference`.

The site's own pages `/api/v1/docs` and `/problems/` show the same.
"""

import ast
import importlib
import os
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from inspect import getdoc
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path("docs/reference")
ROOMS = (
    "kernel",
    "people",
    "discussion",
    "charter",
    "ledger",
    "reputation",
    "work",
    "guilds",
    "membership",
    "forums",
    "justice",
    "governance",
    "lab",
    "webhooks",
    "api",
    "web",
    "jobs",
)
SUCCESSES = ("200", "201", "204")

API_HEAD = """# The REST API

Written from `src/canut/api` by `python -m canut.api.reference`; a site shows the same on its page
`/api/v1/docs`, and its OpenAPI document is `/api/v1/openapi.json`. `clients/python` holds a client.

"""
REFUSALS_HEAD = """# Refusals

Every way in which Canut says no, by its code: what a program goes by, never renamed. Written from the
code by `python -m canut.api.reference`. The API answers with a problem document (RFC 9457) whose `type` is
`/problems/<code>`; the pages show the sentence. What is in quotation marks is what it says, in English.

"""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of a shape, or one parameter of an address."""

    name: str
    type: str
    is_needed: bool
    about: str


@dataclass(frozen=True, slots=True)
class ShapeLines:
    """One shape: what it is, and its fields."""

    name: str
    about: str
    fields: Sequence[FieldLine]


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal: its code, its status, what it means, what it says, and which addresses say it."""

    code: str
    status: int
    about: str
    room: str
    sentences: Sequence[str]
    operations: Sequence[str]

    @property
    def title(self) -> str:
        return self.code.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class OperationLines:
    """One address with its method: what it does, what it takes, answers and refuses."""

    name: str
    method: str
    path: str
    summary: str
    about: str
    scope: str
    parameters: Sequence[FieldLine]
    takes: str
    answers: str
    status: str
    keeps_keys: bool
    refusals: Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class SubjectLines:
    """The operations of one subject."""

    name: str
    operations: Sequence[OperationLines]


# --- The API ---


def subjects() -> Sequence[SubjectLines]:
    """Return every operation, by subject, in the order in which they are declared."""
    found: dict[str, list[OperationLines]] = {}
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            lines = _operation(method.upper(), path, operation)
            found.setdefault(operation["tags"][0], []).append(lines)
    return [SubjectLines(name, operations) for name, operations in found.items()]


@cache
def shapes() -> Sequence[ShapeLines]:
    """Return every shape that goes in or out, by name."""
    return [
        ShapeLines(
            name=name,
            about=_paragraph(schema.get("description", "")),
            fields=list(_fields(schema)),
        )
        for name, schema in sorted(document()["components"]["schemas"].items())
    ]


def document() -> Any:
    """Return the OpenAPI document."""
    from canut.api.v1 import api

    return api.get_openapi_schema(path_prefix="/api/v1/")


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> OperationLines:
    status = next(code for code in map(str, operation["responses"]) if code in SUCCESSES)
    answers = operation["responses"].get(int(status)) or operation["responses"][status]
    body = operation.get("requestBody", {}).get("content", {})
    headers = [one for one in operation["parameters"] if one["in"] == "header"]
    return OperationLines(
        name=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        about=operation.get("description", ""),
        scope=operation.get("x-scope", ""),
        parameters=[_parameter(one) for one in operation["parameters"] if one["in"] == "query"],
        takes=_content(body),
        answers=_content(answers.get("content", {})),
        status=status,
        keeps_keys=bool(headers),
        refusals=_by_status(operation["x-refusals"]),
    )


def _parameter(parameter: Mapping[str, Any]) -> FieldLine:
    return FieldLine(
        name=parameter["name"],
        type=type_of(parameter["schema"]).removesuffix(" or null"),
        is_needed=parameter["required"],
        about=parameter.get("description", ""),
    )


def _content(content: Mapping[str, Any]) -> str:
    """Return what a body is: a shape's name, or its media types."""
    if "application/json" in content:
        return type_of(content["application/json"]["schema"])
    return " or ".join(content)


def _by_status(codes: Sequence[str]) -> Sequence[tuple[int, Sequence[str]]]:
    found: dict[int, list[str]] = defaultdict(list)
    for code in codes:
        found[refusals()[code].status].append(code)
    return sorted((status, sorted(of_it)) for status, of_it in found.items())


def _fields(schema: Mapping[str, Any]) -> Iterator[FieldLine]:
    needed = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        yield FieldLine(name, type_of(inner), name in needed, inner.get("description", ""))


def type_of(schema: Mapping[str, Any]) -> str:
    """Return what a value may be, in words: `whole number`, `list of Task`, `paid or volunteer`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(type_of(inner) for inner in schema[key]))
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " or ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in values)
    match schema.get("type"):
        case "array":
            return f"list of {type_of(schema.get('items', {}))}"
        case "object":
            inner = schema.get("additionalProperties")
            return f"object of {type_of(inner)}" if isinstance(inner, dict) and inner else "object"
        case "string":
            known = {"date-time": "moment", "date": "day", "binary": "bytes"}
            return known.get(schema.get("format", ""), "text")
        case "integer":
            return "whole number"
        case "number" | "boolean" | "null" as plain:
            return {"number": "number", "boolean": "true or false", "null": "null"}[plain]
    return "anything"


# --- Refusals ---


@cache
def refusals() -> Mapping[str, Refused]:
    """Return every refusal that the site can make, by code."""
    from canut.kernel.refusals import all_refusals

    modules = list(_modules())
    said = _sentences([importlib.import_module(name) for name in modules])
    by_code: dict[str, list[str]] = defaultdict(list)
    for methods in document()["paths"].values():
        for operation in methods.values():
            for code in operation["x-refusals"]:
                by_code[code].append(operation["operationId"])
    return {
        code: Refused(
            code=code,
            status=refusal.status,
            about=_paragraph(getdoc(refusal) or "") if "__doc__" in vars(refusal) and refusal.__doc__ else "",
            room=refusal.__module__.split(".")[1],
            sentences=said.get(refusal.__name__, ()),
            operations=sorted(by_code.get(code, ())),
        )
        for code, refusal in all_refusals().items()
    }


def _modules() -> Iterator[str]:
    """Give the name of every module of the rooms: loading them makes each refusal in them known."""
    for room in ROOMS:
        package = importlib.import_module(f"canut.{room}")
        yield package.__name__
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in found.name and not found.name.endswith("__main__"):
                yield found.name


def _sentences(modules: Sequence[ModuleType]) -> Mapping[str, Sequence[str]]:
    """Return, by the refusal's class, the sentences it is raised with, as they stand in the code."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for module in modules:
        code = Path(str(module.__file__)).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                sentence = _sentence(node.args[0])
                if sentence:
                    found[node.func.id][sentence] = None
    return {name: tuple(sentences) for name, sentences in found.items()}


def _sentence(node: ast.expr) -> str:
    """Return the text of `_("...")`, what is put into it in curly brackets; "" for anything else."""
    if isinstance(node, ast.BinOp):
        return _sentence(node.left)
    is_said = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
    if is_said and isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        return re.sub(r"%\((\w+)\)[sd]", r"{\1}", str(node.args[0].value)).replace("%%", "%")
    return ""


def _paragraph(text: str) -> str:
    return " ".join(text.split())


# --- As files ---


def api_page() -> str:
    """Return `docs/reference/api.md`."""
    lines = [API_HEAD + document()["info"]["description"], ""]
    for subject in subjects():
        lines += [f"## {subject.name.capitalize()}", ""]
        for operation in subject.operations:
            lines += _operation_lines(operation)
    lines += ["## Shapes", "", "A field in italics may be left out or missing.", ""]
    for shape in shapes():
        lines += [f"### {shape.name}", "", shape.about, ""]
        if shape.fields:
            lines += ["| field | is | about |", "|---|---|---|"]
            lines += [_row(*_field_cells(line)) for line in shape.fields]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _operation_lines(operation: OperationLines) -> Iterator[str]:
    yield f"### `{operation.method} {operation.path}`"
    yield ""
    yield f"**{operation.summary}.** `{operation.name}`" + (
        f", scope `{operation.scope}`" if operation.scope else ", needs no key"
    )
    yield ""
    if operation.about:
        yield operation.about
        yield ""
    if operation.parameters:
        yield from ("| asked in the address | is | about |", "|---|---|---|")
        yield from (_row(*_field_cells(line)) for line in operation.parameters)
        yield ""
    if operation.takes:
        yield f"- Takes: {operation.takes}"
    yield f"- Answers: {operation.status} {operation.answers or 'and nothing more'}"
    for status, codes in operation.refusals:
        yield f"- Refuses with {status}: {', '.join(f'`{code}`' for code in codes)}"
    if operation.keeps_keys:
        yield "- Keeps an `Idempotency-Key`."
    yield ""


def _field_cells(line: FieldLine) -> tuple[str, str, str]:
    return (f"`{line.name}`" if line.is_needed else f"*`{line.name}`*", line.type, _paragraph(line.about))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def refusals_page() -> str:
    """Return `docs/reference/refusals.md`."""
    lines = [REFUSALS_HEAD.rstrip(), "", "| code | status | room | means |", "|---|---|---|---|"]
    for refused in refusals().values():
        means = " ".join([refused.about, *(f"“{sentence}”" for sentence in refused.sentences)])
        lines.append(_row(f"`{refused.code}`", str(refused.status), refused.room, _paragraph(means)))
    return "\n".join(lines) + "\n"


PAGES = {"api.md": api_page, "refusals.md": refusals_page}


def main(arguments: list[str]) -> int:
    """Write the pages into the folder given, or to where they lie in a checkout; return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canut.site.settings")
    os.environ.setdefault("CANUT_MODE", "test")
    import django

    django.setup()
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
