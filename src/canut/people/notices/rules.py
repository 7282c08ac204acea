"""Which ways a notice goes, how many mails a week leave, and when one that was not taken is tried again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import normalize

WEEK = timedelta(days=7)
PUSH_GOOD_FOR = timedelta(hours=12)
"""How old a message may be that a browser shows; what is older stands on the site."""
SENT_AGAIN_AFTER = (
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=8),
    timedelta(hours=12),
    timedelta(hours=24),
)
SOFT_WITHIN = timedelta(days=14)
MOST_SOFT = 5
MOST_HARD = 5


@dataclass(frozen=True, slots=True)
class Ways:
    """By which ways somebody is told of something, besides the page where it stands."""

    mail: bool
    push: bool


def ways_of(topics: Sequence[str], *, chosen: Mapping[str, Ways], usual: Ways) -> Ways:
    """Return by which ways a notice goes: as was chosen for its topics, else for its kind, else as usual.

    `chosen` has the choices of its kind by topic; "" is the kind's own. Of several topics one is enough.
    """
    of_kind = chosen.get("", usual)
    each = [chosen.get(topic, of_kind) for topic in topics] or [of_kind]
    return Ways(mail=any(ways.mail for ways in each), push=any(ways.push for ways in each))


def room_left(left_at: Sequence[datetime], *, at: datetime, most: int) -> int:
    """Return how many more mails may leave now, of `most` a week, if others left at these times."""
    return max(0, most - sum(moment > at - WEEK for moment in left_at))


def room_again(left_at: Sequence[datetime], *, at: datetime, most: int) -> datetime:
    """Return when the next mail may leave: `at` if one may now.

    Raises:
        ValueError: `most` is 0, so none ever may.
    """
    if most < 1:
        raise ValueError("where no mail may leave in a week, there is no time at which one may")
    counted = sorted(moment for moment in left_at if moment > at - WEEK)
    return at if len(counted) < most else counted[-most] + WEEK


def in_letters(held: Sequence[int], fresh: Sequence[int], *, room: int) -> Sequence[Sequence[int]]:
    """Return which notices leave together, at most as many letters as there is room for.

    What was held leaves as one letter, and so do all that come after the last but one that there is room
    for. Without room nothing leaves.
    """
    if room < 1:
        return []
    letters = ([list(held)] if held else []) + [[notice] for notice in fresh]
    if len(letters) <= room:
        return letters
    last = [notice for letter in letters[room - 1 :] for notice in letter]
    return [*letters[: room - 1], last]


def sent_again_after(attempts: int) -> timedelta | None:
    """Return how long after so many attempts a mail is tried again; None if it is not."""
    return SENT_AGAIN_AFTER[attempts - 1] if attempts <= len(SENT_AGAIN_AFTER) else None


def stops_mails(*, hard: int, soft_at: Sequence[datetime], at: datetime) -> bool:
    """Say whether an address is sent no more mails but those about safety.

    That is so once a mail came back because there is no such mailbox, or five within 14 days because the
    mailbox was in trouble.
    """
    return hard > 0 or sum(moment > at - SOFT_WITHIN for moment in soft_at) >= MOST_SOFT


def stops_everything(*, hard: int) -> bool:
    """Say whether an address is sent nothing at all: five mails said that there is no such mailbox."""
    return hard >= MOST_HARD


def with_domain_as_sent(address: str) -> str:
    """Return a mail address with its domain as mail servers are asked for it: in letters of ASCII.

    Source: RFC 5891, section 4.4, and RFC 3492. Where nobody does this, Python takes the rules of RFC 3490,
    by which "straße.de" is "strasse.de": another domain, whose owner would read the mail.
    """
    name, at, domain = address.rpartition("@")
    labels = normalize("NFKC", domain).lower().split(".")
    sent = (label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)
    return address if domain.isascii() else f"{name}{at}{'.'.join(sent)}"
