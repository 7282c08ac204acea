"""What a reader of other tools' designs hands back, and what all such readers share.

Nothing is dropped silently: whatever a reader does not take is named with its path. Items that other
tools allow and Canut does not (a label that is too long, too many options) are named too.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from canut.kernel.refusals import Refusal
from canut.work.designs.problems import DesignRefused
from canut.work.designs.schema import MOST_ITEMS, Design, read_design, to_json
from canut.work.designs.values import storable

MOST_CHARACTERS = 2_000_000
MOST_LOOKED_AT = 5 * MOST_ITEMS
"""Of a file with more parts than this the rest is not read: no design has room for them."""
MOST_NAMED = 200
LONGEST_SHOWN = 80


class ImportRefused(Refusal):
    """Nothing of the text can be used as a design."""

    code = "import_refused"
    status = 422


@dataclass(frozen=True)
class Imported:
    """A design as it was understood. `left_out` names, each in a sentence, what was not taken over."""

    origin: str
    design: Design
    left_out: Sequence[str] = ()

    def as_json(self) -> dict[str, object]:
        return to_json(self.design)


@dataclass
class LeftOut:
    """What was not taken over so far, each with its path."""

    sentences: list[str] = field(default_factory=list)

    def note(self, path: str, what: str) -> None:
        """Note something with a reason of its own, a whole sentence."""
        self.sentences.append(f"{shown(path)}: {_sayable(what)}")

    def unknown(self, path: str) -> None:
        self.note(path, _("This was not taken over."))

    def told(self) -> list[str]:
        """Return the sentences, at most some hundreds of them, and how many more there are."""
        unique = list(dict.fromkeys(self.sentences))
        if len(unique) <= MOST_NAMED:
            return unique
        more = _("And %(count)s more that were not taken over.") % {"count": len(unique) - MOST_NAMED}
        return [*unique[:MOST_NAMED], more]


class Names:
    """Gives items names that a design can have, each once, and remembers what they were called."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def give(self, original: object, otherwise: str = "question") -> str:
        called = original if isinstance(original, str) else ""
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", called).strip("_")[:50] or otherwise
        if not plain[0].isalpha():
            plain = f"{otherwise}_{plain}"[:50]
        name, number = plain, self._numbers.get(plain, 1)
        while name in self._taken:
            number += 1
            name = f"{plain}_{number}"
        self._numbers[plain] = number
        self._taken.add(name)
        if called:
            self._given.setdefault(called, name)
        return name

    def of(self, original: str) -> str:
        """Return the name of what was called so; empty if there is none."""
        return self._given.get(original, "")


@dataclass(frozen=True)
class Built:
    """One item's JSON, and the path of what it was made of."""

    path: str
    item: dict[str, object]


def make_design(
    origin: str, items: Iterable[Built], left_out: LeftOut, *, title: str = "", instructions: str = ""
) -> Imported:
    """Return the design of these items; those that no design can hold are left out and named.

    Raises:
        ImportRefused: nothing is left that asks something.
    """
    waiting = iter(items)
    kept = list(islice(waiting, MOST_LOOKED_AT))
    if next(waiting, None) is not None:
        left_out.note(origin, _("Only its first %(most)s parts were looked at.") % {"most": MOST_LOOKED_AT})
    whole: dict[str, Any] = {"version": 1, "title": title, "instructions": instructions}
    for _round in range(len(kept) + 2):
        try:
            design = read_design({**whole, "items": [built.item for built in kept]})
        except DesignRefused as refused:
            bad: dict[int, str] = {}
            too_many = ""
            for problem in refused.problems:
                found = re.match(r"items\[([0-9]+)\]", problem.path)
                if found:
                    bad.setdefault(int(found[1]), problem.sentence)
                elif problem.path in ("title", "instructions"):
                    whole[problem.path] = ""
                    left_out.note(problem.path, problem.message)
                elif problem.code == "too_many":
                    too_many = problem.sentence
                else:
                    raise ImportRefused(
                        _("Nothing here asks something that Canut can ask. %(why)s")
                        % {"why": " ".join(left_out.told()[:5]) or problem.message}
                    ) from refused
            if too_many and not bad:  # those that are wrong go first, and make room
                bad = dict.fromkeys(range(MOST_ITEMS, len(kept)), too_many)
            for number, why in bad.items():
                left_out.note(kept[number].path, _("This was not taken over: %(why)s") % {"why": why})
            kept = [built for number, built in enumerate(kept) if number not in bad]
        else:
            return Imported(origin, design, left_out.told())
    raise ImportRefused(_("Nothing here asks something that Canut can ask."))


def _sayable(sentence: str) -> str:
    """Return a sentence without what no page can show: halves of surrogate pairs, and NUL."""
    return sentence if storable(sentence) else sentence.encode(errors="replace").decode().replace("\0", "?")


def shown(text: str) -> str:
    """Return a path or a name so that it can be put into a sentence."""
    plain = text if storable(text) else "?"
    return plain if len(plain) <= LONGEST_SHOWN else plain[: LONGEST_SHOWN - 1] + "…"


def as_options(choices: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"value": value, "label": label or value} for value, label in choices]


def without(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, "")}
