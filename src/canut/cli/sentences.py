"""Finds every sentence in the code and the pages that a person may read in another language."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template import Engine, Node, NodeList
from django.template.base import Token
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import trim_whitespace

# For each function: the positions of context, sentence and plural among its arguments.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
IN_A_TAG = re.compile(r"""\b_\((?P<quote>["'])(?P<sentence>.*?)(?P=quote)\)""")
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml"}


@dataclass(frozen=True, order=True)
class Sentence:
    """One sentence as a catalogue knows it."""

    text: str
    plural: str = ""
    context: str = ""


@dataclass(frozen=True)
class Unreadable:
    """A call whose sentence is put together while the program runs, so that no catalogue can hold it."""

    path: str
    line: int


def all_sentences(root: Path) -> tuple[dict[Sentence, list[str]], list[Unreadable]]:
    """Return every sentence below `root` with the files it is in, and the calls that cannot be read."""
    found: dict[Sentence, list[str]] = {}
    unreadable: list[Unreadable] = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix == ".py":
            readings = in_python(path.read_text())
        elif path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts:
            readings = in_template(path.read_text())
        else:
            continue
        for reading in readings:
            if isinstance(reading, int):
                unreadable.append(Unreadable(name, reading))
            elif name not in found.setdefault(reading, []):
                found[reading].append(name)
    return found, unreadable


def in_python(source: str) -> Iterator[Sentence | int]:
    """Yield the sentences of a Python file, and the line of each call that puts one together.

    A function is known by the name that the file gives it, too. A call with a plain variable looks up a
    sentence that stands somewhere else, and is passed over.
    """
    nodes = list(ast.walk(ast.parse(source)))
    functions = FUNCTIONS | {
        each.asname: FUNCTIONS[each.name]
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for each in node.names
        if each.asname and each.name in FUNCTIONS
    }
    for call in nodes:
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name not in functions:
            continue
        parts = [_argument(call, position) for position in functions[name]]
        if all(isinstance(part, str) for part in parts):
            context, text, plural = parts
            yield Sentence(str(text), str(plural), str(context))
        elif any(isinstance(part, (ast.JoinedStr, ast.BinOp, ast.Call)) for part in parts):
            yield call.lineno


def _argument(call: ast.Call, position: int | None) -> str | ast.expr:
    """Return the text of an argument, "" where there is none, or what stands there instead of a text."""
    if position is None or position >= len(call.args):
        return ""
    argument = call.args[position]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return argument


def in_template(source: str) -> Iterator[Sentence | int]:
    """Yield the sentences of a template, and 0 for each tag that cannot be read."""
    for node in _nodes(Engine.get_default().from_string(source).nodelist):
        if isinstance(node, TranslateNode):
            literal = getattr(node.filter_expression.var, "literal", None)
            if isinstance(literal, str):
                yield Sentence(literal, context=_plain(node.message_context))
        elif isinstance(node, BlockTranslateNode):
            yield Sentence(
                _block(node, node.singular), _block(node, node.plural or []), _plain(node.message_context)
            )
    for match in IN_A_TAG.finditer(source):
        yield Sentence(match["sentence"])


def _nodes(nodes: NodeList) -> list[Node]:
    return nodes.get_nodes_by_type(Node)


def _block(node: BlockTranslateNode, tokens: list[Token]) -> str:
    words, _variables = node.render_token_list(tokens)
    return trim_whitespace(words) if node.trimmed else words


def _plain(context: object) -> str:
    """Return a tag's context as it was written: a bare text, or an expression that holds one."""
    said = getattr(context, "var", context)
    said = getattr(said, "literal", said)
    return str(said) if isinstance(said, str) else ""
