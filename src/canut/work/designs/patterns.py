r"""Patterns that a short text must match as a whole, safe to run on anybody's text.

A requester writes the pattern and a worker the text, so a matcher that backtracks could be made to run
for years. This one reads each character once. The language is the part of regular expressions that
forms need: characters, `.`, `[a-z]`, `[^,]`, `\d`, `\w`, `\s`, `\p{L}`, groups, `|`, `?`, `*`, `+`,
`{2}`, `{2,}`, `{2,5}`, each meaning the same to the browser, which gets it from `Pattern.html`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category

LONGEST_SOURCE = 200
MOST_STATES = 1000
MOST_REMEMBERED = 20_000
"""Characters, and junctions in sets of them, that one pattern may remember between texts."""

_DIGIT = ((0x30, 0x39),)
_WORD = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_SPACE = (
    (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
    (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
_LINE_ENDS = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))
_SETS = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_CATEGORIES = ("L", "Lu", "Ll", "M", "N", "Nd", "P", "S", "Z")
_REPEAT = re.compile(r"\{([0-9]{1,4})(,?)([0-9]{0,4})\}")
_CATEGORY = re.compile(r"\{([A-Z][a-z]?)\}")


class PatternRefused(ValueError):
    """The pattern is not in the language (`code` not_a_pattern) or too large (pattern_too_complicated)."""

    def __init__(self, code: str, at: int) -> None:
        super().__init__(f"{code} at {at}")
        self.code = code
        self.at = at


@dataclass(frozen=True)
class Chars:
    """One character out of a set."""

    ranges: tuple[tuple[int, int], ...] = ()
    categories: tuple[str, ...] = ()
    negated: bool = False

    def has(self, char: str) -> bool:
        point = ord(char)
        inside = any(low <= point <= high for low, high in self.ranges) or (
            bool(self.categories) and category(char).startswith(self.categories)
        )
        return inside is not self.negated

    @property
    def only(self) -> int | None:
        """The code point, if the set holds just one."""
        if self.negated or self.categories or len(self.ranges) != 1 or len(set(self.ranges[0])) != 1:
            return None
        return self.ranges[0][0]

    def html(self) -> str:
        if self.only is not None:
            return _literal(self.only)
        inside = "".join(
            _literal(low) if low == high else f"{_literal(low)}-{_literal(high)}" for low, high in self.ranges
        ) + "".join(rf"\p{{{name}}}" for name in self.categories)
        return f"[{'^' if self.negated else ''}{inside}]"


@dataclass(frozen=True)
class Row:
    """One part after another."""

    parts: tuple["Node", ...]

    def html(self) -> str:
        return "".join(part.html() for part in self.parts)


@dataclass(frozen=True)
class Either:
    """One of several."""

    options: tuple["Node", ...]

    def html(self) -> str:
        return f"(?:{'|'.join(option.html() for option in self.options)})"


@dataclass(frozen=True)
class Repeat:
    """A part, `low` to `high` times; without `high`, any number from `low`."""

    part: "Node"
    low: int
    high: int | None

    def html(self) -> str:
        inner = self.part.html() if isinstance(self.part, Chars) else f"(?:{self.part.html()})"
        return f"{inner}{{{self.low},{'' if self.high is None else self.high}}}"


Node = Chars | Row | Either | Repeat


def _literal(point: int) -> str:
    char = chr(point)
    return char if char.isascii() and char.isalnum() else rf"\u{{{point:X}}}"


class _Reader:
    """Reads the source from left to right; each method reads one thing and leaves `at` behind it."""

    def __init__(self, source: str) -> None:
        self.at = 1 if source.startswith("^") else 0
        self.source = source[:-1] if _ends_anchored(source) else source

    def whole(self) -> Node:
        node = self.either()
        if self.at < len(self.source):
            raise self.refused()
        return node

    def either(self) -> Node:
        options = [self.row()]
        while self.take("|"):
            options.append(self.row())
        return options[0] if len(options) == 1 else Either(tuple(options))

    def row(self) -> Node:
        parts: list[Node] = []
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            parts.append(self.repeated(self.atom()))
        return Row(tuple(parts))

    def atom(self) -> Node:
        if self.take("("):
            if self.take("?") and not self.take(":"):
                raise self.refused()
            inner = self.either()
            if not self.take(")"):
                raise self.refused()
            return inner
        if self.take("."):
            return Chars(_LINE_ENDS, negated=True)
        if self.take("["):
            return self.bracket()
        if self.source[self.at] in "?*+{}]^$":
            raise self.refused()
        return self.escape() if self.take("\\") else _one(self.next())

    def repeated(self, part: Node) -> Node:
        low, high = 1, 1
        if self.take("?"):
            low, high = 0, 1
        elif self.take("*"):
            return self.once(Repeat(part, 0, None))
        elif self.take("+"):
            return self.once(Repeat(part, 1, None))
        elif found := _REPEAT.match(self.source, self.at):
            self.at = found.end()
            low = int(found[1])
            if not found[2]:
                high = low
            elif found[3]:
                high = int(found[3])
            else:
                return self.once(Repeat(part, low, None))
            if high < low:
                raise self.refused()
        else:
            return part
        return self.once(Repeat(part, low, high))

    def once(self, node: Node) -> Node:
        """Refuse a second repeat at once, such as the `?` of `a*?`: it means something else elsewhere."""
        if self.at < len(self.source) and self.source[self.at] in "?*+{":
            raise self.refused()
        return node

    def escape(self) -> Chars:
        char = self.next()
        if char in _SETS:
            return Chars(_SETS[char])
        if char.lower() in _SETS:
            return Chars(_SETS[char.lower()], negated=True)
        if char == "p":
            found = _CATEGORY.match(self.source, self.at)
            if not found or found[1] not in _CATEGORIES:
                raise self.refused()
            self.at = found.end()
            return Chars(categories=(found[1],))
        if char in _CONTROLS:
            return _one(_CONTROLS[char])
        if char.isalnum():
            raise self.refused()
        return _one(char)

    def bracket(self) -> Chars:
        negated = self.take("^")
        ranges: list[tuple[int, int]] = []
        categories: list[str] = []
        while not self.take("]"):
            part = self.inside_bracket()
            if part.negated:
                raise self.refused()
            if part.only is not None and self.begins_range():
                self.at += 1
                end = self.inside_bracket()
                if end.only is None or end.only < part.only:
                    raise self.refused()
                part = Chars(((part.only, end.only),))
            ranges += part.ranges
            categories += part.categories
        if not ranges and not categories:
            raise self.refused()
        return Chars(tuple(ranges), tuple(categories), negated)

    def inside_bracket(self) -> Chars:
        return self.escape() if self.take("\\") else _one(self.next())

    def begins_range(self) -> bool:
        return self.source.startswith("-", self.at) and not self.source.startswith("-]", self.at)

    def next(self) -> str:
        if self.at >= len(self.source):
            raise self.refused()
        self.at += 1
        return self.source[self.at - 1]

    def take(self, char: str) -> bool:
        if self.source.startswith(char, self.at):
            self.at += 1
            return True
        return False

    def refused(self) -> PatternRefused:
        return PatternRefused("not_a_pattern", min(self.at + 1, len(self.source)))


def _one(char: str) -> Chars:
    return Chars(((ord(char), ord(char)),))


class _Machine:
    """The pattern as junctions. Some read one character of a set (`reads`: its bit, and where to); all
    others only lead on."""

    def __init__(self, node: Node) -> None:
        self.sets: dict[Chars, int] = {}
        self.reads: dict[int, tuple[int, int]] = {}
        self.leads: list[list[int]] = []
        self.built = 0
        self.end = self.junction()
        self.start = self.build(node, self.end)

    def junction(self, *leads_to: int) -> int:
        if len(self.leads) >= MOST_STATES:
            raise PatternRefused("pattern_too_complicated", 0)
        self.leads.append(list(leads_to))
        return len(self.leads) - 1

    def build(self, node: Node, after: int) -> int:
        """Return the junction at which `node` begins, when `after` is where it leads."""
        self.built += 1
        if self.built > 10 * MOST_STATES:
            raise PatternRefused("pattern_too_complicated", 0)
        match node:
            case Chars():
                here = self.junction()
                self.reads[here] = (1 << self.sets.setdefault(node, len(self.sets)), after)
                return here
            case Row():
                for part in reversed(node.parts):
                    after = self.build(part, after)
                return after
            case Either():
                return self.junction(*[self.build(option, after) for option in node.options])
            case Repeat():
                return self.build_repeat(node, after)

    def build_repeat(self, node: Repeat, after: int) -> int:
        if node.high is None:
            loop = self.junction(after)
            self.leads[loop].append(self.build(node.part, loop))
            after = loop
        else:
            leave = after
            for _again in range(node.high - node.low):
                after = self.junction(leave, self.build(node.part, after))
        for _again in range(node.low):
            after = self.build(node.part, after)
        return after

    def reach(self, junctions: Iterable[int]) -> frozenset[int]:
        """Return what can be reached without reading: the states that read, and the end."""
        seen: set[int] = set()
        waiting = list(junctions)
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                waiting += self.leads[here]
        return frozenset(here for here in seen if here in self.reads or here == self.end)


class Pattern:
    """A pattern ready to be matched against whole texts.

    Raises:
        PatternRefused: the source is not in the language, or too large.
    """

    def __init__(self, source: str) -> None:
        if len(source) > LONGEST_SOURCE:
            raise PatternRefused("pattern_too_complicated", LONGEST_SOURCE)
        node = _Reader(source).whole()
        self.source = source
        self.html = node.html()
        self._machine = _Machine(node)
        self._start = self._machine.reach([self._machine.start])
        self._kinds: dict[str, int] = {}
        self._steps: dict[tuple[frozenset[int], int], frozenset[int]] = {}

    def matches(self, text: str) -> bool:
        """Tell whether the whole text matches, in time that grows with its length and no faster."""
        states, kinds, steps = self._start, self._kinds, self._steps
        for char in text:
            kind = kinds.get(char)
            step = (states, self._kind(char) if kind is None else kind)
            states = steps.get(step) or self._step(*step)
            if not states:
                return False
        return self._machine.end in states

    def _kind(self, char: str) -> int:
        """Return which of the pattern's sets hold the character, a bit for each: all that matters of it."""
        kind = sum(1 << number for chars, number in self._machine.sets.items() if chars.has(char))
        if len(self._kinds) >= MOST_REMEMBERED:
            self._kinds.clear()
        self._kinds[char] = kind
        return kind

    def _step(self, states: frozenset[int], kind: int) -> frozenset[int]:
        reads = self._machine.reads
        after = self._machine.reach(
            leads_to for bit, leads_to in (reads[here] for here in states if here in reads) if bit & kind
        )
        if len(self._steps) * len(self._machine.leads) >= MOST_REMEMBERED:
            self._steps.clear()
        self._steps[states, kind] = after
        return after


def _ends_anchored(source: str) -> bool:
    """Tell whether the source ends in a `$` of its own: like a `^` in front, it says nothing new here."""
    before = source.removesuffix("$")
    return before != source and (len(before) - len(before.rstrip("\\"))) % 2 == 0


@lru_cache(maxsize=100)
def compiled(source: str) -> Pattern:
    """Return the pattern, compiled once."""
    return Pattern(source)
