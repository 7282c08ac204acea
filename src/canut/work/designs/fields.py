"""Reading a requester's JSON field by field, and keeping everything that is wrong with it."""

import re
from collections.abc import Iterator, Sequence

from canut.work.designs.problems import DesignProblem
from canut.work.designs.values import LARGEST_NUMBER, clean_text, plain_number, storable

MOST_TEXT = 200_000
"""The characters of text that one design may hold."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class Findings:
    """What is wrong so far, and how much text was read."""

    def __init__(self) -> None:
        self.problems: list[DesignProblem] = []
        self.characters = 0


class Fields:
    """One object of a design. Each method takes one field out of it; `finish` names what nobody took.

    A field that is wrong is noted and read as empty, so that one reading finds every problem.
    """

    def __init__(self, raw: object, path: str, findings: Findings, item: str = "") -> None:
        self.path = path
        self.item = item
        self._findings = findings
        self._known: list[str] = []
        self._readable = isinstance(raw, dict)
        self._raw: dict[object, object] = dict(raw) if isinstance(raw, dict) else {}
        if not self._readable:
            self.problem("not_an_object")

    def problem(self, code: str, field: str = "", **facts: object) -> None:
        path = ".".join(part for part in (self.path, field) if part)
        self._findings.problems.append(DesignProblem(path, code, facts, self.item))

    def has(self, field: str) -> bool:
        return self._raw.get(field) is not None

    def call_it(self, field: str, *, otherwise: str) -> None:
        """Call the object, in what is noted from now on, by the text in `field` if there is one."""
        raw = self._raw.get(field)
        self.item = raw if isinstance(raw, str) and _NAME.fullmatch(raw) else otherwise

    def version(self, known: int) -> None:
        raw = self._take("version", needed=True)
        if raw is not None and (isinstance(raw, bool) or raw != known):
            self.problem("unknown_version", "version")

    def text(self, field: str, *, at_most: int, needed: bool = True, one_line: bool = False) -> str:
        """Return a text without outer blanks; line ends are one character each."""
        raw = self._take(field, needed=needed)
        if raw is None:
            return ""
        if not isinstance(raw, str):
            self.problem("not_text", field)
            return ""
        text = self._clean(raw, field, at_most=at_most, needed=needed)
        if one_line and "\n" in text:
            self.problem("one_line", field)
        return text

    def name(self, field: str) -> str:
        return self._matching(field, _NAME, "not_a_name", needed=True)

    def language(self, field: str) -> str:
        return self._matching(field, _LANGUAGE, "not_a_language", needed=False)

    def one_of(self, field: str, known: Sequence[str], *, default: str) -> str:
        raw = self._take(field, needed=False)
        if raw is None:
            return default
        if not isinstance(raw, str) or raw not in known:
            self.problem("not_one_of", field, known=", ".join(known))
            return default
        return raw

    def flag(self, field: str, *, default: bool) -> bool:
        raw = self._take(field, needed=False)
        if raw is None:
            return default
        if not isinstance(raw, bool):
            self.problem("not_a_flag", field)
            return default
        return raw

    def whole_number(self, field: str, *, default: int, low: int, high: int) -> int:
        raw = self._take(field, needed=False)
        if raw is None:
            return default
        if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
            self.problem("not_a_whole_number", field, low=low, high=high)
            return default
        return raw

    def number(self, field: str, *, low: int | float = -LARGEST_NUMBER) -> int | float | None:
        raw = self._take(field, needed=False)
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not low <= raw <= LARGEST_NUMBER:
            self.problem("not_a_number", field, low=low, high=LARGEST_NUMBER)
            return None
        return plain_number(raw)

    def objects(self, field: str, *, at_least: int, at_most: int) -> Iterator["Fields"]:
        path = f"{self.path}.{field}" if self.path else field
        for number, part in enumerate(self._list(field, at_least=at_least, at_most=at_most)):
            yield Fields(part, f"{path}[{number}]", self._findings, self.item)

    def inner(self, field: str) -> "Fields | None":
        raw = self._take(field, needed=False)
        if raw is None:
            return None
        return Fields(raw, f"{self.path}.{field}", self._findings, self.item)

    def texts(self, field: str, *, at_least: int, at_most: int, longest: int) -> tuple[str, ...]:
        found = []
        for part in self._list(field, at_least=at_least, at_most=at_most):
            if isinstance(part, str):
                found.append(self._clean(part, field, at_most=longest, needed=True))
            else:
                self.problem("not_text", field)
        return tuple(found)

    def unrepeated(self, values: Sequence[str], field: str) -> None:
        """Note each value that stands in `values` twice."""
        seen: set[str] = set()
        for value in values:
            if value and value in seen:
                self.problem("repeated", field, given=value[:60])
            seen.add(value)

    def finish(self) -> None:
        for field in self._raw:
            if field not in self._known:
                named = field if isinstance(field, str) and storable(field) else "?"
                self.problem("unknown_field", named[:60], known=", ".join(self._known))

    def _take(self, field: str, *, needed: bool) -> object:
        if field not in self._known:
            self._known.append(field)
        raw = self._raw.get(field)
        if raw is None and needed and self._readable:
            self.problem("missing", field)
        return raw

    def _list(self, field: str, *, at_least: int, at_most: int) -> list[object]:
        raw = self._take(field, needed=at_least > 0)
        if raw is None:
            return []
        if not isinstance(raw, list):
            self.problem("not_a_list", field)
            return []
        if len(raw) < at_least:
            self.problem("too_few", field, at_least=at_least)
        if len(raw) > at_most:
            self.problem("too_many", field, at_most=at_most)
        return raw[:at_most]

    def _matching(self, field: str, form: re.Pattern[str], code: str, *, needed: bool) -> str:
        raw = self._take(field, needed=needed)
        if raw is None:
            return ""
        if not isinstance(raw, str) or not form.fullmatch(raw):
            self.problem(code, field)
            return ""
        return raw

    def _clean(self, raw: str, field: str, *, at_most: int, needed: bool) -> str:
        self._findings.characters += len(raw)
        if len(raw) > 2 * MOST_TEXT:
            self.problem("too_long", field, at_most=at_most)
            return ""
        if not storable(raw):
            self.problem("unstorable", field)
            return ""
        text = clean_text(raw)
        if len(text) > at_most:
            self.problem("too_long", field, at_most=at_most)
        if not text and needed:
            self.problem("missing", field)
        return text
