"""What hangs under the hub of justice beside one's own appeals and seats."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Place:
    """A card of the hub: its address, its name and what one finds there."""

    address: str
    label: str
    about: str


def places() -> Sequence[Place]:
    """Return the cards that everybody sees, in the active language."""
    return [
        Place(
            reverse("justice_fund"),
            _("The justice fund"),
            _("What pays those who hear appeals: what it holds, where it comes from, where it goes."),
        ),
        Place(
            reverse("justice_statistics"),
            _("Appeals in numbers"),
            _("How many there are, how they end and how long they take; nothing that unmasks anybody."),
        ),
        Place(
            reverse("flags"),
            _("Flags"),
            _("What members can have hidden until a person has looked at it, and what became of yours."),
        ),
        Place(
            reverse("disputes"),
            _("Disputes"),
            _("Something is wrong between two sides: they try to settle it, and a mediator helps them."),
        ),
        Place(
            reverse("summaries"),
            _("How others settled theirs"),
            _("Summaries of disputes, without names; who mediates here, and the yearly reports."),
        ),
        Place(
            reverse("sanction_grounds"),
            _("Sanctions and their grounds"),
            _("What those who run the site can decide about somebody, on which grounds; how it is undone."),
        ),
    ]
