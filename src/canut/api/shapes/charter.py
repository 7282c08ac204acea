"""The parameters that the rules go by."""

from collections.abc import Sequence

from pydantic import Field

from canut.api.shapes.common import Moment, Said


class Parameter(Said):
    """One parameter and what holds for everybody: since when, and by which entry of the public log."""

    name: str
    value: int | bool | str | Sequence[str] = Field(
        description="Decimals are text, such as `0.065`, so that no digit is lost."
    )
    unit: str
    meaning: str
    since: Moment
    entry_id: int
    entry_kind: str
    cites: str


class Charter(Said):
    """The whole charter as it holds at a moment; empty before its beginning."""

    at: Moment
    parameters: Sequence[Parameter]
