"""What the rules of pay went by, read from the site a project at a time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum

from canut.charter.rules import Scope
from canut.guilds.models import ReviewProject
from canut.lab.replays.books import BREAKS, DIVISOR, Duty, ProjectBooks, SessionDone, Settled, Terms, Work
from canut.lab.replays.charters import as_it_was
from canut.ledger.models import Account, Kind, LedgerEntry, Reason
from canut.people.models import Person
from canut.work.models import (
    Decision,
    Project,
    Revision,
    Round,
    Settlement,
    Submission,
    WorkBreak,
    WorkSession,
)
from canut.work.queries.settling import FINISHING
from canut.work.rules_hours import Pause, Session, spent
from canut.work.rules_pay import TimeReport, typical_seconds
from canut.work.states import Outcome, PayBasis, ProjectKind, RoundState, TopUpState


def projects_at_work(since: datetime, until: datetime, *, using: str) -> list[int]:
    """Return the projects of which work was paid or settled in the time, by id."""
    span = {"gte": since, "lt": until}
    decided = Decision.objects.using(using).filter(outcome__in=FINISHING, **_within("decided_at", span))
    closed = WorkSession.objects.using(using).filter(**_within("closed_at", span))
    settled = Settlement.objects.using(using).filter(**_within("settled_at", span))
    found = [set(rows.values_list("project_id", flat=True)) for rows in (decided, closed, settled)]
    return sorted(set().union(*found))


def read_books(
    project_id: int,
    since: datetime,
    until: datetime,
    *,
    using: str,
    with_reports: bool = False,
    also: Sequence[int] = (),
) -> ProjectBooks:
    """Return what pay of one project goes by in the time.

    `with_reports` brings all reports that each T was made of. `also` names assignments that were approved
    before the time and may be settled in it.
    """
    project = Project.objects.using(using).get(pk=project_id)
    settlements = _settlements(project, since, until, using=using)
    settled_ids = [*also, *(report[0] for row in settlements for report in row.inputs["reports"])]
    work = _work(project, since, until, settled_ids, using=using)
    sessions = _sessions(project, since, until, using=using)
    reports = _reports(project, using=using) if with_reports and settlements else {}
    return ProjectBooks(
        project_id=project.pk,
        owner_id=project.owner_id,
        fund=project.fund,
        is_paid=project.kind == ProjectKind.PAID,
        risks=tuple(project.risks),
        published_at=project.published_at or project.created_at,
        paid_before_minor=_paid_before(project, since, using=using),
        terms=_terms(
            project, {one.revision_id for one in work} | {one.revision_id for one in sessions}, using=using
        ),
        work=work,
        sessions=sessions,
        settled=_settled(settlements, reports),
        duty=_duty(project, using=using),
        people=_people({one.worker_id for one in work} | {one.worker_id for one in sessions}, using=using),
    )


def booked_sums(since: datetime, until: datetime, currency: str, *, using: str) -> dict[str, int]:
    """Return what the ledger booked in the time, by reason, and of charges by their name."""
    rows = LedgerEntry.objects.using(using).filter(
        recorded_at__gte=since, recorded_at__lt=until, currency=currency
    )
    sums = rows.values_list("reason", "note").annotate(minor=Sum("amount_minor"))
    booked: dict[str, int] = defaultdict(int)
    for reason, note, minor in sums:
        is_charge = reason in (Reason.SERVICE_FEE, Reason.LEVY)
        booked[note if is_charge else reason] += int(minor)
    return booked


def gifts(since: datetime, until: datetime, currency: str, *, using: str) -> Mapping[str, int]:
    """Return what was given to each fund in the time."""
    rows = LedgerEntry.objects.using(using).filter(
        recorded_at__gte=since, recorded_at__lt=until, currency=currency, reason=Reason.GIFT
    )
    sums = rows.values_list("credit__kind").annotate(minor=Sum("amount_minor"))
    return {kind: int(minor) for kind, minor in sums}


def bonuses(since: datetime, until: datetime, currency: str, *, using: str) -> Iterator[tuple[int, int, int]]:
    """Yield (payer, worker, amount) of what was paid beside all prices."""
    rows = LedgerEntry.objects.using(using).filter(
        recorded_at__gte=since, recorded_at__lt=until, currency=currency, reason=Reason.BONUS
    )
    sums = rows.values_list("debit__party_id", "credit__party_id").annotate(minor=Sum("amount_minor"))
    for payer, worker, minor in sums:
        if payer is not None and worker is not None:
            yield int(payer), int(worker), int(minor)


def balances(currency: str, owners: Sequence[int], *, using: str) -> Mapping[int, int]:
    """Return what these requesters have free now."""
    rows = Account.objects.using(using).filter(kind=Kind.BALANCE, currency=currency, party_id__in=owners)
    return {int(party): int(total) for party, total in rows.values_list("party_id", "total_minor") if party}


def currencies(since: datetime, until: datetime, *, using: str) -> list[str]:
    """Return the currencies in which something was paid in the time, the most used first."""
    projects = Project.objects.using(using).filter(pk__in=projects_at_work(since, until, using=using))
    counts: dict[str, int] = defaultdict(int)
    for currency in projects.values_list("currency", flat=True):
        counts[currency] += 1
    return sorted(counts, key=lambda one: (-counts[one], one)) or ["EUR"]


def _within(field: str, span: Mapping[str, datetime]) -> dict[str, datetime]:
    return {f"{field}__{how}": moment for how, moment in span.items()}


def _work(
    project: Project, since: datetime, until: datetime, settled_ids: Sequence[int], *, using: str
) -> list[Work]:
    """Return the work approved in the time, and what was settled in it, in the order of approval."""
    decisions = Decision.objects.using(using).filter(project=project, outcome__in=FINISHING)
    wanted = Q(decided_at__gte=since, decided_at__lt=until) | Q(submission__assignment__in=settled_ids)
    rows = (
        decisions.filter(wanted, decided_at__lt=until)
        .order_by("pk")
        .values_list(
            "submission__assignment_id",
            "submission__assignment__revision_id",
            "submission__assignment__worker_id",
            "submission__assignment__reward_minor",
            "submission__assignment__taken_at",
            "submission__assignment__submitted_at",
            "submission__assignment__round_id",
            "decided_at",
        )
    )
    returned = Decision.objects.using(using).filter(project=project, outcome=Outcome.RETURNED)
    reworks = {
        assignment: (minor, at)
        for assignment, minor, at in returned.values_list(
            "submission__assignment_id", "rework_minor", "decided_at"
        )
    }
    nothing: tuple[int, datetime | None] = (0, None)
    return [
        Work(
            assignment_id=assignment,
            revision_id=revision,
            worker_id=worker,
            reward_minor=reward,
            taken_at=taken_at,
            submitted_at=submitted_at or decided_at,
            in_round=round_id is not None,
            rework_minor=reworks.get(assignment, nothing)[0],
            returned_at=reworks.get(assignment, nothing)[1],
            counts=decided_at >= since,
        )
        for assignment, revision, worker, reward, taken_at, submitted_at, round_id, decided_at in rows
    ]


def _sessions(project: Project, since: datetime, until: datetime, *, using: str) -> list[SessionDone]:
    if project.pay_basis != PayBasis.HOUR:
        return []
    rows = WorkSession.objects.using(using).filter(project=project, closed_at__gte=since, closed_at__lt=until)
    sessions = list(rows.order_by("pk"))
    pauses: dict[int, list[Pause]] = defaultdict(list)
    for one in WorkBreak.objects.using(using).filter(session__in=sessions).order_by("began_at"):
        pauses[one.session_id].append(Pause(one.began_at, one.ended_at, one.is_paid))
    return [_session_done(project, one, pauses[one.pk]) for one in sessions]


def _session_done(project: Project, row: WorkSession, pauses: Sequence[Pause]) -> SessionDone:
    assert row.closed_at is not None
    times = Session(
        hourly_minor=row.hourly_minor,
        least_seconds=row.least_seconds,
        reserved_seconds=row.reserved_seconds,
        opened_at=row.opened_at,
        ends_at=row.ends_at,
        last_sign_at=row.last_seen_at,
        pauses=pauses,
        credit_seconds=0,
        patience_seconds=0,
        longest_break_seconds=0,
        break_share=as_it_was().value(BREAKS, at=row.opened_at) if project.risks else Decimal(0),
    )
    alone = spent(times, until=row.closed_at)
    counted = alone.worked_seconds + alone.break_seconds
    cut_short = (
        max(0, (row.paid_seconds or 0) - counted) if (row.paid_seconds or 0) > alone.paid_seconds else 0
    )
    return SessionDone(
        worker_id=row.worker_id,
        revision_id=row.revision_id,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        times=times,
        paid_minor=row.paid_minor or 0,
        cut_short_seconds=cut_short,
    )


def _settlements(project: Project, since: datetime, until: datetime, *, using: str) -> list[Settlement]:
    rows = Settlement.objects.using(using).filter(
        project=project, settled_at__gte=since, settled_at__lt=until
    )
    return list(rows.order_by("pk").prefetch_related("top_ups"))


def _settled(
    rows: Sequence[Settlement], reports: Mapping[int, Sequence[tuple[int, TimeReport]]]
) -> list[Settled]:
    return [
        Settled(
            at=row.settled_at,
            typical=row.typical_seconds,
            by_reports=row.inputs["basis"] == "reports",
            new=tuple(report[0] for report in row.inputs["reports"]),
            all_reports=tuple(
                report
                for decision, report in reports.get(row.revision_id, ())
                if decision <= row.upto_decision
            ),
            refused=frozenset(one.worker_id for one in row.top_ups.all() if one.state == TopUpState.REFUSED),
            booked={
                one.worker_id: one.amount_minor
                for one in row.top_ups.all()
                if one.state != TopUpState.REFUSED
            },
        )
        for row in rows
    ]


def _reports(project: Project, *, using: str) -> dict[int, list[tuple[int, TimeReport]]]:
    """Return the reports of all approved work of a project, by revision, each with its decision's id."""
    rows = (
        Decision.objects.using(using)
        .filter(project=project, outcome__in=FINISHING, submission__assignment__submissions__attempt=1)
        .order_by("pk")
        .values_list(
            "pk",
            "submission__assignment__revision_id",
            "submission__assignment__task_id",
            "submission__assignment__worker_id",
            "submission__assignment__submissions__active_seconds",
            "submission__assignment__submissions__measured_seconds",
        )
    )
    found: dict[int, list[tuple[int, TimeReport]]] = defaultdict(list)
    for decision, revision, task, worker, stated, measured in rows:
        found[revision].append((decision, TimeReport(task, worker, stated, measured)))
    return found


def _paid_before(project: Project, since: datetime, *, using: str) -> int:
    """Return what the project's levies had been counted on when the time began."""
    rewards = Decision.objects.using(using).filter(
        project=project, outcome__in=FINISHING, decided_at__lt=since
    )
    sessions = WorkSession.objects.using(using).filter(project=project, closed_at__lt=since)
    pay = rewards.aggregate(minor=Sum("submission__assignment__reward_minor"))["minor"] or 0
    return int(pay) + int(sessions.aggregate(minor=Sum("paid_minor"))["minor"] or 0)


def read_terms(project: Project, *, using: str) -> dict[int, Terms]:
    """Return what each published revision of a project promised, in their order."""
    rows = Revision.objects.using(using).filter(project=project, published_at__isnull=False)
    return _terms(project, set(rows.values_list("pk", flat=True)), using=using)


def _terms(project: Project, revisions: set[int], *, using: str) -> dict[int, Terms]:
    rows = Revision.objects.using(using).filter(pk__in=revisions).order_by("number")
    rounds = Round.objects.using(using).filter(
        project=project, state=RoundState.PASSED, launched_at__isnull=False
    )
    passed = list(rounds.order_by("pk"))
    return {row.pk: _terms_of(row, passed, using=using) for row in rows}


def _terms_of(row: Revision, passed: Sequence[Round], *, using: str) -> Terms:
    launched = [one for one in passed if one.revision_id == row.pk]
    tried, launched_at = None, None
    if launched:
        tried, launched_at = _tried_seconds(launched, using=using), launched[0].launched_at
    return Terms(
        reward_minor=row.reward_minor,
        hourly_minor=row.hourly_minor,
        expected_seconds=row.expected_seconds,
        published_at=row.published_at or row.created_at,
        tried_seconds=tried,
        launched_at=launched_at,
    )


def _tried_seconds(rounds: Sequence[Round], *, using: str) -> Decimal | None:
    told = Submission.objects.using(using).filter(assignment__round__in=rounds)
    reports = [
        TimeReport(*one)
        for one in told.values_list(
            "assignment__task_id", "assignment__worker_id", "active_seconds", "measured_seconds"
        )
    ]
    if not any(one.stated_seconds or one.measured_seconds for one in reports):
        return None
    at = rounds[-1].launched_at or rounds[-1].opened_at
    return typical_seconds(reports, worker_divisor=as_it_was().value(DIVISOR, at=at))


def _duty(project: Project, *, using: str) -> Duty | None:
    if not project.fund:
        return None
    row = ReviewProject.objects.using(using).filter(pk=project.pk).select_related("of").first()
    if row is None:
        return None
    of, steps = row.of, 1
    if row.of_reviews:
        first = ReviewProject.objects.using(using).select_related("of").get(pk=row.of_id)
        of, steps = first.of, 2
    revisions = Revision.objects.using(using).filter(project=of, published_at__lte=row.opened_at)
    expected = revisions.order_by("-number").values_list("expected_seconds", flat=True).first()
    return Duty(of_expected_seconds=expected or 0, steps=steps, guild=row.guild_id)


def _people(worker_ids: set[int], *, using: str) -> dict[int, Scope]:
    rows = Person.objects.using(using).filter(pk__in=worker_ids)
    return {
        pk: Scope(country=country, status=status)
        for pk, country, status in rows.values_list("pk", "country", "working_status")
    }
