"""What a difference of two designs is made of: values for pages and programs, with their sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.charter.differences import Piece

Text = str | Promise
Change = Literal["same", "added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class PartChange:
    """One entry of a list, such as a choice, that was added, removed, moved or changed."""

    change: Change
    before: str
    after: str
    pieces: Sequence[Piece] = ()

    @property
    def sentence(self) -> str:
        match self.change:
            case "added":
                return _("“%(after)s” is new.") % {"after": self.after}
            case "removed":
                return _("“%(before)s” is gone.") % {"before": self.before}
            case "moved":
                return _("“%(after)s” stands at another place.") % {"after": self.after}
            case _:
                return _("“%(before)s” is “%(after)s” now.") % {"before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that is not what it was. `before` and `after` are JSON, None where it was not there.

    `pieces` go through a text word by word; `parts` through a list. `said_before` and `said_after` are
    what a person reads of any other value.
    """

    name: str
    label: Text
    before: object
    after: object
    said_before: str
    said_after: str
    pieces: Sequence[Piece] = ()
    parts: Sequence[PartChange] = ()

    @property
    def sentence(self) -> str:
        about = {"field": str(self.label), "before": self.said_before, "after": self.said_after}
        if self.parts:
            return " ".join(part.sentence for part in self.parts)
        if not self.said_before:
            return _("%(field)s: “%(after)s” is new.") % about
        if not self.said_after:
            return _("%(field)s: “%(before)s” is gone.") % about
        return _("%(field)s: “%(before)s” is “%(after)s” now.") % about


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item of either design. `was` and `now` are its places, counted from 1, None where it was not.

    `change` is "moved" if only its place among the others is another one; `has_moved` also tells of
    those that were changed and moved. `before` and `after` are its JSON.
    """

    change: Change
    type: str
    type_name: Text
    name: str
    called: str
    was: int | None
    now: int | None
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None
    has_moved: bool = False
    fields: Sequence[FieldChange] = ()

    @property
    def sentence(self) -> str:
        about = {"number": self.now or self.was, "was": self.was, "called": self.called}
        match self.change:
            case "added":
                return _("Item %(number)s is new: “%(called)s”.") % about
            case "removed":
                return _("Item %(number)s is gone: “%(called)s”.") % about
            case "moved":
                return _("Item %(number)s was item %(was)s: “%(called)s”.") % about
            case "changed" if self.has_moved:
                return _("Item %(number)s was item %(was)s, and is changed: “%(called)s”.") % about
            case "changed":
                return _("Item %(number)s is changed: “%(called)s”.") % about
            case _:
                return _("Item %(number)s is as it was: “%(called)s”.") % about


@dataclass(frozen=True, slots=True)
class TermChange:
    """One of the terms that is another one: `kind` says what the two whole numbers count."""

    name: str
    label: Text
    kind: Literal["money", "seconds", "count"]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two designs, and between what was promised with them.

    `items` has every item of the later design in its order, those that are the same too, and then
    each one that is gone.
    """

    title: FieldChange | None
    instructions: FieldChange | None
    items: Sequence[ItemChange]
    terms: Sequence[TermChange] = ()

    @property
    def changed_items(self) -> Sequence[ItemChange]:
        return [item for item in self.items if item.change != "same"]

    @property
    def same_count(self) -> int:
        return sum(item.change == "same" for item in self.items)

    @property
    def is_empty(self) -> bool:
        return not (self.title or self.instructions or self.changed_items or self.terms)

    @property
    def changes_design(self) -> bool:
        """Whether anything that workers see or answer differs, whatever became of the terms."""
        return bool(self.instructions or self.changed_items)

    @property
    def sentences(self) -> Sequence[str]:
        """Return the whole of it in sentences, for readers who have no page before them."""
        return list(self._said())

    @property
    def summary(self) -> str:
        """Return what differs in few words."""
        counts = dict.fromkeys(("added", "removed", "changed", "moved"), 0)
        for item in self.changed_items:
            counts[item.change] += 1
        told = [
            ngettext("%(count)s item added", "%(count)s items added", counts["added"]),
            ngettext("%(count)s item removed", "%(count)s items removed", counts["removed"]),
            ngettext("%(count)s item changed", "%(count)s items changed", counts["changed"]),
            ngettext("%(count)s item moved", "%(count)s items moved", counts["moved"]),
        ]
        parts = [
            words % {"count": count} for words, count in zip(told, counts.values(), strict=True) if count
        ]
        if self.instructions:
            parts.insert(0, _("instructions changed"))
        parts.extend(str(term.label) for term in self.terms)
        return ", ".join(parts) or _("nothing")

    def _said(self) -> Iterator[str]:
        for text in (self.title, self.instructions):
            if text:
                yield text.sentence
        for item in self.changed_items:
            yield item.sentence
            for field in item.fields:
                yield field.sentence
