"""A project's revisions as their owner reads them: the chain, what each one changed, and its rounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from canut.people.models import Person
from canut.work.access import latest_revision, own_project
from canut.work.designs.changes import Difference
from canut.work.designs.difference import TERMS, difference
from canut.work.models import Assignment, Revision, Round
from canut.work.queries.gates import Gate, gate_of
from canut.work.queries.refusals import withdrawn_since_published
from canut.work.states import COUNTS_AS_DONE, ProjectState, RoundState, Verdict


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One prototype round in a list: its size, what came of it, and how its workers voted."""

    number: int
    state: str
    state_name: str
    tasks: int
    workers_a_task: int
    places: int
    publish: int
    revise: int
    opened_at: datetime
    decided_at: datetime | None
    launched_at: datetime | None

    @property
    def is_running(self) -> bool:
        return self.state == RoundState.RUNNING


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision in the chain. `changes` is what differs from the one before; None for the first.

    `answers` counts what was handed in under it. `keeps_answers` says whether rows answered before were
    left alone.
    """

    number: int
    created_at: datetime
    published_at: datetime | None
    reward_minor: int
    expected_seconds: int
    answers: int
    keeps_answers: bool
    changes: Difference | None
    rounds: Sequence[RoundLine]


@dataclass(frozen=True, slots=True)
class RevisionChain:
    """All revisions of a project, newest first; `unfinished` is the one that is not published yet, if any.

    `closes_if_discarded` tells that without it the project is closed again: it was taken up anew after
    its workers had withdrawn it.
    """

    project_id: int
    currency: str
    lines: Sequence[RevisionLine]
    closes_if_discarded: bool

    @property
    def unfinished(self) -> RevisionLine | None:
        newest = self.lines[0]
        return newest if newest.published_at is None and len(self.lines) > 1 else None

    @property
    def published(self) -> Sequence[RevisionLine]:
        return [line for line in self.lines if line.published_at is not None]


def revision_chain(project_id: int, *, by: Person) -> RevisionChain:
    """Return the revisions of a project of `by` with what each changed.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    revisions = list(Revision.objects.filter(project=project).order_by("number"))
    rounds: dict[int, list[RoundLine]] = {}
    for round_ in _rounds(project.pk):
        rounds.setdefault(round_.revision_id, []).append(_round_line(round_))
    counted = Assignment.objects.filter(project=project, state__in=COUNTS_AS_DONE, submitted_at__isnull=False)
    answers = dict(counted.order_by().values_list("revision_id").annotate(count=Count("pk")))
    lines = [
        RevisionLine(
            number=revision.number,
            created_at=revision.created_at,
            published_at=revision.published_at,
            reward_minor=revision.reward_minor,
            expected_seconds=revision.expected_seconds,
            answers=answers.get(revision.pk, 0),
            keeps_answers=revision.keeps_answers,
            changes=None if before is None else changes_between(before, revision),
            rounds=rounds.get(revision.pk, ()),
        )
        for before, revision in zip([None, *revisions], revisions, strict=False)
    ]
    closes = project.state == ProjectState.PAUSED and withdrawn_since_published(project) is not None
    return RevisionChain(project.pk, project.currency, lines[::-1], closes)


def gate_of_project(project_id: int, *, by: Person, at: datetime) -> Gate:
    """Return what stands between what waits in a project of `by` and everybody: a round, or nothing.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    return gate_of(project, latest_revision(project), at=at)


def changes_between(before: Revision, after: Revision) -> Difference:
    """Return what differs between two revisions: the design, and what is promised with it."""
    return difference(before.design, after.design, terms_before=terms_of(before), terms_after=terms_of(after))


def terms_of(revision: Revision) -> Mapping[str, int]:
    """Return the terms of a revision by their names."""
    return {name: getattr(revision, name) for name, _label, _kind in TERMS}


def _rounds(project_id: int) -> Sequence[Round]:
    voted = {
        str(verdict): Count("feedback", filter=Q(feedback__verdict=verdict), distinct=True)
        for verdict in Verdict
    }
    return list(Round.objects.filter(project_id=project_id).annotate(**voted).order_by("pk"))


def _round_line(round_: Round) -> RoundLine:
    return RoundLine(
        number=round_.number,
        state=round_.state,
        state_name=str(round_.get_state_display()),
        tasks=round_.tasks,
        workers_a_task=round_.workers_a_task,
        places=round_.places,
        publish=getattr(round_, Verdict.PUBLISH.value),
        revise=getattr(round_, Verdict.REVISE.value),
        opened_at=round_.opened_at,
        decided_at=round_.decided_at,
        launched_at=round_.launched_at,
    )
