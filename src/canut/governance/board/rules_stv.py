"""Counting an election by the single transferable vote, in exact fractions, for anybody to count again.

The method is the Weighted Inclusive Gregory Method with the Droop quota, as Scotland has elected its
councils since 2007: The Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45
to 52. We differ in three things. Where the Order cuts the value of a paper after five decimals, nothing is
cut here, so no vote is lost by rounding. Where the Order draws lots, the lots come from the root of the
public log. And who leaves a seat is replaced by counting the same ballots again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any, Literal, TypeAlias

Ranking: TypeAlias = tuple[int, ...]
"""Candidates by their numbers, the first choice first; those left out are not preferred to anybody."""

Action: TypeAlias = Literal["first", "surplus", "exclusion"]
TieBrokenBy: TypeAlias = Literal["", "stage", "lot"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the count: what was moved, and where everybody stands at its end.

    `candidate` is the one whose votes were moved, None in the first stage; `rate` is the share of each
    vote's value that moved. `votes` are those of every candidate at the end, `exhausted` what stays with
    nobody because the ballots name nobody further. `elected` are those elected at its end, the one with
    the most votes first. If who was to be moved was tied, `tied` names them, and `broken_by` tells whether
    an earlier stage or the lot decided.
    """

    action: Action
    candidate: int | None
    rate: Fraction | None
    votes: Mapping[int, Fraction]
    exhausted: Fraction
    elected: tuple[int, ...]
    tied: tuple[int, ...] = ()
    broken_by: TieBrokenBy = ""


@dataclass(frozen=True, slots=True)
class CountSheet:
    """The whole count. `valid` ballots prefer somebody, `empty` ones nobody who stands."""

    candidates: tuple[int, ...]
    seats: int
    valid: int
    empty: int
    quota: int
    lot: tuple[int, ...]
    stages: tuple[Stage, ...]
    elected: tuple[int, ...]


def lot_order(root: bytes, election: str, candidates: Iterable[int]) -> tuple[int, ...]:
    """Return the candidates in the order of the lot: by SHA-256 of the root, the election and their number.

    `root` is that of the log's tree just after the hash of all ballots was written to it, so it is settled
    by the ballots, and nobody can know it while there is still voting. What is hashed is the root's 32 bytes
    and the ASCII text "election:number"; the smallest hash comes first. Whoever comes first is preferred:
    is elected first, and is excluded last.

    Raises:
        ValueError: the root is not 32 bytes long.

    Source: MECHANISMS 7.9. The hash is FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4.
    """
    if len(root) != 32:
        raise ValueError(f"a root is 32 bytes long, not {len(root)}")
    return tuple(
        sorted(candidates, key=lambda number: sha256(root + f"{election}:{number}".encode("ascii")).digest())
    )


def droop_quota(valid: int, seats: int) -> int:
    """Return how many votes elect: the smallest whole number that no more than `seats` candidates can reach.

    Raises:
        ValueError: there is no seat.

    Source: H. R. Droop, "On Methods of Electing Representatives", Journal of the Statistical Society of
    London 44 (1881), https://doi.org/10.2307/2339223; SSI 2007/42, schedule 1, rule 46.
    """
    if seats < 1:
        raise ValueError("an election fills at least one seat")
    return valid // (seats + 1) + 1


def elect(
    *,
    candidates: Sequence[int],
    seats: int,
    ballots: Iterable[Ranking],
    lot: Sequence[int],
    gone: Iterable[int] = (),
    sitting: Iterable[int] = (),
) -> CountSheet:
    """Return who is elected, and the whole count.

    `lot` holds all candidates, in the order in which a tie that no earlier stage breaks is decided. No more
    candidates than seats: all are elected. To fill a seat that became empty, `gone` are those who left it
    or cannot take one, whom the ballots are read without, and `sitting` those who keep theirs: nobody of
    them is excluded, and the count ends as soon as the empty seats are filled.

    Stage by stage: the greatest surplus over the quota is moved first, each ballot at the value it came
    with times surplus over votes; where there is no surplus the candidate with the fewest votes is excluded
    and their ballots are moved at the value they have. Of equals, the one who had more at the last stage at
    which they differed goes first, or stays.

    Raises:
        ValueError: there is no empty seat, a ballot names somebody twice or nobody who stands by that
            number, or the lot does not hold the candidates.

    Source: The Scottish Local Government Elections Order 2007, SSI 2007/42, schedule 1, rules 45 to 52,
    https://www.legislation.gov.uk/ssi/2007/42/schedule/1/made, with exact fractions. Sitting members who
    cannot be excluded are our own choice.
    """
    count = _Count(tuple(candidates), seats, tuple(ballots), tuple(lot), frozenset(gone), frozenset(sitting))
    return count.run()


def sheet_to_json(sheet: CountSheet) -> dict[str, Any]:
    """Return the sheet as plain JSON values: fractions as text (27/11), votes in the candidates' order."""
    return {
        "candidates": list(sheet.candidates),
        "seats": sheet.seats,
        "valid": sheet.valid,
        "empty": sheet.empty,
        "quota": sheet.quota,
        "lot": list(sheet.lot),
        "elected": list(sheet.elected),
        "stages": [
            {
                "action": stage.action,
                "candidate": stage.candidate,
                "rate": None if stage.rate is None else str(stage.rate),
                "votes": [str(stage.votes[number]) for number in sheet.candidates],
                "exhausted": str(stage.exhausted),
                "elected": list(stage.elected),
                "tied": list(stage.tied),
                "broken_by": stage.broken_by,
            }
            for stage in sheet.stages
        ],
    }


def sheet_from_json(stored: Mapping[str, Any]) -> CountSheet:
    """Return the sheet that `sheet_to_json` wrote."""
    candidates = tuple(stored["candidates"])
    return CountSheet(
        candidates=candidates,
        seats=stored["seats"],
        valid=stored["valid"],
        empty=stored["empty"],
        quota=stored["quota"],
        lot=tuple(stored["lot"]),
        elected=tuple(stored["elected"]),
        stages=tuple(
            Stage(
                action=stage["action"],
                candidate=stage["candidate"],
                rate=None if stage["rate"] is None else Fraction(stage["rate"]),
                votes=dict(zip(candidates, map(Fraction, stage["votes"]), strict=True)),
                exhausted=Fraction(stage["exhausted"]),
                elected=tuple(stage["elected"]),
                tied=tuple(stage["tied"]),
                broken_by=stage["broken_by"],
            )
            for stage in stored["stages"]
        ),
    )


class _Count:
    """A count under way. Ballots of one ranking lie together: `piles` hold their value by candidate."""

    def __init__(
        self,
        candidates: tuple[int, ...],
        seats: int,
        ballots: tuple[Ranking, ...],
        lot: tuple[int, ...],
        gone: frozenset[int],
        sitting: frozenset[int],
    ) -> None:
        standing = set(candidates) - gone
        if sorted(lot) != sorted(candidates) or len(set(candidates)) != len(candidates):
            raise ValueError("the lot holds each candidate once")
        if not sitting <= standing:
            raise ValueError("who sits is a candidate who is not gone")
        if seats - len(sitting) < 1:
            raise ValueError("no seat is empty")
        self.candidates, self.seats, self.lot, self.sitting = candidates, seats, lot, sitting
        self.continuing = standing
        self.empty_seats = seats - len(sitting)
        self.elected: list[int] = []
        self.waiting: set[int] = set()  # elected, with a surplus that has not been moved yet
        self.piles: dict[int, dict[Ranking, Fraction]] = {number: {} for number in candidates}
        self.exhausted = Fraction(0)
        self.stages: list[Stage] = []
        self.valid = 0
        for ballot in ballots:
            if len(set(ballot)) != len(ballot) or not set(ballot) <= set(candidates):
                raise ValueError(f"a ballot names candidates, each once: {ballot}")
            first = self._next_of(ballot)
            if first is not None:
                self.valid += 1
                self.piles[first][ballot] = self.piles[first].get(ballot, Fraction(0)) + 1
        self.empty = len(ballots) - self.valid
        self.quota = droop_quota(self.valid, seats)

    def run(self) -> CountSheet:
        self._end_stage("first")
        while not self._is_over():
            if self.waiting:
                number, tied, how = self._picked(self.waiting, most=True)
                self.waiting.remove(number)
                votes = self._votes(number)
                rate = (votes - self.quota) / votes
                self._move(number, rate)
                self._end_stage("surplus", number, rate, tied, how)
            else:
                number, tied, how = self._picked(self.continuing - self.sitting, most=False)
                self.continuing.remove(number)
                self._move(number, Fraction(1))
                self._end_stage("exclusion", number, Fraction(1), tied, how)
        return CountSheet(
            candidates=self.candidates,
            seats=self.seats,
            valid=self.valid,
            empty=self.empty,
            quota=self.quota,
            lot=self.lot,
            stages=tuple(self.stages),
            elected=tuple(self.elected),
        )

    def _votes(self, number: int) -> Fraction:
        return sum(self.piles[number].values(), Fraction(0))

    def _next_of(self, ballot: Ranking) -> int | None:
        return next((number for number in ballot if number in self.continuing), None)

    def _move(self, number: int, rate: Fraction) -> None:
        """Move each ballot's value times the rate to the next who is neither elected nor excluded."""
        pile = self.piles[number]
        self.piles[number] = {ballot: value * (1 - rate) for ballot, value in pile.items() if rate != 1}
        for ballot, value in pile.items():
            target = self._next_of(ballot)
            if target is None:
                self.exhausted += value * rate
            else:
                self.piles[target][ballot] = self.piles[target].get(ballot, Fraction(0)) + value * rate

    def _seats_left(self) -> int:
        return self.empty_seats - sum(number not in self.sitting for number in self.elected)

    def _is_over(self) -> bool:
        return len(self.elected) == self.seats or not self.continuing

    def _end_stage(
        self,
        action: Action,
        candidate: int | None = None,
        rate: Fraction | None = None,
        tied: tuple[int, ...] = (),
        broken_by: TieBrokenBy = "",
    ) -> None:
        votes = {number: self._votes(number) for number in self.candidates}
        now = []
        for number in self._falling([n for n in self.continuing if votes[n] >= self.quota]):
            if number in self.sitting or self._seats_left():
                now.append(number)
                self._take_in(number)
                if votes[number] > self.quota:
                    self.waiting.add(number)
        if len(self.continuing - self.sitting) <= self._seats_left():  # the last vacancies
            for number in self._falling(list(self.continuing)):
                now.append(number)
                self._take_in(number)
        elif not self._seats_left():  # every empty seat is filled: who sits goes on sitting
            for number in self._falling(list(self.continuing & self.sitting)):
                now.append(number)
                self._take_in(number)
        self.stages.append(Stage(action, candidate, rate, votes, self.exhausted, tuple(now), tied, broken_by))

    def _take_in(self, number: int) -> None:
        self.elected.append(number)
        self.continuing.remove(number)

    def _falling(self, numbers: list[int]) -> list[int]:
        """Return candidates with the most votes first, equals as `_picked` has it."""
        left, found = set(numbers), []
        while left:
            number, _tied, _how = self._picked(left, most=True)
            found.append(number)
            left.remove(number)
        return found

    def _picked(self, numbers: set[int], *, most: bool) -> tuple[int, tuple[int, ...], TieBrokenBy]:
        """Return who has the most votes (or the fewest), who else had as many, and what broke the tie."""
        extreme = max if most else min
        votes = {number: self._votes(number) for number in numbers}
        best = extreme(votes.values())
        equal = {number for number in numbers if votes[number] == best}
        if len(equal) == 1:
            return equal.pop(), (), ""
        tied = tuple(number for number in self.candidates if number in equal)
        for stage in reversed(self.stages):
            best = extreme(stage.votes[number] for number in equal)
            equal = {number for number in equal if stage.votes[number] == best}
            if len(equal) == 1:
                return equal.pop(), tied, "stage"
        order = self.lot if most else self.lot[::-1]
        return next(number for number in order if number in equal), tied, "lot"
