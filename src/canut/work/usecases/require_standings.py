"""A requester says what standing a project asks of whoever works for it: a guild's level, qualifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.refusals import BadInput, NotFound, Refusal
from canut.people.models import Person
from canut.people.promises import broken_promise
from canut.reputation.access import qualification_in_use
from canut.reputation.models import ScaleKind
from canut.reputation.queries_qualifications import named_qualifications
from canut.reputation.rules_qualifications import value_of
from canut.work.access import own_project, require_requester
from canut.work.models import Project, Requirement
from canut.work.models.requirements import ASKED_SCALES
from canut.work.refusals import ProjectClosed
from canut.work.states import Comparator, ProjectState
from canut.work.usecases.change_draft import mark_changed

MOST_REQUIREMENTS = 10
WITHOUT_VALUE = (Comparator.EXISTS, Comparator.MISSING)
LARGEST_ID = 2**63 - 1


class AskedGuildNotFound(NotFound):
    """The project would ask for a guild that there is not."""

    code = "asked_guild_not_found"


class SeveralGuildsAsked(Refusal):
    """A project asks for one guild at most."""

    code = "several_guilds_asked"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One standing to ask for, as somebody wrote it. `scale_id` is the guild's or qualification's number."""

    scale: str
    scale_id: int
    comparator: str = Comparator.AT_LEAST
    value: str | int | Decimal | None = None


@transaction.atomic
def require_standings(*, project_id: int, by: Person, wanted: Sequence[Wanted], at: datetime) -> Project:
    """Have a project ask for exactly these standings from now on; none lets everybody in.

    It can be changed at any time before the project ends. What somebody has in hand stays theirs; the next
    task is given by what is asked then. The same list again changes nothing.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to change.
        BadInput: too many, or one of them has the wrong shape.
        SeveralGuildsAsked, AskedGuildNotFound.
        QualificationNotFound: it is not one of `by`'s own. QualificationIsRetired.
        ProjectClosed: it has ended.
    """
    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    if len(wanted) > MOST_REQUIREMENTS:
        raise _wrong(
            _("A project asks for at most %(most)s standings. Leave some out.") % {"most": MOST_REQUIREMENTS}
        )
    asked = [_checked(project, one, at=at) for one in wanted]
    if len({(one.scale, one.scale_id, one.comparator) for one in asked}) < len(asked):
        raise _wrong(_("The same is asked for twice. Leave one of them out."))
    if sum(one.scale == ScaleKind.GUILD for one in asked) > 1:
        raise SeveralGuildsAsked(_("A project asks for one guild at most. Leave the others out."))
    before = list(Requirement.objects.filter(project=project).order_by("pk"))
    if [_told(one) for one in before] == [_told(one) for one in asked]:
        return project
    if project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed; there is no more work in it."))
    for scale_id in sorted({one.scale_id for one in asked if one.scale == ScaleKind.QUALIFICATION}):
        qualification_in_use(scale_id, by=by)

    Requirement.objects.filter(project=project).delete()
    try:
        with transaction.atomic():
            Requirement.objects.bulk_create(asked)
    except IntegrityError as error:
        if broken_promise(error) != "requirement_of_a_guild":
            raise
        raise AskedGuildNotFound(
            _("There is no guild with this number. The guilds there are stand in the list of guilds.")
        ) from error
    project.refresh_from_db(fields=["asks_standings"])
    if project.state == ProjectState.DRAFT:
        mark_changed(project, at=at)
    told = [_told(one) for one in asked]
    record(by, "project.standings_asked", project, at=at, asked=told, before=[_told(one) for one in before])
    return project


def copy_requirements(source: Project, copy: Project) -> None:
    """Have a copy ask for what its source asks for, but for qualifications that are retired by now."""
    rows = list(Requirement.objects.filter(project=source).order_by("pk"))
    known = named_qualifications([one.scale_id for one in rows if one.scale == ScaleKind.QUALIFICATION])
    retired = {(str(ScaleKind.QUALIFICATION), one.id) for one in known.values() if one.is_retired}
    Requirement.objects.bulk_create(
        Requirement(
            project=copy,
            scale=one.scale,
            scale_id=one.scale_id,
            comparator=one.comparator,
            value=one.value,
        )
        for one in rows
        if (one.scale, one.scale_id) not in retired
    )
    copy.refresh_from_db(fields=["asks_standings"])


def _checked(project: Project, one: Wanted, *, at: datetime) -> Requirement:
    """Return the requirement, not saved yet."""
    if one.scale not in ASKED_SCALES:
        raise _wrong(_("A project asks for a guild or for a qualification."))
    if (
        isinstance(one.scale_id, bool)
        or not isinstance(one.scale_id, int)
        or not 0 < one.scale_id <= LARGEST_ID
    ):
        raise _wrong(_("Name the guild or qualification by its number."))
    if one.comparator not in Comparator.values:
        raise _wrong(
            _("There is no such comparison. There are: %(all)s.") % {"all": ", ".join(Comparator.values)}
        )
    value: Decimal | None = None
    if one.scale == ScaleKind.GUILD:
        value = _level(one, at=at)
    elif one.comparator not in WITHOUT_VALUE:
        value = None if one.value is None else value_of(one.value)
        if value is None:
            raise _wrong(_("Give the value to compare with as a number with at most two decimals."))
    elif one.value not in (None, ""):
        raise _wrong(_("Where only having a qualification matters, there is no value to compare with."))
    return Requirement(
        project=project,
        scale=one.scale,
        scale_id=one.scale_id,
        comparator=one.comparator,
        value=value,
    )


def _level(one: Wanted, *, at: datetime) -> Decimal:
    lowest, highest = in_force("guild.first_level", at=at), in_force("guild.highest_level", at=at)
    level = None if one.value is None else value_of(one.value)
    if one.comparator != Comparator.AT_LEAST or level is None or level % 1 or not lowest <= level <= highest:
        raise _wrong(
            _("Of a guild, a project asks for a least level, a whole number from %(lowest)s to %(highest)s.")
            % {"lowest": lowest, "highest": highest}
        )
    return level


def _wrong(sentence: str) -> BadInput:
    return BadInput(sentence, errors={"requirements": sentence})


def _told(one: Requirement) -> list[Any]:
    """Return a requirement as an event keeps it."""
    return [one.scale, one.scale_id, str(one.comparator), None if one.value is None else str(one.value)]
