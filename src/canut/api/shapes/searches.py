"""Saved searches: filters of the feed under a name, and whether one is told of new work."""

from collections.abc import Sequence
from typing import Any, Literal, cast

from pydantic import Field

from canut.api.shapes.common import Amount, AmountIn, Moment, Said, Sent, amount, minor_of
from canut.work.queries.feed_filters import (
    CURRENCY,
    LONGEST_SECONDS,
    MOST_LANGUAGES,
    Filters,
    filters_from,
)
from canut.work.queries.searches import SearchSeen
from canut.work.rules_searches import LONGEST_NAME

Notice = Literal["none", "site", "mail", "push", "both"]
Pace = Literal["at_once", "daily"]
Device = Literal["phone", "computer"]
Risks = Literal["accepted", "none", "all"]
Kind = Literal["paid", "volunteer"]


class SearchFilters(Said):
    """What a search looks for; what is null or empty asks nothing."""

    least_hourly: Amount | None = Field(description="What an hour pays at least.")
    most_seconds: int | None = Field(description="The longest expected time of a task.")
    languages: Sequence[str] = Field(description="Work that needs one of these, or none.")
    device: Device | None = Field(description="Only work that can be done on one.")
    risks: Risks = Field(description="Sensitive work: as one has accepted it, none, or all of it.")
    kind: Kind | None


class SavedSearch(Said):
    """A saved search of the caller."""

    id: int
    name: str
    filters: SearchFilters
    described: str = Field(description="The filters in words.")
    notice: Notice = Field(
        description="How one is told of new work: on the site, and also by mail, in one's browsers, or both."
    )
    pace: Pace = Field(description="Soon after it opens to one, or once a day in the morning.")
    created_at: Moment
    told_at: Moment | None = Field(description="When it last told of something.")


class SearchFiltersIn(Sent):
    """What a search looks for. What is left out asks nothing."""

    least_hourly: AmountIn | None = None
    most_seconds: int | None = Field(default=None, ge=1, le=LONGEST_SECONDS)
    languages: list[str] = Field(default=[], max_length=MOST_LANGUAGES)
    device: Device | None = None
    risks: Risks = "accepted"
    kind: Kind | None = None


class SearchIn(Sent):
    """A search to be saved."""

    name: str = Field(max_length=LONGEST_NAME)
    filters: SearchFiltersIn = SearchFiltersIn()
    notice: Notice = "none"
    pace: Pace = "at_once"


class SearchChange(Sent):
    """What is to change of a saved search; `filters` take the place of all that were there."""

    name: str | None = Field(default=None, max_length=LONGEST_NAME)
    filters: SearchFiltersIn | None = None
    notice: Notice | None = None
    pace: Pace | None = None


def filters_sent(sent: SearchFiltersIn) -> Filters:
    """Return filters as they came in.

    Raises:
        AmountRefused: the pay for an hour is no amount. BadInput: another value cannot be read.
    """
    given: dict[str, Any] = sent.model_dump(exclude_none=True)
    if "least_hourly" in given:
        given["least_hourly_minor"] = minor_of(given.pop("least_hourly"), CURRENCY)
    return filters_from(given)


def search_said(search: SearchSeen) -> SavedSearch:
    asked = search.filters
    filters = SearchFilters(
        least_hourly=amount(asked.least_hourly_minor, CURRENCY) if asked.least_hourly_minor else None,
        most_seconds=asked.most_seconds or None,
        languages=asked.languages,
        device=cast(Device, asked.device) if asked.device else None,
        risks=cast(Risks, asked.risks),
        kind=cast(Kind, asked.kind) if asked.kind else None,
    )
    return SavedSearch(
        id=search.id,
        name=search.name,
        filters=filters,
        described=search.described,
        notice=cast(Notice, search.notice),
        pace=cast(Pace, search.pace),
        created_at=search.created_at,
        told_at=search.told_at,
    )
