"""How peers are found, and when their votes decide (MECHANISMS 6.1)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Literal

Verdict = Literal["stands", "falls"]


def nearest_peers(pools: Sequence[Collection[int]], seats: int) -> tuple[int, set[int]] | None:
    """Return how far the draw is widened, as an index of `pools`, and among whom it is then; None for no way.

    `pools` hold who could sit, the nearest peers first; wider ones are added until there are as many people
    as seats, so nobody who is near is lost by widening.

    Raises:
        ValueError: there is no seat to fill.

    Source: MECHANISMS 6.1: same guild and level or above; widened to the guild, to all active workers, to
    other guilds.
    """
    if seats < 1:
        raise ValueError("a panel has a seat to fill")
    among: set[int] = set()
    for widened, pool in enumerate(pools):
        among |= set(pool)
        if len(among) >= seats:
            return widened, among
    return None


def peers_to_draw_among(
    pools: Sequence[Collection[int]], seats: int, *, readers: Collection[int], rested: Collection[int]
) -> tuple[int, set[int]] | None:
    """Return among whom a panel is drawn, and how far it was widened, as `nearest_peers`; None for no way.

    `readers` know the language of the case, `rested` did not serve lately. If there are as many rested
    readers as seats, however wide a pool they are found in, it is among them; else among readers, those who
    served lately too; else among all who are rested; else among everybody.

    Raises:
        ValueError: there is no seat to fill.

    Source: MECHANISMS 6.1 and 6.2: nobody twice in 60 days unless all have served. That jurors who read the
    language of the case come first is our own; that others hear it where too few do is so that it is heard.
    """
    everybody = {person for pool in pools for person in pool}
    able, fresh = everybody & set(readers), everybody & set(rested)
    for kept in (able & fresh, able, fresh, everybody):
        found = nearest_peers([kept.intersection(pool) for pool in pools], seats)
        if found is not None:
            return found
    return None


def reads_language(language: str, languages: Collection[str]) -> bool:
    """Tell whether somebody who reads these languages reads this one; every one does where none is named.

    All are BCP 47 codes, of which the part before the first hyphen counts: who reads French reads "fr-CA".
    """
    wanted = _plain(language)
    return not wanted or wanted in {_plain(one) for one in languages}


def _plain(language: str) -> str:
    return language.split("-", 1)[0].strip().lower()


def time_to_decide(*, drawn_at: datetime, days: int, pays_at: datetime | None) -> datetime | None:
    """Return until when a panel that is drawn now has time; None if it would have none.

    It has so many days. Where what is contested is paid at a moment unless peers have decided, it has until
    an hour before: a vote that comes later could not be carried out.

    Source: MECHANISMS 6.1, in 5 days, and 4.6, with no decision in 7 days it is paid; the hour is ours.
    """
    until = drawn_at + timedelta(days=days)
    if pays_at is not None:
        until = min(until, pays_at - timedelta(hours=1))
    return until if until > drawn_at else None


def seats_to_fill(peers: int, votes_given: int) -> int:
    """Return how many seats the next panel of a case has: those whose vote is missing.

    Votes that were given before a panel ran out of time stay, for they were given on the same case; only who
    gave none is replaced.

    Raises:
        ValueError: nobody's vote is missing.

    Source: MECHANISMS 6.1, in 5 days, else redrawn; what becomes of votes given is our own.
    """
    if votes_given >= peers:
        raise ValueError("every vote is given")
    return peers - votes_given


def verdict(*, stands: int, falls: int, votes_needed: int, peers: int) -> Verdict | None:
    """Return what the votes of a panel decide, or None while they decide nothing.

    So many votes for one of both decide at once. When all peers have voted and neither has so many, more
    votes decide; as many on both sides let the decision fall, for doubt does not weigh on who appealed.

    Source: MECHANISMS 6.1, two of three decide. The rest is ours, for numbers that members may set.
    """
    if stands < votes_needed and falls < votes_needed and stands + falls < peers:
        return None
    return "stands" if stands > falls else "falls"


def counts_before(*, at: datetime, decide_by: datetime) -> datetime:
    """Return before which moment votes must have come to count at `at`: the last full hour, or the end.

    So the moment of a decision tells nobody whose vote it was that decided. When the time of a panel is
    over, all that came before count.

    Source: MECHANISMS 6.1, peers are blind; the hour is ours.
    """
    return decide_by if at >= decide_by else at.replace(minute=0, second=0, microsecond=0)


def no_peers_in_time(*, opened_at: datetime, lapse_days: int, at: datetime) -> bool:
    """Tell whether a case that no panel hears has waited so long that who appealed is right without one.

    Source: MECHANISMS 6.1, none in 14 days upholds the appeal.
    """
    return at >= opened_at + timedelta(days=lapse_days)


def time_to_remind(*, offered_at: datetime, decide_by: datetime, remind_days: int) -> datetime:
    """Return when a juror who has not decided is reminded: so many days before the end, never at once.

    Who was asked later than that is reminded half-way through the time that they have.
    """
    return max(decide_by - timedelta(days=remind_days), offered_at + (decide_by - offered_at) / 2)


def seconds_to_hear(*, works_seconds: Sequence[int], least_seconds: int, share: Decimal, most: int) -> int:
    """Return for how long hearing a case is paid: a least time, and a share of the time of each work shown.

    Fractions of a second go to the juror; no task takes longer than `most` seconds.
    """
    looked_at = (Decimal(sum(works_seconds)) * share).to_integral_value(ROUND_CEILING)
    return min(most, least_seconds + int(looked_at))
