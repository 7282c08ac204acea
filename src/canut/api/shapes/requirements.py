"""What standings a project asks for: levels in guilds, and qualifications."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from canut.api.shapes.common import Number, RowId, Said, Sent
from canut.reputation.rules_qualifications import LARGEST_VALUE
from canut.work.queries.requirements import RequirementSeen
from canut.work.usecases.require_standings import MOST_REQUIREMENTS

LARGEST = float(LARGEST_VALUE)
Asked = Literal["guild", "qualification"]
Compares = Literal[
    "at_least", "at_most", "more_than", "less_than", "equal_to", "not_equal_to", "exists", "missing"
]


class RequirementIn(Sent):
    """One standing to ask for."""

    scale: Asked
    scale_id: RowId = Field(description="Of the guild, or of a qualification that the caller made.")
    comparator: Compares = Field("at_least", description="Of a guild, only `at_least`.")
    value: Number | None = Field(
        None,
        ge=-LARGEST,
        le=LARGEST,
        description="Of a guild the least level. With at most two decimals; null for `exists` and `missing`.",
        json_schema_extra={"minimum": -LARGEST, "maximum": LARGEST},
    )


class RequirementsIn(Sent):
    """All that a project asks for from now on; none lets everybody in."""

    requirements: Sequence[RequirementIn] = Field(max_length=MOST_REQUIREMENTS)


class Requirement(Said):
    """One standing that a project asks for."""

    scale: Asked
    scale_id: int
    name: str = Field(description="Of the guild or the qualification.")
    comparator: Compares
    value: float | None
    sentence: str = Field(description="The same in words.")


class Requirements(Said):
    """All that a project asks for, in the order given."""

    project_id: int
    requirements: Sequence[Requirement]


class RequirementMet(Requirement):
    """One standing that a project asks for, with the caller's."""

    own: float | None = Field(description="Null where they have none.")
    is_met: bool


def requirement_said(one: RequirementSeen) -> Requirement:
    return Requirement.model_validate(_plain(one))


def requirement_met_said(one: RequirementSeen) -> RequirementMet:
    own = None if one.own is None else float(one.own)
    return RequirementMet.model_validate(_plain(one) | {"own": own, "is_met": bool(one.is_met)})


def _plain(one: RequirementSeen) -> dict[str, object]:
    return {
        "scale": one.scale,
        "scale_id": one.scale_id,
        "name": one.name,
        "comparator": one.comparator,
        "value": None if one.value is None else float(one.value),
        "sentence": one.sentence,
    }
