"""How what requesters and workers see of a cascade is said: frozen values in, shapes out."""

from typing import Any

from canut.api.shapes import opening as shapes
from canut.api.shapes.common import Party
from canut.api.shapes.explanations import ThresholdSteps
from canut.work.queries.cascade_seen import CascadeSeen, Level
from canut.work.queries.opening import OpeningSeen, SoonLine
from canut.work.rules_opening import Counted


def cascade_said(seen: CascadeSeen) -> shapes.Cascade:
    same = ("project_id", "state", "policy", "can_choose", "beat", "beat_seconds", "started_at", "open_since")
    plain: dict[str, Any] = {name: getattr(seen, name) for name in same}
    crowd, came, due = seen.crowd, seen.came_in, seen.next_beat
    history: list[dict[str, Any]] = [
        {"at": one.at, "beat": one.beat, "why": one.why, "policy": one.policy, "threshold": _level(one.level)}
        for one in seen.moves
    ]
    return shapes.Cascade(
        **plain,
        threshold=_level(seen.level),
        next_beat=None
        if due is None
        else shapes.NextBeat(
            at=due.at,
            threshold=_level(due.level),
            everybody=due.level is not None and due.level.low is None,
            count=due.count,
            count_to_hold=due.count_to_hold,
            potential=None if due.potential is None else str(due.potential),
            worked=None if due.worked is None else str(due.worked),
        ),
        history=[shapes.CascadeMove(**one) for one in history],
        may_come_now=None if crowd is None else crowd.now.at_least,
        may_come_next=None if crowd is None else _of(crowd.following),
        may_come_ever=None if crowd is None else crowd.everybody.at_least,
        newcomers_places=seen.newcomers_kept,
        newcomers_places_left=seen.newcomers_left,
        newcomers_may_come=seen.newcomers_open,
        came_by_standing=came.by_standing.at_least,
        came_as_newcomers=came.as_newcomers.at_least,
        came_as_stayed=came.stayed.at_least,
    )


def opening_said(seen: OpeningSeen | None) -> shapes.Opening | None:
    if seen is None:
        return None
    same = [name for name in shapes.Opening.model_fields if not name.startswith("newcomers")]
    plain: dict[str, Any] = {name: getattr(seen, name) for name in same}
    plain |= {"newcomers": seen.newcomers.state, "newcomers_at": seen.newcomers.opens_at}
    return shapes.Opening(**plain)


def soon_said(line: SoonLine) -> shapes.OpeningSoon:
    plain = {name: getattr(line, name) for name in shapes.OpeningSoon.model_fields if name != "requester"}
    return shapes.OpeningSoon(**plain, requester=Party.model_validate(line.requester))


def _level(level: Level | None) -> ThresholdSteps | None:
    if level is None or level.low is None or level.high is None:
        return None
    return ThresholdSteps(low=float(level.low), high=float(level.high))


def _of(counted: Counted | None) -> int | None:
    return None if counted is None else counted.at_least
