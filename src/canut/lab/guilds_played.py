"""Guilds played through, many runs at once: work, draws, reviewers, verdicts and levels.

Members hand in a task a turn. Their submissions and the first-level reviews they do fill blocks; one item of
each is drawn, offered and reviewed, and ten reviews decide on the level. What a window leads to is asked of
`canut.guilds.rules_levels`, which item is drawn of `rules_draws`, and at which levels and when somebody may
review of `rules_reviewers`, with the numbers that a new site's charter begins with. Who may review is
worked out here for all members of many runs at once; `may` and `offered` are `eligible` and `first_offers`
of those rules in that form, and the tests hold them to it.

What is left out: a review takes no time once somebody has taken it, the guild fund is never empty, and
nobody joins, leaves, learns or tires.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from canut.charter.parameters import PARAMETERS
from canut.guilds.rules_draws import drawn_number
from canut.guilds.rules_levels import VERDICTS, LevelRule, Why, level_after, window_mean
from canut.guilds.rules_reviewers import STAGES, ReviewerRule, Stage, reviewer_levels, stage_begins_after
from canut.lab.guilds_people import LOTS, Marks, Members, Numbers, Small, Whole, World, verdict_of, world_of


def begins_with(name: str) -> Any:
    """Return the value that a new site's charter begins with; the lab asks no site."""
    return PARAMETERS[name].default


FIRST_LEVEL: int = begins_with("guild.first_level")
DRAW_ITEMS: int = begins_with("guild.draw_items")
RECIPROCITY_DAYS: int = begins_with("guild.reciprocity_days")
DONE_DAYS = 30
LEVEL_RULE = LevelRule(
    window=begins_with("guild.window_reviews"),
    rise_two=begins_with("guild.rise_two_review"),
    rise_one=begins_with("guild.rise_one_review"),
    fall=begins_with("guild.fall_review"),
    lowest=1,
    highest=begins_with("guild.highest_level"),
)
REVIEWER_RULE = ReviewerRule(
    **{name: begins_with(f"guild.{name}") for name in ReviewerRule.__dataclass_fields__}
)
WHYS: tuple[Why, ...] = ("rise_two", "rise_one", "stay", "fall")
FRIENDS_SAY = VERDICTS[-1]
AT_ONCE = 100
"""How many runs are played together: enough to fill the arrays, few enough to fit into memory."""
STAGE_NAMES = ("first offers", "all eligible", "neighbours", "any above", "lapsed")
_ROOM = 4 * DRAW_ITEMS
"""How many items a member may hold before their block is drawn: more come only while draws wait a turn."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Which of the three rules against rings are in force."""

    blind: bool = True
    least_busy: bool = True
    reciprocity: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """What came out of many runs; the first axis of every array is the run.

    By checkpoint and member: `levels`, the `sums` and `counts` of verdicts on their work, and `worth`, the
    sum of the levels that verdicts spoke of (item's level + verdict − 2). `whys` counts decisions by the
    level before and the threshold, `moved` those that moved a level. `stages` counts by the stage in which a
    review was taken, and lapses. `skill`, `ring` and what was `accepted` by each checkpoint are the people's.
    `right` and `off` hold, for reviewers one level up and of the same level, the share of verdicts that were
    right and how far they were off, on the same work; not a number where no level had both.
    """

    levels: npt.NDArray[np.int64]
    sums: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    worth: npt.NDArray[np.int64]
    whys: npt.NDArray[np.int64]
    moved: npt.NDArray[np.int64]
    stages: npt.NDArray[np.int64]
    right: npt.NDArray[np.float64]
    off: npt.NDArray[np.float64]
    skill: Numbers
    ring: Marks
    accepted: Whole


@lru_cache(maxsize=1)
def after_windows() -> tuple[Whole, Whole]:
    """Return by level and sum of a full window to which level it leads, and by which threshold."""
    window, top = LEVEL_RULE.window, VERDICTS[-1]
    after = np.zeros((LEVEL_RULE.highest + 1, top * window + 1), np.int64)
    why = np.zeros_like(after)
    for total in range(window, top * window + 1):
        each, over = divmod(total, window)
        mean = window_mean([each + (place < over) for place in range(window)])
        for level in range(LEVEL_RULE.lowest, LEVEL_RULE.highest + 1):
            after[level, total], name = level_after(level, mean, LEVEL_RULE)
            why[level, total] = WHYS.index(name)
    return after, why


@lru_cache(maxsize=1)
def bounds() -> Mapping[tuple[Stage, bool], tuple[Small, Small]]:
    """Return by stage, and whether those above are scarce, the least and most level by item's level."""
    found = {}
    for stage in STAGES:
        for is_scarce in (False, True):
            above = REVIEWER_RULE.scarce_members + (not is_scarce)
            rows = [
                reviewer_levels(stage, item_level=level, active_above=above, rule=REVIEWER_RULE)
                for level in range(LEVEL_RULE.highest + 1)
            ]
            least = np.array([row.least for row in rows], np.int16)
            tops = [LEVEL_RULE.highest if row.most is None else row.most for row in rows]
            most = np.array(tops, np.int16)
            found[stage, is_scarce] = least, most
    return found


def may(stage: Stage, *, levels: Small, item_level: Small, barred: Marks, owed: Marks) -> Marks:
    """Return who may review one item in each run, as `rules_reviewers.eligible` says for a single one.

    `levels`, `barred` and `owed` (those whom the author reviewed lately) have a row a run and a column a
    member; `item_level` has one number a run. Everybody is active.
    """
    above = item_level + REVIEWER_RULE.reviewer_levels_above
    is_scarce = (levels == above[:, None]).sum(axis=1) <= REVIEWER_RULE.scarce_members
    plenty, scarce = bounds()[stage, False], bounds()[stage, True]
    least = np.where(is_scarce, scarce[0][item_level], plenty[0][item_level])
    most = np.where(is_scarce, scarce[1][item_level], plenty[1][item_level])
    might = (levels >= least[:, None]) & (levels <= most[:, None]) & ~barred
    free = might & ~owed
    is_few = free.sum(axis=1) < REVIEWER_RULE.reciprocity_least_members
    found: Marks = np.where(is_few[:, None], might, free)
    return found


def offered(eligible: Marks, *, busy: Small, done: Small, lots: Numbers) -> Marks:
    """Return to whom a review is offered first in each run, as `rules_reviewers.first_offers` says for one.

    Ties are broken by `lots`, between 0 and 1, in place of the block's seed.
    """
    many = REVIEWER_RULE.first_offer_members
    key = np.where(eligible, busy * 10_000.0 + done + lots, np.inf)
    if key.shape[1] <= many:
        return eligible
    edge = np.partition(key, many - 1, axis=1)[:, many - 1]
    found: Marks = eligible & (key <= edge[:, None])
    return found


def play(members: Members, ways: Ways, seeds: tuple[int, ...]) -> Told:
    """Play the guilds of these seeds to the end, and return what came out.

    What becomes of a seed does not depend on the others.
    """
    parts = [
        _Guilds(members, ways, seeds[first : first + AT_ONCE]).played()
        for first in range(0, len(seeds), AT_ONCE)
    ]
    return Told(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Told)))


@lru_cache(maxsize=8)
def hours(ways: Ways) -> Sequence[tuple[float, float]]:
    """Return when each stage begins and ends, in hours; stage 0 is empty where none is offered it."""
    begins = [stage_begins_after(stage, REVIEWER_RULE).total_seconds() / 3600 for stage in STAGES]
    if not ways.least_busy:
        begins[1] = 0.0
    return list(zip(begins, [*begins[1:], REVIEWER_RULE.review_lapse_days * 24.0], strict=True))


@lru_cache(maxsize=4)
def _draws(members: int, blocks: int, seeds: tuple[int, ...]) -> npt.NDArray[np.int16]:
    """Return which item is drawn of each member's blocks, as the rule says, each block with its own seed."""
    found = np.empty((len(seeds), members, blocks), np.int16)
    for run, seed in enumerate(seeds):
        for member in range(members):
            for block in range(blocks):
                public_id = f"{seed}/{member}/{block}".encode()
                found[run, member, block] = drawn_number(sha256(public_id).digest(), public_id, DRAW_ITEMS)
    return found


class _Guilds:
    """The state of many runs. Names without more are by run and member."""

    def __init__(self, members: Members, ways: Ways, seeds: tuple[int, ...]) -> None:
        self.members, self.ways = members, ways
        people = replace(members, collude=False, recognised=0.0, leave_other_reviews=False)
        self.world: World = world_of(people, seeds)
        runs, many = len(seeds), members.members
        self.draws = _draws(many, members.tasks // 4 + 10, seeds)
        self.level: Small = np.full((runs, many), FIRST_LEVEL, np.int16)
        self.block = np.zeros((runs, many), np.int64)
        self.fill: Small = np.zeros((runs, many), np.int16)
        self.piece = np.zeros((runs, many, _ROOM), np.float32)
        self.item_level: Small = np.zeros((runs, many, _ROOM), np.int16)
        self.about = np.full((runs, many, _ROOM), -1)  # whose work a review was of; −1 for a submission
        self.window_sum = np.zeros((runs, many), np.int64)
        self.window_count = np.zeros((runs, many), np.int64)
        self.sums = np.zeros((runs, many), np.int64)
        self.counts = np.zeros((runs, many), np.int64)
        self.worth = np.zeros((runs, many), np.int64)
        self.busy: Small = np.zeros((runs, many), np.int16)
        self.today: Small = np.zeros((runs, many), np.int16)
        self.by_day: Small = np.zeros((DONE_DAYS, runs, many), np.int16)
        self.done: Small = np.zeros((runs, many), np.int16)
        self.reviewed_on: Small = np.full(
            (runs, many, many), -(10**4), np.int16
        )  # author, whom they reviewed: day
        shape = (len(members.checkpoints), runs, many)
        self.kept = {name: np.zeros(shape, np.int64) for name in ("level", "sums", "counts", "worth")}
        self.whys = np.zeros((runs, LEVEL_RULE.highest + 1, len(WHYS)), np.int64)
        self.moved = np.zeros((runs, LEVEL_RULE.highest + 1, len(WHYS)), np.int64)
        self.stages = np.zeros((runs, len(STAGE_NAMES)), np.int64)
        self.colludes = self.world.ring if members.collude else np.zeros((runs, many), bool)
        self.steps = np.zeros(runs, np.int64)
        self.turn = self.day = 0

    def played(self) -> Told:
        for turn in range(self.members.tasks + int(self.world.starts.max())):
            self._begin(turn)
            self._hand_in()
            self._draw()
            self._keep()
        if self.members.collude:  # whoever colludes is no measure of how well reviewers see
            right = off = np.full((len(self.level), 2), np.nan)
        else:
            right, off = self._compared()
        kept = {name: found.swapaxes(0, 1) for name, found in self.kept.items()}
        return Told(
            levels=kept["level"],
            sums=kept["sums"],
            counts=kept["counts"],
            worth=kept["worth"],
            whys=self.whys,
            moved=self.moved,
            stages=self.stages,
            right=right,
            off=off,
            skill=self.world.skill,
            ring=self.world.ring,
            accepted=self.world.accepted,
        )

    def _begin(self, turn: int) -> None:
        self.turn = turn
        self.busy[:] = 0
        day = turn // self.members.tasks_a_day
        if day > self.day:
            self.day = day
            self.today[:] = 0
            self.done -= self.by_day[day % DONE_DAYS]
            self.by_day[day % DONE_DAYS] = 0

    def _hand_in(self) -> None:
        number = self.turn - self.world.starts
        runs, who = np.nonzero((number >= 0) & (number < self.members.tasks))
        self._put(runs, who, self.world.pieces[runs, who, number[runs, who]], np.full(len(runs), -1))

    def _put(self, runs: Whole, who: Whole, piece: Numbers, about: Whole) -> None:
        """Put one item into the block of one member of each of these runs."""
        at = self.fill[runs, who]
        self.piece[runs, who, at] = piece
        self.item_level[runs, who, at] = self.level[runs, who]
        self.about[runs, who, at] = about
        self.fill[runs, who] += 1

    def _draw(self) -> None:
        """Draw from every full block, a member of each run at a time in an order of chance."""
        order = self.world.lots[:, (7 * self.turn) % LOTS, :]
        while True:
            is_due = self.fill >= DRAW_ITEMS
            runs = np.flatnonzero(is_due.any(axis=1))
            if not len(runs):
                return
            author = np.argmax(np.where(is_due[runs], order[runs] + 1, 0), axis=1)
            number = self.draws[runs, author, self.block[runs, author]] - 1
            piece = self.piece[runs, author, number]
            item_level = self.item_level[runs, author, number]
            about = self.about[runs, author, number]
            self.piece[runs, author, :-DRAW_ITEMS] = self.piece[runs, author, DRAW_ITEMS:]
            for held in (self.item_level, self.about):
                held[runs, author, :-DRAW_ITEMS] = held[runs, author, DRAW_ITEMS:]
            self.fill[runs, author] -= DRAW_ITEMS
            self.block[runs, author] += 1
            self._review(runs, author, piece, item_level, about)

    def _review(self, runs: Whole, author: Whole, piece: Numbers, item_level: Small, about: Whole) -> None:
        """Find a reviewer for one drawn item in each of these runs, and have the item reviewed."""
        self.steps[runs] += 1
        every = np.arange(len(runs))
        lots = self._lots(runs, 0)
        ring = self.colludes[runs]
        odds = 1.0 if not self.ways.blind else self.members.recognised
        is_known = ring[every, author] & (self._lots(runs, 1)[every, author] < odds)
        friends = ring & is_known[:, None]
        wait, barred, owed = self._waits(runs, author, about, friends, ring)
        taken, stage = self._taken(runs, item_level, wait, barred, owed, lots)
        self.stages[runs, stage] += 1
        is_read = stage < len(STAGE_NAMES) - 1
        runs, author, piece = runs[is_read], author[is_read], piece[is_read]
        item_level, about = item_level[is_read], about[is_read]
        who, is_friend = taken[is_read], friends[every, taken][is_read]
        verdict = self._verdict(runs, who, piece, item_level, is_friend)
        self.busy[runs, who] += 1
        self.today[runs, who] += 1
        self.done[runs, who] += 1
        self.by_day[self.day % DONE_DAYS, runs, who] += 1
        self.reviewed_on[runs, who, author] = self.day
        first = about < 0  # a review of a review is no item itself
        missed = self.members.miss * np.abs(verdict - verdict_of(piece, item_level))
        fresh = self.members.work_spread * self._row(self.world.normals, runs, 0)[np.arange(len(runs)), who]
        made = (self.world.skill[runs, who] + fresh - missed).astype(np.float32)
        self._put(runs[first], who[first], made[first], author[first])
        self._count(runs, author, item_level, verdict)

    def _waits(
        self, runs: Whole, author: Whole, about: Whole, friends: Marks, ring: Marks
    ) -> tuple[Numbers, Marks, Marks]:
        """Return how long each member lets a review wait that is open to them, and who may not do it."""
        every = np.arange(len(runs))
        wait = self.members.comes_by_hours * self._row(self.world.waits, runs, 0)
        wait += 24 * (self.today[runs] // self.members.reviews_a_day)
        if self.members.collude:
            wait = np.where(friends, self.members.watches_hours * self._row(self.world.waits, runs, 1), wait)
            if self.members.leave_other_reviews:
                wait = np.where(ring & ~friends, np.inf, wait)
        barred = np.zeros(wait.shape, bool)
        barred[every, author] = True
        barred[every[about >= 0], about[about >= 0]] = True
        if self.ways.reciprocity:
            owed = self.day - self.reviewed_on[runs, author] < RECIPROCITY_DAYS
        else:
            owed = np.zeros(wait.shape, bool)
        return wait.astype(np.float32), barred, owed

    def _taken(
        self, runs: Whole, item_level: Small, wait: Numbers, barred: Marks, owed: Marks, lots: Numbers
    ) -> tuple[Whole, Whole]:
        """Return who takes each review, and in which stage; the last "stage" is that it lapses."""
        levels, lapses = self.level[runs], len(STAGE_NAMES) - 1
        stage_found = np.full(len(runs), lapses)
        taken = np.zeros(len(runs), np.int64)
        opens = np.full(wait.shape, np.inf, np.float32)
        first = may(0, levels=levels, item_level=item_level, barred=barred, owed=owed)
        left = np.arange(len(runs))
        for stage, (begins, ends) in enumerate(hours(self.ways)):
            if stage == 0:
                now = offered(first, busy=self.busy[runs], done=self.done[runs], lots=lots)
                self.busy[runs] += now
            elif stage == 1:
                now = first[left]
            else:
                now = may(
                    STAGES[stage],
                    levels=levels[left],
                    item_level=item_level[left],
                    barred=barred[left],
                    owed=owed[left],
                )
            opens[left] = since = np.minimum(opens[left], np.where(now, np.float32(begins), np.inf))
            # who came while it was open to others alone finds it now
            comes = np.where(now, np.maximum(since + wait[left], begins), np.inf)
            soonest = np.argmin(comes, axis=1)
            is_taken = comes[np.arange(len(left)), soonest] < ends
            stage_found[left[is_taken]] = stage
            taken[left[is_taken]] = soonest[is_taken]
            left = left[~is_taken]
            if not len(left):
                break
        return taken, stage_found

    def _verdict(self, runs: Whole, who: Whole, piece: Numbers, level: Small, is_friend: Marks) -> Whole:
        every = np.arange(len(runs))
        lots = self._lots(runs, 2)[every, who]
        glance = self._row(self.world.normals, runs, 1)[every, who]
        seen = piece + self.world.bias[runs, who] + self.world.eye[runs, who] * glance
        said = verdict_of(seen, level)
        idle = np.where(self.world.says_right[runs, who], 2, 1 + np.floor(lots * 4).astype(np.int64))
        said = np.where(self.world.is_lazy[runs, who], idle, said)
        found: Whole = np.where(is_friend, FRIENDS_SAY, said)
        return found

    def _count(self, runs: Whole, author: Whole, item_level: Small, verdict: Whole) -> None:
        """Count a verdict for its author, and decide on the level where the window is full."""
        self.sums[runs, author] += verdict
        self.counts[runs, author] += 1
        self.worth[runs, author] += item_level + verdict - 2
        self.window_sum[runs, author] += verdict
        self.window_count[runs, author] += 1
        is_full = self.window_count[runs, author] >= LEVEL_RULE.window
        runs, author = runs[is_full], author[is_full]
        after, why = after_windows()
        before, total = self.level[runs, author], self.window_sum[runs, author]
        self.whys[runs, before, why[before, total]] += 1
        self.moved[runs, before, why[before, total]] += after[before, total] != before
        self.level[runs, author] = after[before, total]
        self.window_sum[runs, author] = 0
        self.window_count[runs, author] = 0

    def _keep(self) -> None:
        done = self.turn + 1 - self.world.starts
        for place, many in enumerate(self.members.checkpoints):
            runs, who = np.nonzero(done == many)
            for name, kept in self.kept.items():
                kept[place, runs, who] = getattr(self, name)[runs, who]

    def _lots(self, runs: Whole, purpose: int) -> Numbers:
        """Return a row of lots for each of these runs: another for each drawn item, and for each purpose."""
        return self._row(self.world.lots, runs, purpose)

    def _row(self, table: Numbers, runs: Whole, purpose: int) -> Numbers:
        found: Numbers = table[runs, (self.steps[runs] * 29 + purpose * 331 + 11) % LOTS]
        return found

    def _compared(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return how right reviewers one level up and of the same level are, on the same work.

        At the end, of a new piece of every member's work, by one reviewer from each group where both are.
        """
        right = np.full((len(self.level), 2), np.nan)
        off = np.full((len(self.level), 2), np.nan)
        for run, seed in enumerate(self.world.seeds):
            dice = np.random.default_rng([20261, seed])
            said: list[tuple[int, ...]] = []
            for author, level in enumerate(self.level[run].tolist()):
                groups = [np.flatnonzero(self.level[run] == at) for at in (level + 1, level)]
                groups[1] = groups[1][groups[1] != author]
                lots = dice.random(2)
                noise = dice.standard_normal(3)
                anything = dice.integers(1, 5, 2)
                if not all(len(group) for group in groups):
                    continue
                piece = float(self.world.skill[run, author] + self.members.work_spread * noise[0])
                found = []
                for place, group in enumerate(groups):
                    who = group[int(lots[place] * len(group))]
                    if self.world.is_lazy[run, who]:
                        found.append(2 if self.world.says_right[run, who] else int(anything[place]))
                        continue
                    seen = piece + self.world.bias[run, who] + self.world.eye[run, who] * noise[1 + place]
                    found.append(int(verdict_of(seen, level)))
                said.append((int(verdict_of(piece, level)), *found))
            if said:
                table = np.array(said)
                errors = np.abs(table[:, 1:] - table[:, :1])
                right[run], off[run] = (errors == 0).mean(axis=0), errors.mean(axis=0)
        return right, off
