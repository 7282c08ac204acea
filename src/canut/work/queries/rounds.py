"""A prototype round as its requester reads it: figures, votes, comments beside their answers, what to mend.

Nothing here says who a worker is (MECHANISMS 3.7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from canut.charter.queries import floor_highest, in_force
from canut.kernel.money import format_money
from canut.people.models import Person
from canut.reputation.models import Side
from canut.reputation.queries import own_ratings
from canut.work.access import latest_revision, own_project
from canut.work.designs.schema import Design
from canut.work.mends import Comment, Given, Mend, Seen, mends
from canut.work.models import Assignment, Place, Project, Round, RoundFeedback, Submission
from canut.work.queries.price import Price, price_of, typical_seconds_of
from canut.work.queries.showing import HandedIn, handed_in
from canut.work.queries.shown_work import seen, works_shown
from canut.work.refusals import ProjectNotFound
from canut.work.rules import hourly_minor
from canut.work.rules_rounds import suggested_reward_minor
from canut.work.states import AssignmentState, PlaceState, ProjectKind, ProjectState, RoundState, Verdict
from canut.work.validators import design_of, row_shown

HANDED_IN = (AssignmentState.SUBMITTED, AssignmentState.APPROVED)


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """How far a round is at this moment. `share` is that of the votes to publish, None without one."""

    project_id: int
    revision: int
    number: int
    state: str
    state_name: str
    tasks: int
    workers_a_task: int
    places: int
    open: int
    in_hand: int
    handed_in: int
    publish: int
    revise: int
    publish_share: Decimal
    opened_at: datetime
    stalls_at: datetime
    stall_least_votes: int
    decided_at: datetime | None
    launched_at: datetime | None

    @property
    def voted(self) -> int:
        return self.publish + self.revise

    @property
    def share(self) -> float | None:
        return self.publish / self.voted if self.voted else None

    @property
    def is_running(self) -> bool:
        return self.state == RoundState.RUNNING

    @property
    def has_passed(self) -> bool:
        return self.state == RoundState.PASSED

    @property
    def was_stopped(self) -> bool:
        return self.state == RoundState.STOPPED

    @property
    def was_refunded(self) -> bool:
        return self.state == RoundState.REFUNDED


@dataclass(frozen=True, slots=True)
class Work:
    """One answer of the round: to which task, what was handed in, and its requester's rating of it."""

    submission_id: int
    position: int
    key: str
    handed: HandedIn
    rating: Decimal | None


@dataclass(frozen=True, slots=True)
class Voice:
    """One worker of the round without their name: their vote and comment, with the answers they gave.

    `number` counts them in the order in which they voted; it means nothing outside this round.
    """

    number: int
    verdict: str
    words: str
    works: Sequence[Work]

    @property
    def latest(self) -> Work | None:
        """What a rating of this worker hangs on: the answer they gave last."""
        return self.works[-1] if self.works else None

    @property
    def wants_revision(self) -> bool:
        return self.verdict == Verdict.REVISE


@dataclass(frozen=True, slots=True)
class RoundPage:
    """One round with all that came of it, and what comes next; amounts in minor units.

    `median_seconds` is the typical time by the rule that settles pay, None while nobody said any.
    `suggested_reward_minor` is the least that pays the floor for it, where that is more than the reward.
    `price` is what beginning the rest costs now, where this is the last round and nothing is being revised.
    """

    figures: RoundFigures
    is_latest: bool
    is_volunteer: bool
    currency: str
    reward_minor: int
    expected_seconds: int
    median_seconds: int | None
    hourly_minor: int | None
    floor_hourly_minor: int
    suggested_reward_minor: int | None
    launches_itself: bool
    price: Price | None
    voices: Sequence[Voice]
    mends: Sequence[Mend]

    @property
    def may_launch(self) -> bool:
        """Whether there is something that may begin now, and only its owner's word is missing."""
        price = self.price
        return (
            self.figures.has_passed
            and price is not None
            and price.gate.may_launch
            and not price.gate.needs_round
            and price.gate.waiting_places > 0
        )


def round_page(
    project_id: int, *, by: Person, at: datetime, revision: int | None = None, number: int | None = None
) -> RoundPage:
    """Return a round of a project of `by`: the last one, or that of a revision by its number.

    Raises:
        ProjectNotFound: there is none of `by`, or it has no such round.
    """
    project = own_project(project_id, by=by)
    round_ = _round(project, revision, number)
    tried, design = round_.revision, design_of(round_.revision_id)
    voices = _voices(round_, design)
    typical = typical_seconds_of([round_], at=at)
    floor = floor_highest(at=at)
    paid = project.kind == ProjectKind.PAID
    suggested = None
    if typical is not None and paid:
        least = suggested_reward_minor(typical_seconds=typical, floor_hourly_minor=floor)
        suggested = least if least > tried.reward_minor else None
    latest = latest_revision(project)
    is_latest = not Round.objects.filter(project=project, pk__gt=round_.pk).exists()
    may_begin = is_latest and latest.published_at is not None and project.state != ProjectState.CLOSED
    return RoundPage(
        figures=round_figures(round_, at=at),
        is_latest=is_latest,
        is_volunteer=not paid,
        currency=project.currency,
        reward_minor=tried.reward_minor,
        expected_seconds=tried.expected_seconds,
        median_seconds=None if typical is None else int(typical),
        hourly_minor=hourly_minor(reward_minor=tried.reward_minor, seconds=typical)
        if typical and paid
        else None,
        floor_hourly_minor=floor,
        suggested_reward_minor=suggested,
        launches_itself=project.launches_itself,
        price=price_of(project, latest, at=at) if may_begin else None,
        voices=voices,
        mends=mends(
            Seen(
                design=design,
                expected_seconds=tried.expected_seconds,
                median_seconds=None if typical is None else int(typical),
                comments=[Comment(one.words, one.wants_revision) for one in voices if one.words],
                answers=_given(round_),
                reward_minor=tried.reward_minor,
                suggested_reward_minor=suggested,
                suggested_reward="" if suggested is None else format_money(suggested, project.currency),
            )
        ),
    )


def own_round(
    project_id: int, *, by: Person, revision: int | None = None, number: int | None = None
) -> Round:
    """Return a round of a project of `by`: the last one, or that of a revision by its number.

    Raises:
        ProjectNotFound: there is none of `by`, or it has no such round.
    """
    return _round(own_project(project_id, by=by), revision, number)


def round_figures_of(
    project_id: int, *, by: Person, at: datetime, revision: int | None = None, number: int | None = None
) -> RoundFigures:
    """Return how far a round of a project of `by` is: the last one, or that of a revision by its number.

    Raises:
        ProjectNotFound: there is none of `by`, or it has no such round.
    """
    return round_figures(_round(own_project(project_id, by=by), revision, number), at=at)


def round_figures(round_: Round, *, at: datetime) -> RoundFigures:
    """Return how far a round is, for whoever may know it already."""
    verdicts = list(RoundFeedback.objects.filter(round=round_).values_list("verdict", flat=True))
    work = Assignment.objects.filter(round=round_)
    return RoundFigures(
        project_id=round_.project_id,
        revision=round_.revision.number,
        number=round_.number,
        state=round_.state,
        state_name=str(round_.get_state_display()),
        tasks=round_.tasks,
        workers_a_task=round_.workers_a_task,
        places=round_.places,
        open=Place.objects.filter(project_id=round_.project_id, round=round_, state=PlaceState.OPEN).count(),
        in_hand=work.filter(state=AssignmentState.HELD).count(),
        handed_in=work.filter(state__in=HANDED_IN).count(),
        publish=verdicts.count(Verdict.PUBLISH),
        revise=verdicts.count(Verdict.REVISE),
        publish_share=in_force("prototype.publish_share", at=round_.decided_at or at),
        opened_at=round_.opened_at,
        stalls_at=round_.opened_at + timedelta(hours=in_force("prototype.stall_hours", at=at)),
        stall_least_votes=in_force("prototype.stall_least_votes", at=at),
        decided_at=round_.decided_at,
        launched_at=round_.launched_at,
    )


def _round(project: Project, revision: int | None, number: int | None) -> Round:
    rounds = Round.objects.filter(project=project).select_related("revision").order_by("-pk")
    if revision is not None:
        rounds = rounds.filter(revision__number=revision)
    if number is not None:
        rounds = rounds.filter(number=number)
    found = rounds.first()
    if found is None:
        raise ProjectNotFound(_("This project has no such prototype round."))
    return found


def _voices(round_: Round, design: Design) -> Sequence[Voice]:
    """Return the round's workers without their names, who voted first; then those who said nothing."""
    works: dict[int, list[Work]] = {}
    submissions = list(
        Submission.objects.filter(assignment__round=round_)
        .select_related("assignment__task")
        .prefetch_related("decisions")
        .order_by("pk")
    )
    ratings = own_ratings(
        round_.project.owner_id, side=Side.WORKER, assignment_ids={one.assignment_id for one in submissions}
    )
    works_of = works_shown([one.assignment for one in submissions])
    for one in submissions:
        task = one.assignment.task
        (handed,) = handed_in(
            [one],
            design=design,
            row=row_shown(one.assignment),
            seed=one.assignment.seed,
            works=seen(works_of.get(one.assignment_id, ())),
        )
        works.setdefault(one.assignment.worker_id, []).append(
            Work(one.pk, task.position, task.key, handed, ratings.get(one.assignment_id))
        )
    said: Mapping[int, RoundFeedback] = {
        one.worker_id: one for one in RoundFeedback.objects.filter(round=round_).order_by("given_at", "pk")
    }
    workers = dict.fromkeys((*said, *works))
    return [
        Voice(
            number=place,
            verdict=said[worker].verdict if worker in said else "",
            words=said[worker].unclear if worker in said else "",
            works=works.get(worker, ()),
        )
        for place, worker in enumerate(workers, start=1)
    ]


def _given(round_: Round) -> Sequence[Given]:
    rows = Submission.objects.filter(assignment__round=round_).select_related("assignment__task")
    return [
        Given(one.assignment.task_id, row_shown(one.assignment), one.answer) for one in rows.order_by("pk")
    ]
