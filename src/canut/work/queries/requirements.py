"""What standings a project asks for, by their names, and how a worker stands to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from canut.kernel.refusals import Refusal
from canut.people.queries import names_of_bodies
from canut.reputation.models import ScaleKind
from canut.reputation.queries_qualifications import named_qualifications
from canut.work.models import Requirement
from canut.work.queries.admission import standings_asked
from canut.work.refusals import StandingNotMet, admission_refusal
from canut.work.rules import StandingAsked
from canut.work.states import Comparator


@dataclass(frozen=True, slots=True)
class RequirementSeen:
    """One standing that a project asks for. `sentence` says it to whoever reads of the project.

    For a worker, `own` is their standing, None where they have none, and `is_met` whether it suffices; for
    the project's owner both are None.
    """

    scale: str
    scale_id: int
    name: str
    comparator: str
    value: Decimal | None
    sentence: str
    own: Decimal | None = None
    is_met: bool | None = None

    @property
    def is_of_guild(self) -> bool:
        return self.scale == ScaleKind.GUILD

    @property
    def own_text(self) -> str:
        return "" if self.own is None else plain_number(self.own)


def requirements_of(project_id: int) -> Sequence[RequirementSeen]:
    """Return what a project asks for, in the order given."""
    rows = list(Requirement.objects.filter(project_id=project_id).order_by("pk"))
    names = _names((row.scale, row.scale_id) for row in rows)
    return [
        RequirementSeen(
            scale=row.scale,
            scale_id=row.scale_id,
            name=names[row.scale, row.scale_id],
            comparator=row.comparator,
            value=row.value,
            sentence=_asked(row.scale, names[row.scale, row.scale_id], row.comparator, row.value),
        )
        for row in rows
    ]


def requirements_for(project_id: int, *, worker_id: int) -> Sequence[RequirementSeen]:
    """Return what a project asks for, with how the worker stands to it."""
    asked = standings_asked(worker_id=worker_id, project_id=project_id)
    names = _names((one.scale, one.scale_id) for one in asked)
    return [_seen(one, names[one.scale, one.scale_id]) for one in asked]


def standing_not_met(project_id: int, *, worker_id: int) -> Refusal:
    """Return the refusal for a worker whose standings are not what a project asks for, saying each."""
    missing = [one for one in requirements_for(project_id, worker_id=worker_id) if one.is_met is False]
    if not missing:
        return admission_refusal("standing_not_met")
    facts = [
        {
            "scale": one.scale,
            "scale_id": one.scale_id,
            "name": one.name,
            "comparator": one.comparator,
            "value": None if one.value is None else str(one.value),
            "own": None if one.own is None else str(one.own),
        }
        for one in missing
    ]
    return StandingNotMet(" ".join(f"{one.sentence} {_own(one)}" for one in missing), missing=facts)


def _seen(one: StandingAsked, name: str) -> RequirementSeen:
    return RequirementSeen(
        scale=one.scale,
        scale_id=one.scale_id,
        name=name,
        comparator=one.comparator,
        value=one.value,
        sentence=_asked(one.scale, name, one.comparator, one.value),
        own=one.own,
        is_met=one.is_met,
    )


def _names(asked: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
    """Return the name of each guild and qualification, by scale and number."""
    pairs = set(asked)
    by_scale = {
        str(scale): [scale_id for of, scale_id in pairs if of == scale]
        for scale in (ScaleKind.GUILD, ScaleKind.QUALIFICATION)
    }
    found: dict[str, Mapping[int, str]] = {
        str(ScaleKind.GUILD): names_of_bodies(by_scale[ScaleKind.GUILD]),
        str(ScaleKind.QUALIFICATION): {
            one.id: one.name for one in named_qualifications(by_scale[ScaleKind.QUALIFICATION]).values()
        },
    }
    return {(scale, scale_id): found[scale].get(scale_id, str(scale_id)) for scale, scale_id in pairs}


def _asked(scale: str, name: str, comparator: str, value: Decimal | None) -> str:
    """Say one requirement in a sentence."""
    given = {"name": name, "value": "" if value is None else plain_number(value)}
    if scale == ScaleKind.GUILD:
        return _("It is for members of the guild “%(name)s” from level %(value)s on.") % given
    sentences = {
        Comparator.AT_LEAST: _("It asks for the qualification “%(name)s” with at least %(value)s."),
        Comparator.AT_MOST: _("It asks for the qualification “%(name)s” with at most %(value)s."),
        Comparator.MORE_THAN: _("It asks for the qualification “%(name)s” with more than %(value)s."),
        Comparator.LESS_THAN: _("It asks for the qualification “%(name)s” with less than %(value)s."),
        Comparator.EQUAL_TO: _("It asks for the qualification “%(name)s” with exactly %(value)s."),
        Comparator.NOT_EQUAL_TO: _("It is not for those with exactly %(value)s in “%(name)s”."),
        Comparator.EXISTS: _("It asks for the qualification “%(name)s”, whatever its value."),
        Comparator.MISSING: _("It is for those who were not given the qualification “%(name)s”."),
    }
    return sentences[Comparator(comparator)] % given


def _own(one: RequirementSeen) -> str:
    """Say how the worker stands to a requirement."""
    if one.own is None and one.is_of_guild:
        return _("You are not in this guild; its page says how to join.")
    if one.own is None:
        return _("You were not given it.")
    if one.is_of_guild:
        return _("You have level %(own)s.") % {"own": plain_number(one.own)}
    return _("You have %(own)s.") % {"own": plain_number(one.own)}


def plain_number(value: Decimal) -> str:
    """Return a standing as people write it, without decimals that say nothing."""
    whole = value.to_integral_value()
    return number_format(whole if whole == value else value.normalize())
