"""Saved searches."""

from dataclasses import dataclass
from datetime import datetime

from canut_client.models.common import Amount


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """What a search looks for; what is None or empty asks nothing."""

    least_hourly: Amount | None
    most_seconds: int | None
    languages: tuple[str, ...]
    device: str | None
    risks: str
    kind: str | None


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """Filters of the feed under a name, and whether one is told of new work that they match."""

    id: int
    name: str
    filters: SearchFilters
    described: str
    notice: str
    pace: str
    created_at: datetime
    told_at: datetime | None
