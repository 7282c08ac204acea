"""A guild is founded, with its craft, its charter text and its founders."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.constitution.queries import is_ratification_answered
from canut.charter.models import Decision
from canut.guilds.founding import Founding, founding_errors
from canut.guilds.models import Guild
from canut.guilds.states import Joining
from canut.guilds.usecases.enter_guild import enter_guild
from canut.kernel.events import record
from canut.kernel.refusals import BadInput, Refusal
from canut.people.access import as_operator
from canut.people.models import Body, Person
from canut.people.usecases.found_body import found_body

LONGEST_DECISION = 2_000


class FoundingIsMembers(Refusal):
    """Members vote on this site, so that a guild is founded by their decision alone."""

    code = "founding_is_members"


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
    """Found a guild as an operator, on a site whose members have not answered their first question yet.

    Until then nothing else is voted on; from then on members found guilds by their decision, and nobody
    else does. `decision` says in words who decided it and why, and is shown on the guild's page. Founders
    are let in, each by screen name with the level they begin at. What the members later change of the
    charter can reach this guild alone.

    Raises:
        OperatorRoleMissing: `by` does not run this site.
        FoundingIsMembers: it is the members' to decide.
        BadInput: a field has the wrong shape; `errors` names each.
        ScreenNameTaken: somebody has it, whatever the capitals.
    """
    as_operator(by)
    refuse_operators_founding()
    wanted = Founding(
        name=name,
        screen_name=screen_name,
        craft=craft,
        charter_text=charter_text,
        joining=joining,
        language=language,
        founders=founders or {},
    ).tidied()
    decision = decision.strip()
    errors, people = founding_errors(wanted, at=at)
    if not decision or len(decision) > LONGEST_DECISION or "\0" in decision:
        errors["decision"] = _("Say in at most 2,000 characters who decided to found the guild, and why.")
    if errors:
        raise BadInput(_("Some of what you entered cannot be accepted. Nothing was founded."), errors=errors)
    body = found_body(name=wanted.name, screen_name=wanted.screen_name, by=by, at=at)
    return _found(wanted, people, body, decision=decision, by=by, adopted=None, at=at)


@transaction.atomic
def found_by_decision(
    wanted: Founding, people: Mapping[int, int], body: Body, *, title: str, adopted: Decision, at: datetime
) -> Guild:
    """Found on a body what the members have adopted, with its founders' levels by person.

    `title` is what they decided in words. Called with the decision's recording, in its transaction.
    """
    return _found(wanted, people, body, decision=title, by=None, adopted=adopted, at=at)


def refuse_operators_founding() -> None:
    """Raise FoundingIsMembers once the members of this site vote."""
    if is_ratification_answered():
        raise FoundingIsMembers(
            _(
                "The members of this site vote, so they decide which guilds there are. A member proposes "
                "it, and when it is adopted the guild is founded."
            )
        )


def _found(
    wanted: Founding,
    people: Mapping[int, int],
    body: Body,
    *,
    decision: str,
    by: Person | None,
    adopted: Decision | None,
    at: datetime,
) -> Guild:
    guild = Guild.objects.create(
        party=body,
        craft=wanted.craft,
        charter_text=wanted.charter_text,
        joining=wanted.joining,
        language=wanted.language,
        decision=decision,
        founded_by=by,
        adopted=adopted,
        founded_at=at,
    )
    record(by, "guild.founded", guild, at=at, founders=len(people), decision=adopted and adopted.pk)
    for person_id, level in sorted(people.items()):
        enter_guild(guild, Person.objects.get(pk=person_id), first_level=level, is_founder=True, at=at)
    return guild
