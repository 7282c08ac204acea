"""`canut explain`: why a project was open to a worker or not, and its place in their feed, step by step."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from canut.cli.failure import Failure
from canut.cli.sites import site

if TYPE_CHECKING:
    from canut.charter.queries import InForce
    from canut.reputation.rules_explained import ScoreExplained, StandingExplained
    from canut.work.queries.explanations import AccessExplained, OrderExplained, PlaceInFeed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--worker", required=True, help="The name or e-mail address the worker signs in with."
    )
    parser.add_argument("--project", required=True, type=int, help="The project's number.")
    parser.add_argument("--at", help="A moment of the past, such as 2026-11-20T12:00:00Z. Without it: now.")
    parser.add_argument(
        "--beside", type=int, help="Another project: say which stood above the other in the worker's feed."
    )
    parser.epilog = (
        "It prints everything, other people's ratings included, and its use is written down as an event."
    )


def run(options: argparse.Namespace) -> None:
    with site():
        print("\n".join(explained(options.worker, options.project, at=options.at, beside=options.beside)))


def explained(name: str, project_id: int, *, at: str | None = None, beside: int | None = None) -> list[str]:
    """Return the explanation's lines.

    Raises:
        Failure: there is no such worker or project, or the moment cannot be read or is to come.
    """
    from canut.kernel import clock
    from canut.kernel.refusals import Refusal
    from canut.people.queries import person_to_sign_in
    from canut.work.usecases.explain_to_operator import explain_access_to_operator, explain_order_to_operator

    worker = person_to_sign_in(name)
    if worker is None:
        raise Failure(f"Nobody signs in as {name} here.")
    now = clock.now()
    moment = now if at is None else _moment(at)
    try:
        access = explain_access_to_operator(project_id=project_id, worker=worker, moment=moment, at=now)
        lines = list(_access(access))
        if beside is not None:
            order = explain_order_to_operator(
                project_id=project_id, beside_id=beside, worker=worker, moment=moment, at=now
            )
            lines += ["", *_order(order)]
    except Refusal as refusal:
        raise Failure(str(refusal)) from refusal
    return lines


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Failure(f"{text} is no moment; write it as 2026-11-20T12:00:00Z.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _access(found: "AccessExplained") -> Iterator[str]:
    verdict = "open" if found.is_open else f"not open ({found.code})"
    by = f", by {found.way}" if found.is_open and found.way else ""
    yield f"Project {found.project_id} and worker {found.worker_id} at {_at(found.at)}: {verdict}{by}."
    if found.recorded is not None:
        agrees = "as recomputed" if found.agrees else "NOT as recomputed"
        said = found.recorded
        yield (
            f"Claimed just then (assignment {said.assignment_id}), {agrees}: by {said.way}, standing "
            f"{said.standing} from {said.ratings} ratings ({said.scope}), threshold {said.threshold}, "
            f"beat {said.beat}."
        )
    yield ""
    yield "Conditions, in the order in which they are asked:"
    for one in found.conditions:
        outcome = "met" if one.is_met else f"not met: {one.code}"
        facts = ", ".join(f"{name} = {_said(value)}" for name, value in one.facts.items())
        unknown = "" if one.is_known else " (part of it was not kept)"
        yield f"  {one.name}: {outcome}{unknown} [{facts}]"
    yield ""
    yield from _standing(found.standing)
    yield ""
    yield from _cascade(found)
    yield ""
    yield "Charter in force:"
    yield from _parameters(found.parameters)


def _standing(found: "StandingExplained") -> Iterator[str]:
    yield f"Standing: {found.value} ({found.band}), from {found.scope}."
    for scale in found.tried:
        needs = f" of {scale.least_raters} needed" if scale.least_raters > 1 else ""
        counts = "counts" if scale.counts else "passed over"
        since = "" if scale.computed_at is None else f", computed {_at(scale.computed_at)}"
        yield (
            f"  {scale.scope}: {len(scale.ratings)} ratings by {scale.raters} raters{needs}, "
            f"a = {scale.factor}{since}: {counts}"
        )
    for step in found.steps:
        one = step.rating
        yield (
            f"    {one.value} × {step.weight} = {step.product}"
            f"  (rating {one.id} by {one.rater_id}, {_at(one.given_at)})"
        )
    if found.steps:
        yield f"    S = {found.above} / {found.below} = {found.exact:.6f}, rounded {found.value}"
    else:
        yield f"    Nothing counts, so it is standing.unrated = {found.unrated}."


def _cascade(found: "AccessExplained") -> Iterator[str]:
    clock, newcomer = found.clock, found.newcomer
    threshold = "none: everybody may come" if clock.threshold is None else str(clock.threshold)
    yield f"Cascade: {clock.policy}, beat {clock.beat}, threshold {threshold}."
    for one in found.beats:
        before = "-" if one.threshold_before is None else str(one.threshold_before)
        after = "everybody" if one.threshold is None else str(one.threshold)
        best = "" if one.best is None else f", best standing {one.best}"
        late = "" if one.written_at is None else f", written {_at(one.written_at)}"
        shares = "" if one.potential is None else f", potential {one.potential}, worked {one.worked}"
        yield (
            f"  {_at(one.at)} beat {one.beat} {one.why}: {before} -> {after}"
            f" (count {one.count}, reference {one.reference}{shares}{best}{late})"
        )
    yield (
        f"  Newcomers: rated = {_said(newcomer.is_rated)}, from beat {newcomer.first_beat}, "
        f"{newcomer.taken} of {newcomer.most} taken, {newcomer.free} of {newcomer.places} kept places free."
    )
    when = "" if found.opening.at is None else f" {_at(found.opening.at)}"
    yield f"  Opens: {found.opening.kind}{when}."


def _order(found: "OrderExplained") -> Iterator[str]:
    first, second = found.first, found.second
    yield (
        f"Feed of worker {found.worker_id} at {_at(found.at)}, order {found.order}: project "
        f"{first.project_id} above {second.project_id}, by {found.decided_by}."
    )
    for place in (first, second):
        yield from _place(place)
    yield from _parameters(found.parameters)


def _place(place: "PlaceInFeed") -> Iterator[str]:
    yield (
        f"  Project {place.project_id} of requester {place.requester_id}: key {place.key}, "
        f"published {_at(place.published_at)}"
    )
    if place.levels_below:
        yield f"    asks for {place.levels_below} levels less of a guild than the worker has"
    if place.score is not None:
        yield f"    {_score(place.score)}"
        for worker_id, value in place.score.others:
            yield f"      {value} by worker {worker_id}"


def _score(score: "ScoreExplained") -> str:
    if score.formula == "both":
        return (
            f"own {score.own} + {score.others_factor} × (mean {score.mean:.6f} of {len(score.others)} others"
            f" − {score.neutral}) = {score.value:.6f}"
        )
    if score.formula == "own":
        return f"own {score.own}, no other = {score.value}"
    if score.formula == "others":
        return f"mean of {len(score.others)} others = {score.value:.6f}, no own"
    return f"nobody has rated: {score.value}"


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _parameters(used: "Sequence[InForce]") -> Iterator[str]:
    for one in used:
        yield f"  {one.parameter.name} = {_said(one.value)} (since {_at(one.since)}, entry {one.entry_id})"


def _said(value: object) -> str:
    if isinstance(value, datetime):
        return _at(value)
    if isinstance(value, tuple):
        return " ".join(map(_said, value))
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
