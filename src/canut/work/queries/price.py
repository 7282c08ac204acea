"""What may be asked of a project's owner just now: for a prototype round, or for all that waits."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from canut.charter.queries import in_force
from canut.work.models import Project, Revision, Round, Submission
from canut.work.queries.gates import Gate, covering_rounds, gate_of
from canut.work.queries.pricing import quote_for
from canut.work.rules import Quote
from canut.work.rules_pay import TimeReport, typical_seconds


@dataclass(frozen=True, slots=True)
class Price:
    """What begins if the owner agrees, what that costs, and what the rest costs later if the round passes.

    `rest` is None where nothing is left for later: no round is needed, or it tries everything there is.
    `tried_seconds` is what the workers of the rounds so far took, None if nobody knows.
    """

    gate: Gate
    now: Quote
    rest: Quote | None
    tried_seconds: Decimal | None


def price_of(project: Project, revision: Revision, *, at: datetime) -> Price:
    """Return what beginning what waits in a project costs, of a draft, a revision, or added rows."""
    gate = gate_of(project, revision, at=at)
    tried = typical_seconds_of(covering_rounds(project, revision), at=at)
    if not gate.needs_round:
        now = quote_for(project, revision, places=gate.waiting_places, at=at, typical_seconds=tried)
        return Price(gate, now, None, tried)
    now = quote_for(project, revision, places=gate.places, at=at, for_round=True)
    left = gate.waiting_places - gate.places
    if not left:
        return Price(gate, now, None, tried)
    whole = quote_for(project, revision, places=gate.waiting_places, at=at)
    rest = quote_for(project, revision, places=left, at=at)
    later = replace(
        rest,
        pay_minor=whole.pay_minor - now.pay_minor,
        dues={name: whole.dues[name] - now.dues[name] for name in whole.dues},
        hours_seconds=max(0, whole.hours_seconds - now.hours_seconds),
    )
    return Price(gate, now, later, tried)


def typical_seconds_of(rounds: list[Round], *, at: datetime) -> Decimal | None:
    """Return how long the typical task took in these rounds; None if no worker and no timer said."""
    told = Submission.objects.filter(assignment__round__in=rounds).values_list(
        "assignment__task_id", "assignment__worker_id", "active_seconds", "measured_seconds"
    )
    reports = [TimeReport(*one) for one in told]
    if not any(one.stated_seconds or one.measured_seconds for one in reports):
        return None
    return typical_seconds(reports, worker_divisor=in_force("pay.worker_reports_divisor", at=at))
