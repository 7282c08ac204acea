"""What founding a guild asks for, and whether it can be: for an operator's word, and for the members'."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.guilds.states import Joining
from canut.people.queries import person_named, worker
from canut.people.rules import screen_name_is_usable, tidy_screen_name
from canut.people.shapes import SCREEN_NAME_SHAPE

LONGEST_NAME = 120
LONGEST_SCREEN_NAME = 30
LONGEST_CRAFT = 80
LONGEST_CHARTER_TEXT = 20_000
MOST_FOUNDERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """A guild as somebody wants it: `founders` are screen names with the level each begins at."""

    name: str
    screen_name: str
    craft: str
    charter_text: str
    joining: str = Joining.OPEN
    language: str = ""
    founders: Mapping[str, int] = field(default_factory=dict)

    def tidied(self) -> "Founding":
        """Return the same without blanks around its words."""
        return Founding(
            name=" ".join(self.name.split()),
            screen_name=tidy_screen_name(self.screen_name),
            craft=" ".join(self.craft.split()),
            charter_text=self.charter_text.replace("\r\n", "\n").strip(),
            joining=self.joining,
            language=self.language.strip(),
            founders=dict(self.founders),
        )


def founding_errors(wanted: Founding, *, at: datetime) -> tuple[dict[str, Any], dict[int, int]]:
    """Return for each field of a tidy founding what is wrong with it, and the founders' levels by person."""
    errors = shape_errors(
        name=wanted.name,
        craft=wanted.craft,
        charter_text=wanted.charter_text,
        joining=wanted.joining,
        language=wanted.language,
    )
    if not screen_name_is_usable(wanted.screen_name):
        errors["screen_name"] = SCREEN_NAME_SHAPE
    people, wrong = _founders(wanted.founders, at=at)
    if wrong:
        errors["founders"] = wrong
    return errors, people


def shape_errors(*, name: str, craft: str, charter_text: str, joining: str, language: str) -> dict[str, Any]:
    """Return for each field of a guild that cannot be kept what is wrong with it."""
    errors: dict[str, Any] = {}
    if not name or len(name) > LONGEST_NAME:
        errors["name"] = _("A guild's name has 1 to 120 characters.")
    if not craft or len(craft) > LONGEST_CRAFT:
        errors["craft"] = _("Name the craft in at most 80 characters, such as transcription.")
    if not charter_text or len(charter_text) > LONGEST_CHARTER_TEXT:
        errors["charter_text"] = _("Give the guild a charter text of at most 20,000 characters.")
    if joining not in Joining.values:
        errors["joining"] = _("A guild is open to anybody who works here, or to whom a member invites.")
    if len(language) > 12:
        errors["language"] = _("Give the language as a code, such as en or fr.")
    texts = {"name": name, "craft": craft, "charter_text": charter_text, "language": language}
    for field_, text in texts.items():
        if "\0" in text:
            errors[field_] = _("This holds a character that cannot be stored.")
    return errors


def _founders(named: Mapping[str, int], *, at: datetime) -> tuple[dict[int, int], Any]:
    """Return the founders' levels by person, and what is wrong with them, if anything is."""
    lowest, highest = in_force("guild.first_level", at=at), in_force("guild.highest_level", at=at)
    if len(named) > MOST_FOUNDERS:
        return {}, _("Name at most 50 founders; others can join.")
    people: dict[int, int] = {}
    for screen_name, level in named.items():
        who = person_named(screen_name) if screen_name.isprintable() else None
        known = worker(who.id) if who is not None else None
        if who is None or known is None or not known.may_work:
            return {}, _("“%(name)s” is nobody who works here. Check the spelling.") % {"name": screen_name}
        if isinstance(level, bool) or not isinstance(level, int) or not lowest <= level <= highest:
            return {}, _("A founder begins at a level from %(lowest)s to %(highest)s.") % {
                "lowest": lowest,
                "highest": highest,
            }
        if who.id in people:
            return {}, _("“%(name)s” is named twice.") % {"name": screen_name}
        people[who.id] = level
    return people, None
