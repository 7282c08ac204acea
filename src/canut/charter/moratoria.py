"""Which algorithms the members have stopped, since when, and by which decision (MECHANISMS 7.10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from canut.charter.models import CharterEntry
from canut.charter.queries import held


class Algorithm(StrEnum):
    """What members can stop; each is a yes or no of the charter, `moratorium.` and this word."""

    FEED_ORDER = "feed_order"
    CASCADE = "cascade"
    SAMPLING = "sampling"

    @property
    def parameter(self) -> str:
        return f"moratorium.{self.value}"


NAMES: Mapping[Algorithm, Promise] = {
    Algorithm.FEED_ORDER: _("the order of the feed"),
    Algorithm.CASCADE: _("early access to projects"),
    Algorithm.SAMPLING: _("the draw of work for review"),
}
"""What each is called in a sentence."""

INSTEAD: Mapping[Algorithm, Promise] = {
    Algorithm.FEED_ORDER: _(
        "Projects stand in a neutral order, in the order in which they were published or at random, whatever "
        "order somebody has chosen; ratings move nothing."
    ),
    Algorithm.CASCADE: _(
        "Every worker whom a project admits can come in at once, whoever rated them; what starts meanwhile "
        "is open to all of them from the beginning."
    ),
    Algorithm.SAMPLING: _(
        "The first item of each lot is reviewed instead of one drawn by lot, and its review is offered at "
        "once to all who may judge it."
    ),
}
"""What happens instead of each while it is stopped."""


@dataclass(frozen=True, slots=True)
class Moratorium:
    """That an algorithm is stopped. `title` is that of the decision in the reader's language, and `address`
    the page about it; 0 and empty where no decision stopped it."""

    algorithm: Algorithm
    since: datetime
    decision_number: int
    title: str
    address: str

    @property
    def name(self) -> str:
        return str(NAMES[self.algorithm])

    @property
    def instead(self) -> str:
        return str(INSTEAD[self.algorithm])


def moratorium(algorithm: Algorithm, *, at: datetime) -> Moratorium | None:
    """Return that the algorithm is stopped at `at`; None while it runs."""
    found = held(algorithm.parameter, at=at)
    if found.value is not True:
        return None
    entry = CharterEntry.objects.select_related("decision").get(pk=found.entry_id)
    decision = entry.decision
    if decision is None:
        return Moratorium(algorithm, found.since, 0, "", "")
    french = (get_language() or "").startswith("fr")
    title = decision.title_fr if french else decision.title_en
    return Moratorium(algorithm, found.since, decision.number, title, decision.address)


def moratoria(*, at: datetime) -> tuple[Moratorium, ...]:
    """Return all that is stopped at `at`."""
    found = (moratorium(algorithm, at=at) for algorithm in Algorithm)
    return tuple(one for one in found if one is not None)
