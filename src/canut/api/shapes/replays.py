"""Replays: what a setting would have changed."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.lab.replays.queries import ReplaySeen
from canut.lab.replays.report import to_plain

JsonValue = int | bool | str | Sequence[str]


class ReplayGroup(Said):
    """So many people who are alike in size, with the mean of what is measured of them."""

    people: int
    before: float
    after: float


class ReplayTable(Said):
    """What changes for people, from those with the least to those with the most.

    No groups where there are too few people to tell of; `people` is null then.
    """

    measure: str
    unit: str
    people: int | None
    groups: Sequence[ReplayGroup]


class ReplayFund(Said):
    """What came into a fund and what it paid, in the currency's smallest unit."""

    fund: str
    in_before: int
    in_after: int
    out_before: int
    out_after: int


class ReplayFigure(Said):
    """One more thing that changes; null where it is not known, or would tell of too few people."""

    code: str
    unit: str
    before: float | None
    after: float | None


class ReplayCheck(Said):
    """What is on record, and what the run under the rules as they were comes to."""

    code: str
    unit: str
    on_record: float
    again: float


class ReplayNote(Said):
    """Something taken for granted, or that cannot be known, in the reader's language."""

    code: str
    sentence: str


class ReplayReport(Said):
    """One setting's replay. `family` says which rules were run again, `nothing` where none go by it."""

    parameter: str
    scope_kind: str
    scope_key: str
    old: JsonValue
    new: JsonValue
    since: Moment
    until: Moment
    family: str
    least_people: int
    currency: str
    workers: ReplayTable | None
    requesters: ReplayTable | None
    funds: Sequence[ReplayFund]
    figures: Sequence[ReplayFigure]
    checks: Sequence[ReplayCheck]
    taken_for_granted: Sequence[ReplayNote]
    unknown: Sequence[ReplayNote]


class Replay(Said):
    """A replay: of a proposal's version, or asked for by a member. Its reports are there once it is done."""

    id: int
    state: Literal["running", "broken", "done"] = Field(
        description="One that broke off is tried again by itself."
    )
    done_share: float
    proposal_id: int | None
    version: int | None
    parameters: Sequence[str]
    asked_at: Moment
    finished_at: Moment | None
    reports: Sequence[ReplayReport]


class ReplayIn(Sent):
    """Which value of which parameter to try, for everybody or one scope."""

    parameter: str = Field(max_length=60)
    value: JsonValue = Field(description="Decimals as text, such as `0.08`; lists as lists of text.")
    scope_kind: str = Field(default="site", max_length=9)
    scope_key: str = Field(default="", max_length=40)


def replay_said(seen: ReplaySeen) -> Replay:
    """Return a replay as it goes out."""
    reports = []
    for report, said in zip(seen.reports, seen.said, strict=True):
        plain: dict[str, Any] = to_plain(report)
        for part, sentences in (
            ("taken_for_granted", said.taken_for_granted),
            ("unknown", said.unknown),
        ):
            plain[part] = [
                {"code": note["code"], "sentence": sentence}
                for note, sentence in zip(plain[part], sentences, strict=True)
            ]
        reports.append(ReplayReport(**plain))
    return Replay(
        id=seen.id,
        state=seen.state,
        done_share=seen.done_share,
        proposal_id=seen.proposal_id,
        version=seen.version,
        parameters=seen.parameters,
        asked_at=seen.asked_at,
        finished_at=seen.finished_at,
        reports=reports,
    )
