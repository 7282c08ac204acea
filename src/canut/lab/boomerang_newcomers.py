"""The study of newcomers: how soon somebody whom nobody has rated finds work, and how much of it they get.

A small site is played beat by beat of the cascade: owners publish projects, workers come online and take
the first task open to them, work is rated some time after. Who may come in when is decided by
`canut.reputation.rules_cascade` and by standings from `rules_ratings`, with the numbers that a new site's
charter begins with; once with the places reserved for newcomers (every tenth), once without.

What is assumed: a task takes one beat; the feed is by newest; requesters say what they think of the work;
qualities of newcomers and of known workers are drawn from the same distribution; and each project is a
group of its own. The same people come online at the same moments in both arms. A newcomer is a worker of
whose work nobody's rating counts yet.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random
from statistics import fmean
from typing import Literal

from canut.lab.boomerang_agents import Agents
from canut.lab.boomerang_ratings import DAWN, FACTORS, WEIGHTS, begins_with
from canut.reputation.rules_cascade import (
    Beat,
    Ladders,
    Policy,
    fallen,
    has_ended,
    is_newcomer_place,
    newcomer_may_enter,
    next_threshold,
)
from canut.reputation.rules_ratings import Rating, standing_toward

Places = Literal["reserved", "not reserved"]
POLICIES: tuple[Policy, ...] = ("ladder", "throughput", "share", "open")
NUMBERS = Ladders(
    first=begins_with("cascade.first_threshold"),
    last=begins_with("cascade.last_threshold"),
    ladder=begins_with("cascade.ladder_thresholds"),
    throughput=begins_with("cascade.throughput_thresholds"),
    hold_share=begins_with("cascade.throughput_hold_share"),
    decimals=begins_with("standing.decimals"),
)
PLACE_SHARE: Decimal = begins_with("newcomers.place_share")
FIRST_BEAT: int = begins_with("newcomers.first_beat")
MOST_PLACES: int = begins_with("newcomers.most_places")


@dataclass(frozen=True, slots=True)
class Welcome:
    """What newcomers met with in one arm of one run.

    `waited`: the mean number of beats from coming online for the first time to the first task, of those
    who came in the first half of the run; who waited for half of it counts with that. `served`: the share
    of them who got a task by then. `work`: the share of all tasks that were done by workers whom nobody
    had rated. `quality`: the mean true quality of all work, which is what the requesters pay for it.
    """

    waited: float
    served: float
    work: float
    quality: float


@dataclass(slots=True)
class _Worker:
    quality: float
    came: int
    is_newcomer: bool
    ratings: list[Rating] = field(default_factory=list)
    toward: list[Decimal] = field(default_factory=list)
    online: bool = False
    first_task: int | None = None


@dataclass(slots=True)
class _Project:
    owner: int
    free: int
    reserved: int
    threshold: Decimal | None
    beat: int = 1
    begun: int = 0
    handed_in: int = 0
    reference: int = 0
    done: int = 0
    done_elsewhere_before: int = 0
    newcomers: dict[int, int] = field(default_factory=dict)


def run_newcomers(policy: Policy, places: Places, agents: Agents, *, seed: int) -> Welcome:
    """Return what newcomers met with in one run, under one policy for all projects."""
    return _Site(policy, PLACE_SHARE if places == "reserved" else Decimal(0), agents, seed).played()


class _Site:
    """One run. Chances of people and of projects come from two streams, so that both arms share them."""

    def __init__(self, policy: Policy, share: Decimal, agents: Agents, seed: int) -> None:
        self.policy, self.share, self.agents = policy, share, agents
        self.people = Random(f"newcomers people {seed}")  # noqa: S311 (people, not secrets)
        self.offers = Random(f"newcomers offers {seed}")  # noqa: S311
        self.work = Random(f"newcomers work {seed}")  # noqa: S311
        self.workers = [self._known() for _worker in range(agents.crowd)]
        self.projects: list[_Project] = []
        self.pending: dict[int, list[tuple[int, int, float]]] = {}
        self.standings: dict[int, frozenset[Decimal]] = {}
        self.ratings = 0
        self.done = self.done_by_newcomers = 0
        self.pieces: list[float] = []

    def played(self) -> Welcome:
        for now in range(self.agents.beats):
            self._rate(now)
            self.standings.clear()
            for project in self.projects:
                self._move(project)
            self._publish()
            self._come_and_go(now)
            self._take(now)
            self.projects = [one for one in self.projects if one.free or one.reserved]
        half = self.agents.beats // 2
        came = [one for one in self.workers if 0 <= one.came < half]
        waits = [half if one.first_task is None else min(half, one.first_task - one.came) for one in came]
        return Welcome(
            waited=fmean(waits) if waits else 0.0,
            served=sum(wait < half for wait in waits) / len(waits) if waits else 1.0,
            work=self.done_by_newcomers / self.done if self.done else 0.0,
            quality=fmean(self.pieces) if self.pieces else 0.0,
        )

    def _known(self) -> _Worker:
        """Return a worker who was there before, rated by one to four owners."""
        worker = _Worker(self.people.gauss(0, 1), came=-1, is_newcomer=False)
        owners = self.people.sample(range(self.agents.owners), min(4, self.agents.owners))
        for number, owner in enumerate(owners[: self.people.randint(1, 4)]):
            level = self.agents.opinion(self._piece(worker, self.people) + self._eye(self.people))
            at = DAWN - timedelta(days=number + 1)
            worker.ratings.append(Rating(-number, owner, -1, WEIGHTS[level], at))
        self._stand(worker)
        return worker

    def _piece(self, worker: _Worker, draw: Random) -> float:
        return worker.quality + self.agents.work_spread * draw.gauss(0, 1)

    def _eye(self, draw: Random) -> float:
        return self.agents.eye_spread * draw.gauss(0, 1)

    def _stand(self, worker: _Worker) -> None:
        """Reckon a worker's standing toward each owner's next project, from the newest rating on.

        What the other raters' own ratings come to stays; owners who gave none go by the whole platform.
        """
        nobody, gave = -1, {rating.rater_id for rating in worker.ratings}
        changed = {rating.rater_id for rating in worker.ratings[-1:]} if worker.toward else gave
        value = {
            owner: standing_toward(worker.ratings, requester_id=owner, group_id=0, factors=FACTORS).value
            for owner in (*changed, nobody)
        }
        kept = {owner: worker.toward[owner] for owner in gave - changed}
        worker.toward = [
            value[owner] if owner in changed else kept.get(owner, value[nobody])
            for owner in range(self.agents.owners)
        ]

    def _rate(self, now: int) -> None:
        for number, owner, seen in self.pending.pop(now, ()):
            worker = self.workers[number]
            self.ratings += 1
            value = WEIGHTS[self.agents.opinion(seen)]
            worker.ratings.append(Rating(self.ratings, owner, -1, value, DAWN + timedelta(minutes=now)))
            worker.is_newcomer = False
            self._stand(worker)

    def _move(self, project: _Project) -> None:
        """Begin a project's next beat: its threshold falls by the policy."""
        project.beat += 1
        count = project.begun + project.handed_in
        project.begun, project.handed_in = 0, project.begun  # what one beat begins, the next hands in
        if project.threshold is None:
            return
        project.reference = max(project.reference, count)
        open_now = sum(one.free + one.reserved for one in self.projects)
        before = project.threshold
        after = next_threshold(
            self.policy,
            Beat(
                threshold=before,
                standings=tuple(self._standings(project.owner)),
                best=self._best(project),
                count=count,
                reference=project.reference,
                potential_seconds=project.free + project.reserved,
                platform_potential_seconds=open_now,
                worked_seconds=project.done,
                platform_worked_seconds=self.done - project.done_elsewhere_before,
            ),
            NUMBERS,
        )
        if after < before:
            project.reference = 0
        project.threshold = None if has_ended(after, NUMBERS) else after

    def _best(self, project: _Project) -> Decimal | None:
        """Return the best standing of those who could come in: while a place is left that is not reserved."""
        if not project.free:
            return None
        return max(self._standings(project.owner), default=None)

    def _standings(self, owner: int) -> frozenset[Decimal]:
        """Return which standings there are toward an owner's projects at the beginning of this beat."""
        if owner not in self.standings:
            self.standings[owner] = frozenset(worker.toward[owner] for worker in self.workers)
        return self.standings[owner]

    def _publish(self) -> None:
        if self.offers.random() >= self.agents.projects_a_beat:
            return
        reserved = sum(is_newcomer_place(n, share=self.share) for n in range(1, self.agents.places + 1))
        project = _Project(
            owner=self.offers.randrange(self.agents.owners),
            free=self.agents.places - reserved,
            reserved=reserved,
            threshold=None,
            done_elsewhere_before=self.done,
        )
        if self.policy != "open":
            threshold = fallen(NUMBERS.first, best=self._best(project), last=NUMBERS.last)
            project.threshold = None if has_ended(threshold, NUMBERS) else threshold
        self.projects.insert(0, project)

    def _come_and_go(self, now: int) -> None:
        for worker in self.workers:
            chance = self.agents.stays_online if worker.online else self.agents.comes_online
            worker.online = self.people.random() < chance
        if self.people.random() < self.agents.newcomers_a_beat:
            worker = _Worker(self.people.gauss(0, 1), came=now, is_newcomer=True, online=True)
            self._stand(worker)
            self.workers.append(worker)

    def _take(self, now: int) -> None:
        """Have everybody who is online, in an order of chance, take the first task open to them."""
        online = [number for number, worker in enumerate(self.workers) if worker.online]
        self.people.shuffle(online)
        for number in online:
            worker = self.workers[number]
            for project in self.projects:
                if self._comes_in(project, number, worker):
                    self._works(project, number, worker, now)
                    break

    def _comes_in(self, project: _Project, number: int, worker: _Worker) -> bool:
        """Take a place of a project if one is open to this worker; tell whether it was."""
        ended = project.threshold is None
        if project.free and (project.threshold is None or worker.toward[project.owner] >= project.threshold):
            project.free -= 1
            return True
        if not project.reserved or not newcomer_may_enter(
            beat=project.beat, first_beat=FIRST_BEAT, ended=ended
        ):
            return False
        taken = project.newcomers.get(number, 0)
        if not ended and not (worker.is_newcomer and taken < MOST_PLACES):
            return False
        project.reserved -= 1
        project.newcomers[number] = taken + 1
        return True

    def _works(self, project: _Project, number: int, worker: _Worker, now: int) -> None:
        piece = self._piece(worker, self.work)
        self.pieces.append(piece)
        self.done += 1
        project.done += 1
        project.begun += 1
        self.done_by_newcomers += worker.is_newcomer
        if worker.first_task is None:
            worker.first_task = now
        if self.work.random() < self.agents.is_rated:
            seen = piece + self._eye(self.work)
            self.pending.setdefault(now + self.agents.rated_after, []).append((number, project.owner, seen))
