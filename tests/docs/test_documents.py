"""What the documents say exists: every link leads somewhere, every command and option is there."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from canut.cli.environment import CHECKOUT
from canut.cli.main import COMMANDS, _parser

DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "benchmarks/**/*.md", "changelog.d/*.md", "clients/**/*.md")
    for path in CHECKOUT.glob(pattern)
    if not {"node_modules", ".venv", ".pytest_cache"} & set(path.parts)
)
LINK = re.compile(r"\]\(([^()\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|Users|tmp|work/(?:main|shared))\b")
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|--(?:extra-)?index-url", re.IGNORECASE
)


def test_there_are_documents_to_check() -> None:
    names = {path.relative_to(CHECKOUT).as_posix() for path in DOCUMENTS}
    assert {"README.md", "docs/README.md", "docs/tutorials/requester.md", "benchmarks/README.md"} <= names


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
class TestADocument:
    def test_its_links_lead_somewhere(self, path: Path) -> None:
        dead = [link for link in LINK.findall(_prose(path)) if not _leads_somewhere(link, path)]
        assert dead == []

    def test_its_commands_exist_with_their_options(self, path: Path) -> None:
        wrong = [problem for words in _commands(path.read_text()) for problem in _problems(words)]
        assert wrong == []

    def test_it_speaks_of_no_single_machine_and_no_registry(self, path: Path) -> None:
        text = path.read_text()
        assert OF_ONE_MACHINE.findall(text) + REGISTRIES.findall(text) == []


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("`canut weave`", "there is no canut weave"),
        ("`./canut demo --speed 3`", "canut demo has no --speed"),
        (
            "```sh\nexport A=1\nCANUT_MODE=demo ./canut ledger count  # all\n```\n",
            "canut ledger has no count",
        ),
        ("```sh\ngit pull && ./canut lab replay DIR --fast\n```\n", "canut lab replay has no --fast"),
        ("```sh\n./canut publish a.csv \\\n    --rewards 0.60\n```\n", "canut publish has no --rewards"),
    ],
)
def test_a_command_that_does_not_exist_is_found(written: str, found: str) -> None:
    assert [problem for words in _commands(written) for problem in _problems(words)] == [found]


def _prose(path: Path) -> str:
    return FENCE.sub("", path.read_text())


def _leads_somewhere(link: str, path: Path) -> bool:
    if re.match(r"[a-z]+:", link):
        return True
    file, _hash, anchor = unquote(link).partition("#")
    target = (path.parent / file).resolve() if file else path
    if not target.exists():
        return False
    return not anchor or anchor in {_slug(title) for title in HEADING.findall(_prose(target))}


def _slug(title: str) -> str:
    """Return a heading's anchor, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


def _commands(text: str) -> Iterator[list[str]]:
    """Yield the words after `canut` of every command of ours in shell blocks and between backquotes."""
    blocks = [body for language, body in FENCE.findall(text) if language in ("sh", "console", "")]
    lines = [line for body in blocks for line in body.replace("\\\n", " ").splitlines()]
    lines += SPAN.findall(FENCE.sub("", text))
    for line in lines:
        for part in re.split(r"&&|\|\||[|;]", line):
            try:
                words = shlex.split(part, comments=True)
            except ValueError:
                continue
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words.pop(0)
            if len(words) > 1 and words[0] in ("canut", "./canut", "exec"):
                yield words[2 if words[0] == "exec" else 1 :]


def _problems(words: list[str]) -> Iterator[str]:
    command = words[0]
    if command.startswith("-") or not re.fullmatch(r"[a-z-]+", command):
        return  # `canut --help`, or prose such as `canut COMMAND`
    if command not in COMMANDS:
        yield f"there is no canut {command}"
        return
    parser = _sub_parsers(_parser(command))[command]
    for word in words[1:]:
        if word in _sub_parsers(parser):
            parser = _sub_parsers(parser)[word]
        elif word.startswith("-") and word.partition("=")[0] not in parser._option_string_actions:
            if not parser.get_default("takes_the_rest"):
                yield f"{parser.prog} has no {word}"
        elif word.islower() and word.isalpha() and not _may_be(word, parser):
            yield f"{parser.prog} has no {word}"


def _sub_parsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _may_be(word: str, parser: argparse.ArgumentParser) -> bool:
    """Tell whether a word that is no option can stand there: not beside a closed list that lacks it."""
    closed = [action.choices for action in parser._actions if action.choices and not action.option_strings]
    return not closed or any(word in choices for choices in closed)
