"""How a project opens to workers, as the commands for requesters say it."""

from canut_client import Cascade, ThresholdSteps

OPENS = {
    "ladder": "step by step",
    "throughput": "while the work goes well, not further",
    "share": "as far as it falls behind other projects",
    "open": "to everybody at once",
}
"""The policies, each in words."""


def opens_text(cascade: Cascade) -> str:
    """Say to whom a project is open now, and what the next beat brings."""
    match cascade.state:
        case "running":
            return f"It opens {OPENS[cascade.policy]}: now {_from(cascade.threshold)}; {_next(cascade)}."
        case "paused":
            return f"It opens {OPENS[cascade.policy]}: {_from(cascade.threshold)}; its clock stands still."
        case "draft" | "round" | "waiting":
            return f"What begins opens {OPENS[cascade.policy]}; no cascade in a prototype round."
        case "closed":
            return ""
    return "It is open to everybody."


def _next(cascade: Cascade) -> str:
    due = cascade.next_beat
    if due is None or due.at is None:
        return "its clock stands still"
    at = f"{due.at.astimezone():%H:%M}"
    if cascade.policy == "throughput":
        return f"at {at} further, unless {due.count_to_hold} are taken or handed in ({due.count} so far)"
    if cascade.policy == "share":
        return f"looked at again at {at}"
    return f"at {at} {_from(due.threshold)}"


def _from(threshold: ThresholdSteps | None) -> str:
    if threshold is None:
        return "to everybody"
    if threshold.low == threshold.high:
        return f"to standings from {threshold.low:.2f} on"
    return f"to standings from between {threshold.low:.2f} and {threshold.high:.2f} on"
