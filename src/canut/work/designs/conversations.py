"""Two conversations with a model side by side, and a rubric to judge them by, with reasons."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.work.designs.choices import one_of, radios
from canut.work.designs.columns import as_text
from canut.work.designs.editing import FEED, EditedField, Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Check, Choice, Occasion, Told
from canut.work.designs.pairwise import preference_choices, preferences, sides_swapped
from canut.work.designs.parts import InParts, Part, given_parts
from canut.work.designs.problems import Wrong
from canut.work.designs.quantities import on_scale, point_typed, point_written, read_scale
from canut.work.designs.texts import LongText

MOST_CRITERIA = 12
LONGEST_REASON = 2000
MOST_TURNS = 200
OVERALL = "overall"

_WHO = re.compile(r"(?P<who>user|human|prompter|assistant|ai|bot|model|gpt|system)\s*:[ \t]*", re.IGNORECASE)
_USERS = frozenset({"user", "human", "prompter"})
_SYSTEM = frozenset({"system", "developer"})
_REASON = LongText(name="why", label="", max_length=LONGEST_REASON)


@dataclass(frozen=True)
class Turn:
    """What one of the two said at a time: `who` is "user", "model" or "system", or "" if it is not told."""

    who: Literal["user", "model", "system", ""]
    text: str

    @property
    def name(self) -> str:
        return {"user": _("User"), "model": _("Model"), "system": _("System"), "": ""}[self.who]


@dataclass(frozen=True)
class Conversation:
    """One of the two as the worker meets it, under a letter that says nothing about whose it is."""

    letter: str
    turns: tuple[Turn, ...]


def turns_of(written: str) -> tuple[Turn, ...]:
    """Return the turns of a conversation out of a cell.

    It is a JSON list of objects, with `role` and `content` or with `from` and `value`, or a list of
    texts, the user's first; or a text whose turns begin lines with "User:", "Assistant:" and the like.
    Anything else is one turn that does not tell whose it is.
    """
    written = written.strip()
    if written.startswith("["):
        try:
            turns = json.loads(written)
        except (ValueError, RecursionError):
            turns = None
        if isinstance(turns, list) and turns and all(isinstance(turn, dict | str) for turn in turns):
            return tuple(_turn(number, turn) for number, turn in enumerate(turns[:MOST_TURNS]))
    return tuple(_spoken(written)) or (Turn("", written),)


def _turn(number: int, raw: object) -> Turn:
    if not isinstance(raw, dict):
        return Turn("model" if number % 2 else "user", as_text(raw))
    who = str(raw.get("role", raw.get("from", "")))
    content = raw.get("content", raw.get("value", raw.get("text")))
    if isinstance(content, list):  # parts, as some interfaces give them
        content = "\n\n".join(
            as_text(part.get("text") if isinstance(part, dict) else part) for part in content
        )
    return Turn(_role(who), as_text(content))


def _role(who: str) -> Literal["user", "model", "system", ""]:
    who = who.casefold()
    return "user" if who in _USERS else "system" if who in _SYSTEM else "model" if who else ""


def _spoken(written: str) -> Iterator[Turn]:
    who: Literal["user", "model", "system", ""] = ""
    lines: list[str] = []
    turns = 0
    for line in written.splitlines():
        named = _WHO.match(line)
        if named and turns < MOST_TURNS:
            if who:
                yield Turn(who, "\n".join(lines).strip())
            elif any(lines):
                yield Turn("", "\n".join(lines).strip())
            who, lines, turns = _role(named["who"]), [line[named.end() :]], turns + 1
        else:
            lines.append(line)
    if who:
        yield Turn(who, "\n".join(lines).strip())


@dataclass(frozen=True)
class Criterion:
    """One line of the rubric: which side is better in it, or a point on a scale for each side."""

    name: str
    label: str
    by: str = "preference"
    least: int = 1
    most: int = 5
    least_label: str = ""
    most_label: str = ""

    @classmethod
    def read(cls, raw: Fields) -> Self:
        read = cls(
            name=raw.name("name"),
            label=raw.text("label", at_most=300),
            by=raw.one_of("by", BY, default="preference"),
            **read_scale(raw),
        )
        raw.finish()
        return read


BY = ("preference", "rating")
REASONS = ("none", "overall", "each")


@dataclass(frozen=True, kw_only=True)
class Conversations(InParts):
    """Which of two conversations is better, in each criterion of a rubric and overall.

    The answer gives each criterion, and "overall", an object: `{"better": "a"}` or a point for each
    side, `{"a": 4, "b": 2}`; and with reasons `"why"`. A reason overall is needed with the choices
    named in `reasons_for`. Sides are named by the design's columns, whichever was shown first.
    """

    type = "conversations"
    template = "work/items/conversations.html"
    called = gettext_lazy("Two conversations with a model")
    family = Family.COMPARED
    best_on_computer = True
    editing = (
        EditedField(name="prompt", kind="area", label=gettext_lazy("What both are about"), help=FEED),
        EditedField(
            name="a",
            kind="area",
            label=gettext_lazy("First conversation"),
            help=gettext_lazy(
                "A column with a JSON list of turns, or a text whose turns begin with “User:”, “Assistant:”."
            ),
            needed=True,
        ),
        EditedField(name="b", kind="area", label=gettext_lazy("Second conversation"), needed=True),
        EditedField(
            name="criteria",
            kind="parts",
            label=gettext_lazy("Criteria"),
            parts=(
                EditedField(name="name", kind="line", label=gettext_lazy("Stored as"), needed=True),
                EditedField(name="label", kind="line", label=gettext_lazy("Criterion"), needed=True),
                EditedField(
                    name="by",
                    kind="choice",
                    label=gettext_lazy("Judged by"),
                    choices=(
                        ("preference", gettext_lazy("which side is better")),
                        ("rating", gettext_lazy("a point on a scale for each side")),
                    ),
                    default="preference",
                ),
                EditedField(name="least", kind="whole", label=gettext_lazy("Lowest point"), default=1),
                EditedField(name="most", kind="whole", label=gettext_lazy("Highest point"), default=5),
                EditedField(name="least_label", kind="line", label=gettext_lazy("What the lowest means")),
                EditedField(name="most_label", kind="line", label=gettext_lazy("What the highest means")),
            ),
            most=MOST_CRITERIA,
        ),
        EditedField(name="ties", kind="tick", label=gettext_lazy("A tie may be chosen"), default=True),
        EditedField(name="both_bad", kind="tick", label=gettext_lazy("“Both are bad” may be chosen")),
        EditedField(
            name="reasons",
            kind="choice",
            label=gettext_lazy("Ask for reasons"),
            choices=(
                ("none", gettext_lazy("no")),
                ("overall", gettext_lazy("for the choice overall")),
                ("each", gettext_lazy("for each criterion and overall")),
            ),
            default="none",
        ),
        EditedField(
            name="reasons_for",
            kind="choices",
            label=gettext_lazy("A reason overall is needed with"),
            choices=(
                ("a", gettext_lazy("the first is better")),
                ("b", gettext_lazy("the second is better")),
                ("tie", gettext_lazy("a tie")),
                ("both_bad", gettext_lazy("both are bad")),
            ),
        ),
    )
    begins = {"label": gettext_lazy("Which conversation is better?"), "a": "{{a}}", "b": "{{b}}"}

    a: str
    b: str
    prompt: str = ""
    criteria: tuple[Criterion, ...] = ()
    ties: bool = True
    both_bad: bool = False
    reasons: str = "none"
    reasons_for: tuple[str, ...] = ()

    @classmethod
    def read(cls, raw: Fields) -> Self:
        criteria = [Criterion.read(one) for one in raw.objects("criteria", at_least=0, at_most=MOST_CRITERIA)]
        raw.unrepeated([OVERALL, *(one.name for one in criteria)], "criteria")
        ties, both_bad = raw.flag("ties", default=True), raw.flag("both_bad", default=False)
        reasons_for = raw.texts("reasons_for", at_least=0, at_most=4, longest=20)
        raw.unrepeated(reasons_for, "reasons_for")
        known = preferences(ties=ties, both_bad=both_bad)
        reasons = raw.one_of("reasons", REASONS, default="none")
        if not set(reasons_for) <= set(known) or (reasons_for and reasons == "none"):
            raw.problem("not_one_of", "reasons_for", known=", ".join(known) if reasons != "none" else "-")
        return cls(
            a=raw.text("a", at_most=20_000),
            b=raw.text("b", at_most=20_000),
            prompt=raw.text("prompt", at_most=5000, needed=False),
            criteria=tuple(criteria),
            ties=ties,
            both_bad=both_bad,
            reasons=reasons,
            reasons_for=reasons_for,
            **cls.read_common(raw),
        )

    def templates(self) -> Iterator[str]:
        yield from (self.prompt, self.a, self.b)
        yield from super().templates()
        for one in self.criteria:
            yield from (one.label, one.least_label, one.most_label)

    def preferences(self) -> tuple[str, ...]:
        return preferences(ties=self.ties, both_bad=self.both_bad)

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        cells = [occasion.fill(self.a), occasion.fill(self.b)]
        if sides_swapped(occasion.seed):
            cells.reverse()
        both = [Conversation(letter, turns_of(cell)) for letter, cell in zip("AB", cells, strict=True)]
        return {"prompt": occasion.fill(self.prompt), "conversations": both}

    def part_keys(self) -> Sequence[str]:
        keys = []
        for one in self._judged():
            keys += [f"{one.name}-{field}" for field in self._fields(one)]
        return keys

    def parts(self, occasion: Occasion) -> Sequence[Part]:
        return [part for one in self._judged() for part in self._parts_of(one, occasion)]

    def check(self) -> Check:
        checks = {one.name: self._check_one(one) for one in self._judged()}

        def check_rubric(answer: object) -> dict[str, object] | None:
            given = given_parts(answer, tuple(checks))
            if not given:
                return None
            judged = {name: check(given[name]) if name in given else None for name, check in checks.items()}
            if all(one is None for one in judged.values()):
                return None
            if any(one is None for one in judged.values()):
                raise Wrong("incomplete")
            return dict(judged)

        return check_rubric

    def most_bytes(self) -> int:
        reason = 6 * LONGEST_REASON + 12 if self.reasons != "none" else 0
        return sum(len(one.name) + 40 + reason for one in self._judged())

    def posted_parts(self, values: Mapping[str, Sequence[str]]) -> object:
        answer: dict[str, dict[str, object]] = {}
        for key, posted in values.items():
            name, _hyphen, field = key.partition("-")
            written = point_written(posted) if field in ("a", "b") else (posted[-1] if posted else None)
            if written not in (None, ""):
                answer.setdefault(name, {})[field] = written
        return answer or None

    def typed_parts(self, answer: object) -> Mapping[str, object]:
        typed: dict[str, object] = {}
        for one in self._judged():
            given = answer.get(one.name) if isinstance(answer, dict) else None
            for field in self._fields(one):
                typed[f"{one.name}-{field}"] = (
                    point_typed(given.get(field)) if isinstance(given, dict) else None
                )
        return typed

    def told(self, answer: object, occasion: Occasion) -> Sequence[Told]:
        if not isinstance(answer, dict):
            return ()
        return [
            Told(heading=part.label, text=_said(part, given))
            for part in self.parts(occasion)
            if (given := _given(answer, part.key)) not in (None, "")
        ]

    def _judged(self) -> Iterator[Criterion]:
        """Give the criteria, and what stands for the whole last."""
        yield from self.criteria
        yield Criterion(name=OVERALL, label="")

    def _fields(self, one: Criterion) -> tuple[str, ...]:
        asked = ("better",) if one.by == "preference" else ("a", "b")
        has_reason = self.reasons == "each" or (self.reasons == "overall" and one.name == OVERALL)
        return (*asked, "why") if has_reason else asked

    def _parts_of(self, one: Criterion, occasion: Occasion) -> Iterator[Part]:
        label = occasion.fill(one.label) or _("Overall")
        if one.by == "preference":
            choices = preference_choices(self.preferences(), occasion)
            yield Part(f"{one.name}-better", label, radios(choices))
        else:
            points = [Choice(str(point), str(point)) for point in range(one.least, one.most + 1)]
            ends = (occasion.fill(one.least_label), occasion.fill(one.most_label))
            sides = ("b", "a") if sides_swapped(occasion.seed) else ("a", "b")
            for letter, side in zip("AB", sides, strict=True):
                called = _("%(criterion)s: conversation %(letter)s") % {"criterion": label, "letter": letter}
                yield Part(f"{one.name}-{side}", called, radios(points), ends=ends)
        if "why" in self._fields(one):
            needs = self.reasons_for if one.name == OVERALL else ()
            yield Part(
                f"{one.name}-why",
                _("Why? (%(criterion)s)") % {"criterion": label},
                forms.Textarea({"rows": "2", **_REASON.lengths()}),
                needed=False,
                need_key=f"{one.name}-better" if needs else "",
                need_among=needs,
            )

    def _check_one(self, one: Criterion) -> Check:
        fields = self._fields(one)
        check_better, check_why = one_of(self.preferences()), _REASON.check()
        check_point = on_scale(one.least, one.most)
        needs_why = self.reasons_for if one.name == OVERALL else ()

        def check_one(answer: object) -> dict[str, object] | None:
            given = given_parts(answer, fields)
            judged: dict[str, object] = {}
            for field in fields:
                if field in given:
                    check = {"better": check_better, "why": check_why}.get(field, check_point)
                    judged[field] = check(given[field])
            judged = {field: value for field, value in judged.items() if value is not None}
            if not judged:
                return None
            if any(field not in judged for field in fields if field != "why"):
                raise Wrong("incomplete")
            if judged.get("better") in needs_why and "why" not in judged:
                raise Wrong("reason_missing")
            return judged

        return check_one


def _given(answer: Mapping[object, object], key: str) -> object:
    name, _hyphen, field = key.partition("-")
    judged = answer.get(name)
    return judged.get(field) if isinstance(judged, dict) else None


def _said(part: Part, given: object) -> str:
    choices = getattr(part.widget, "choices", ())
    return dict(choices).get(str(given), as_text(given))
