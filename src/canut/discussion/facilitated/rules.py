"""When a facilitated discussion goes on, who can take a part, and what a record may not name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from canut.discussion.facilitated.states import ROUNDS, WAITS_FOR, Lapse, State

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """The charter's numbers that a discussion goes by from its opening to its end.

    A round lasts `round_days`; it waits `waiting_days` for whoever must write something before it lapses; a
    record is open to objections for `objection_days`. It goes on after the first round if at least
    `least_people` took part. In the third one person puts up `most_statements` at most.
    """

    round_days: int
    waiting_days: int
    objection_days: int
    least_people: int
    most_statements: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many could live with a statement, and how many could not."""

    can: int
    cannot: int

    @property
    def is_agreed(self) -> bool:
        """Somebody could live with it, and nobody said they could not."""
        return self.can > 0 and self.cannot == 0


def what_follows(state: State, *, people: int, least_people: int) -> tuple[State, Lapse | None]:
    """Return where a discussion goes when its time in a state is over, and if it lapses, for what.

    `people` is how many have taken part by now; the first round needs `least_people`. The second needs
    nobody, since who has nothing to answer has spoken already.

    Raises:
        ValueError: the state is an end.
    """
    if state == State.SAYING:
        enough = people >= least_people
        return (State.SUMMING_SAID, None) if enough else (State.LAPSED, Lapse.TOO_FEW)
    by_itself = {
        State.ANSWERING: State.SUMMING_ANSWERS,
        State.WEIGHING: State.RECORDING,
        State.OBJECTING: State.PUBLISHED,
    }
    if state in by_itself:
        return by_itself[state], None
    if state == State.GATHERING:
        return State.LAPSED, Lapse.NOBODY
    if state in WAITS_FOR:
        return State.LAPSED, Lapse.NO_RECORD if state == State.RECORDING else Lapse.NO_SUMMARY
    raise ValueError(f"a discussion that is {state} has ended")


def ends_at(state: State, since: datetime, terms: Terms) -> datetime | None:
    """Return when a state that began at `since` ends by itself; None for the ends."""
    if state in ROUNDS:
        days = terms.round_days
    elif state == State.OBJECTING:
        days = terms.objection_days
    elif state == State.GATHERING or state in WAITS_FOR:
        days = terms.waiting_days
    else:
        return None
    return since + timedelta(days=days)


def reminds_at(state: State, since: datetime, due_at: datetime) -> datetime | None:
    """Return when people are reminded that a state ends: a day before, and halfway where one waits.

    A round of less than two days reminds halfway too. Of the week for objections nobody is reminded.
    """
    halfway = since + (due_at - since) / 2
    if state in ROUNDS:
        return max(halfway, due_at - A_DAY)
    return halfway if state == State.GATHERING or state in WAITS_FOR else None


def can_be_filled(
    *, holder: bool, holder_is_here: bool, waits_for_holder: bool, reminded: bool, has_ended: bool
) -> bool:
    """Tell whether somebody else can take a part.

    They can while nobody has it; when whoever has it can not act here any more; and when the discussion has
    waited for them so long that they were reminded.
    """
    if has_ended:
        return False
    return not holder or not holder_is_here or (waits_for_holder and reminded)


def tally(marks: Iterable[bool]) -> Tally:
    """Return how many marks say that one could live with a statement, and how many that one could not."""
    given = list(marks)
    return Tally(sum(given), len(given) - sum(given))


def names_in(text: str, names: Sequence[str]) -> Sequence[str]:
    """Return which of these names stand in a text as words of their own, written as they are."""
    return [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
