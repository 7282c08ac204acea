"""A guild is founded, with its craft, its charter text and its founders."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.guilds.models import Guild
from canut.guilds.states import Joining
from canut.guilds.usecases.enter_guild import enter_guild
from canut.kernel.events import record
from canut.kernel.refusals import BadInput
from canut.people.access import as_operator
from canut.people.models import Person
from canut.people.queries import person_named, worker
from canut.people.usecases.found_body import found_body

LONGEST_NAME = 120
LONGEST_CRAFT = 80
LONGEST_CHARTER_TEXT = 20_000
LONGEST_DECISION = 2_000
MOST_FOUNDERS = 50


@transaction.atomic
def found_guild(
    *,
    by: Person,
    name: str,
    screen_name: str,
    craft: str,
    charter_text: str,
    decision: str,
    at: datetime,
    joining: str = Joining.OPEN,
    language: str = "",
    founders: Mapping[str, int] | None = None,
) -> Guild:
    """Found a guild and let its founders in, each by screen name with the level they begin at.

    Until members decide such things, an operator does; `decision` says in words who decided it and why, and
    is shown on the guild's page. What the members later change of the charter can reach this guild alone.

    Raises:
        OperatorRoleMissing: `by` does not run this site.
        BadInput: a field has the wrong shape; `errors` names each.
        ScreenNameTaken: somebody has it, whatever the capitals.
    """
    as_operator(by)
    name, craft = " ".join(name.split()), " ".join(craft.split())
    charter_text, decision = charter_text.strip(), decision.strip()
    errors = shape_errors(
        name=name, craft=craft, charter_text=charter_text, joining=joining, language=language
    )
    if not decision or len(decision) > LONGEST_DECISION or "\0" in decision:
        errors["decision"] = _("Say in at most 2,000 characters who decided to found the guild, and why.")
    people, wrong = _founders(founders or {}, at=at)
    if wrong:
        errors["founders"] = wrong
    if errors:
        raise BadInput(_("Some of what you entered cannot be accepted. Nothing was founded."), errors=errors)
    body = found_body(name=name, screen_name=screen_name, by=by, at=at)
    guild = Guild.objects.create(
        party=body,
        craft=craft,
        charter_text=charter_text,
        joining=joining,
        language=language,
        decision=decision,
        founded_by=by,
        founded_at=at,
    )
    record(by, "guild.founded", guild, at=at, founders=len(people))
    for person_id, level in sorted(people.items()):
        enter_guild(guild, Person.objects.get(pk=person_id), first_level=level, is_founder=True, at=at)
    return guild


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
    for field, text in texts.items():
        if "\0" in text:
            errors[field] = _("This holds a character that cannot be stored.")
    return errors


def _founders(named: Mapping[str, int], *, at: datetime) -> tuple[dict[int, int], Any]:
    """Return the founders' levels by person, and what is wrong with them, if anything is."""
    lowest, highest = in_force("guild.first_level", at=at), in_force("guild.highest_level", at=at)
    if len(named) > MOST_FOUNDERS:
        return {}, _("Name at most 50 founders; others can join.")
    people: dict[int, int] = {}
    for screen_name, level in named.items():
        who = person_named(screen_name)
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
