"""What standings a project asks for: levels in guilds, and qualifications."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Requirement:
    """One standing that a project asks for; `sentence` says it in words."""

    scale: str
    scale_id: int
    name: str
    comparator: str
    value: float | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Requirements:
    """All that a project asks for, in the order given."""

    project_id: int
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class RequirementMet:
    """One standing that a project asks for, with one's own: None where one has none."""

    scale: str
    scale_id: int
    name: str
    comparator: str
    value: float | None
    sentence: str
    own: float | None
    is_met: bool
