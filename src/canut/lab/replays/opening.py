"""Settings of the cascade, of ratings and of newcomers' places: who would have come in, and when."""

from collections import defaultdict
from datetime import datetime

from canut.lab.replays.asked import Asked, Found, Middle, Pair, note
from canut.lab.replays.groups import Measured, tabled
from canut.lab.replays.money import SIZES, TENTHS
from canut.lab.replays.openings import Opened, Opening, open_again
from canut.lab.replays.openings_read import (
    incomes,
    openings_of,
    spendings,
    standings_on_record,
    starts_of,
)
from canut.lab.replays.report import Check, Figure, Note


class Sums:
    """What comes of many openings."""

    def __init__(self) -> None:
        self.workers: dict[int, Measured] = defaultdict(Measured)
        self.owners: dict[int, Measured] = defaultdict(Measured)
        self.open_after, self.waits = Middle(), Middle()
        self.openings = self.ends_alike = self.takings = self.standings = self.standings_alike = 0
        self.too_early, self.newcomers, self.impossible = Pair(), Pair(), 0

    def add(self, opening: Opening, before: Opened, after: Opened) -> None:
        self.openings += 1
        self.newcomers.add(before.newcomers, after.newcomers)
        self._add_end(opening, before, after)
        for taking, first, then in zip(opening.takings, before.allowed, after.allowed, strict=True):
            self.takings += 1
            self.impossible += first is None or first > taking.at
            self.too_early.add(0, then is None or then > max(taking.at, first or taking.at))
            waited = [_seconds(opening, moment) for moment in (first, then)]
            self.waits.before.append(waited[0])
            self.waits.after.append(waited[1])
            own = self.workers[taking.worker_id]
            own.before, own.after, own.things = own.before + waited[0], own.after + waited[1], own.things + 1

    def _add_end(self, opening: Opening, before: Opened, after: Opened) -> None:
        recorded = next((one.of for one in opening.moves if one.threshold is None), None)
        self.ends_alike += before.open_at == recorded
        waits = [_seconds(opening, one.open_at) for one in (before, after)]
        self.open_after.before.append(waits[0])
        self.open_after.after.append(waits[1])
        own = self.owners[opening.owner_id]
        own.before, own.after, own.things = own.before + waits[0], own.after + waits[1], own.things + 1


def replay(asked: Asked) -> Found:
    """Return what the setting would have changed in who could take which task from when on."""
    sums = Sums()
    for project_id in asked.through(starts_of(asked.since, asked.until, using=asked.using)):
        on_record = standings_on_record(project_id, asked.since, asked.until, using=asked.using)
        for opening in openings_of(project_id, asked.since, asked.until, using=asked.using):
            before = open_again(opening, was=asked.was, tried=asked.was)
            sums.add(opening, before, open_again(opening, was=asked.was, tried=asked.tried))
            for taking, standing in zip(opening.takings, before.standings, strict=True):
                kept = on_record.get((taking.worker_id, taking.at))
                sums.standings += kept is not None
                sums.standings_alike += kept is not None and kept == standing
    for people, sizes in (
        (sums.workers, incomes(asked.since, asked.until, using=asked.using)),
        (sums.owners, spendings(asked.since, asked.until, using=asked.using)),
    ):
        for key, one in people.items():
            one.size = sizes.get(key, 0)
    return Found(
        family="opening",
        workers=tabled(
            sums.workers,
            measure="wait_to_come_in",
            unit="seconds",
            most_groups=TENTHS,
            least_people=asked.least_people,
        ),
        requesters=tabled(
            sums.owners,
            measure="time_until_open",
            unit="seconds",
            most_groups=SIZES,
            least_people=asked.least_people,
        ),
        figures=_figures(sums),
        checks=[
            Check(code="openings_ended", unit="count", on_record=sums.openings, again=sums.ends_alike),
            Check(code="standings_kept", unit="count", on_record=sums.standings, again=sums.standings_alike),
            Check(
                code="takings_possible",
                unit="count",
                on_record=sums.takings,
                again=sums.takings - sums.impossible,
            ),
        ],
        taken_for_granted=_taken(asked),
        unknown=[note("who_did_not_come"), note("clock_stood_still"), note("who_was_qualified")],
    )


def _figures(sums: Sums) -> list[Figure]:
    return [
        Figure(code="openings", unit="count", before=sums.openings, after=sums.openings),
        sums.open_after.figure("time_until_open", "seconds"),
        sums.waits.figure("wait_to_come_in", "seconds"),
        Figure(
            code="takings_too_early",
            unit="count",
            before=sums.too_early.before,
            after=sums.too_early.after,
        ),
        Figure(
            code="newcomers_early", unit="count", before=sums.newcomers.before, after=sums.newcomers.after
        ),
    ]


def _taken(asked: Asked) -> list[Note]:
    notes = [note("same_people_came")]
    if "cascade.default_policy" in asked.names:
        notes.append(note("policy_was_the_default"))
    if "rating.weights" in asked.names:
        notes.append(note("ratings_in_proportion"))
    return notes


def _seconds(opening: Opening, moment: datetime | None) -> float:
    """Return how long after the start a moment was; who could not come in the time waited all of it."""
    end = opening.until if moment is None else moment
    return max(0.0, (end - opening.started_at).total_seconds())
