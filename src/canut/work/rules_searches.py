"""When to look for new work that a worker's saved searches match, and how often to tell of it."""

from datetime import datetime, time, timedelta

from canut.people.rules_quiet import next_time

MOST_SEARCHES = 20
"""How many searches one worker can save: more than anybody reads, and a bound on what a look costs."""
LONGEST_NAME = 60

LOOKS_EVERY = timedelta(minutes=5)
"""How often a search is looked at that tells at once: as often as a cascade beats."""
MESSAGES_APART = timedelta(minutes=30)
"""The least between two messages to one worker; what comes up meanwhile is in the next."""
DAILY_AT = time(8)
"""When the others are looked at, by the clock of the worker's zone."""
MOST_IN_A_MESSAGE = 20
"""How many projects one message tells of. The rest comes with the next, and the feed has them all."""

NOT_WORKING_AGAIN = timedelta(days=1)
"""When to look again for somebody who may not take work, or is nobody."""


def next_look(*, daily: bool, at: datetime, zone: str, told: bool = False) -> datetime:
    """Return when a search is looked at again; `told` says that a message was sent at `at`."""
    if daily:
        return next_time(DAILY_AT, after=at, zone=zone)
    return at + (MESSAGES_APART if told else LOOKS_EVERY)


def may_tell_from(*, at: datetime, told_at: datetime | None, quiet_until: datetime | None) -> datetime:
    """Return the first moment at which the worker may be told: `at`, or later.

    In quiet hours it is their end; after a message, MESSAGES_APART later.
    """
    apart = told_at + MESSAGES_APART if told_at else at
    return max(at, apart, quiet_until or at)
