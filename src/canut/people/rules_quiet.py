"""When a person's quiet hours are, by the clock on their wall. No notice is sent inside them."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def is_quiet(at: datetime, *, starts: time, ends: time, zone: str) -> bool:
    """Say whether a moment lies in the quiet hours: from `starts` on, and before `ends`.

    Where they span midnight, `starts` is later than `ends`. The clock of `zone` decides, on nights on
    which it is put forward or back too.
    """
    shown = at.astimezone(ZoneInfo(zone)).time()
    return starts <= shown < ends if starts < ends else shown >= starts or shown < ends


def quiet_until(at: datetime, *, starts: time, ends: time, zone: str) -> datetime | None:
    """Return when the quiet hours end in which a moment lies; None if it lies in none.

    Where the clock jumps over `ends`, they end as much later as it jumps.
    """
    if not is_quiet(at, starts=starts, ends=ends, zone=zone):
        return None
    return next(
        moment
        for moment in _shows(ends, after=at, zone=zone)
        if not is_quiet(moment, starts=starts, ends=ends, zone=zone)
    )


def quiet_from(at: datetime, *, starts: time, ends: time, zone: str) -> datetime:
    """Return when quiet hours begin next: the moment itself if it lies in them."""
    if is_quiet(at, starts=starts, ends=ends, zone=zone):
        return at
    return next(
        moment
        for moment in _shows(starts, after=at, zone=zone)
        if is_quiet(moment, starts=starts, ends=ends, zone=zone)
    )


def next_time(shown: time, *, after: datetime, zone: str) -> datetime:
    """Return the first moment after another at which the clock of `zone` shows a time of day."""
    return next(_shows(shown, after=after, zone=zone))


def _shows(shown: time, *, after: datetime, zone: str) -> Iterator[datetime]:
    """Give the moments after another at which the clock of `zone` shows a time, in order, for three days.

    A time that the clock shows twice comes twice; one it jumps over comes as much later as it jumps.
    """
    where = ZoneInfo(zone)
    today = after.astimezone(where).date()
    moments = set()
    for days in range(4):
        for fold in (0, 1):
            wanted = datetime.combine(today + timedelta(days=days), shown, where).replace(fold=fold)
            moment = wanted.astimezone(UTC)
            if fold == 0 or moment.astimezone(where).time() == shown:
                moments.add(moment)
    yield from sorted(moment for moment in moments if moment > after)
