"""Whether a guild that a proposal wants can be founded, and the guild as its version keeps it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from canut.governance.models import ProposalFounder, ProposalGuild, ProposalVersion
from canut.governance.refusals import GuildRefused
from canut.guilds.founding import Founding, founding_errors
from canut.membership.queries import memberships_at
from canut.people.models import Body
from canut.people.queries import is_screen_name_taken, person_named, worker
from canut.people.usecases.found_body import found_body


def check_founding(wanted: Founding, *, at: datetime) -> Mapping[int, int]:
    """Return the founders' levels by person, if a decision could found a tidy guild as it is wanted.

    Founders are members: who is not admitted founds nothing (MECHANISMS 7.1).

    Raises:
        GuildRefused: it could not; `errors` names each field, each after "guild.".
    """
    errors, people = founding_errors(wanted, at=at)
    if "screen_name" not in errors and is_screen_name_taken(wanted.screen_name):
        errors["screen_name"] = _("Somebody has this screen name. Choose another.")
    if "founders" not in errors:
        outside = set(people) - _members(people, at=at)
        names = [name for name in wanted.founders if getattr(person_named(name), "id", None) in outside]
        if names:
            errors["founders"] = _("“%(name)s” is no member yet, and members alone found a guild.") % {
                "name": names[0]
            }
    if errors:
        raise GuildRefused(
            _("The guild cannot be founded so. Nothing was kept."),
            errors={f"guild.{field}": str(sentence) for field, sentence in errors.items()},
        )
    return people


def keep_founding(version: ProposalVersion, wanted: Founding, people: Mapping[int, int]) -> ProposalGuild:
    """Write down the guild that a version would found."""
    kept = ProposalGuild.objects.create(
        version=version,
        name=wanted.name,
        screen_name=wanted.screen_name,
        craft=wanted.craft,
        language=wanted.language,
        charter_text=wanted.charter_text,
        joining=wanted.joining,
    )
    ProposalFounder.objects.bulk_create(
        ProposalFounder(guild=kept, person_id=person_id, level=level)
        for person_id, level in sorted(people.items())
    )
    return kept


def founding_of(version: ProposalVersion, *, at: datetime | None = None) -> Founding | None:
    """Return the guild that a version would found, None if it founds none.

    With `at`, only those founders who are members then and may work: who has left since, or is barred for a
    while, is no founder, and the guild begins without them.
    """
    kept = ProposalGuild.objects.filter(version=version).first()
    if kept is None:
        return None
    founders = kept.founders.select_related("person__party").order_by("pk")
    here = None if at is None else _who_could([one.person_id for one in founders], at=at)
    return Founding(
        name=kept.name,
        screen_name=kept.screen_name,
        craft=kept.craft,
        charter_text=kept.charter_text,
        joining=kept.joining,
        language=kept.language,
        founders={
            one.person.screen_name: one.level
            for one in founders
            if one.person.party.closed_at is None and (here is None or one.person_id in here)
        },
    )


@transaction.atomic
def begin_founding(wanted: Founding, *, at: datetime) -> tuple[Body, Mapping[int, int]]:
    """Return the body of a guild that was adopted, and the founders who are let in.

    Raises:
        GuildRefused, ScreenNameTaken: it cannot be founded any more, and nothing was made.
    """
    people = check_founding(wanted, at=at)
    return found_body(name=wanted.name, screen_name=wanted.screen_name, by=None, at=at), people


def founding_said(wanted: Founding) -> tuple[Any, ...]:
    """Return a tidy founding so that two can be compared."""
    founders = {name.strip().casefold(): level for name, level in wanted.founders.items()}
    return (
        *(wanted.name, wanted.screen_name, wanted.craft, wanted.charter_text),
        *(str(wanted.joining), wanted.language, founders),
    )


def _who_could(person_ids: Collection[int], *, at: datetime) -> set[int]:
    workers = {number: worker(number) for number in _members(person_ids, at=at)}
    return {number for number, known in workers.items() if known is not None and known.may_work}


def _members(person_ids: Collection[int], *, at: datetime) -> set[int]:
    return set(memberships_at(at).filter(person__in=list(person_ids)).values_list("person_id", flat=True))
