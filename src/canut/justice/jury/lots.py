"""The lot by which a panel was drawn; lots are membership's own, and know panels by this name."""

from canut.justice.jury.models import Panel
from canut.membership.models import Lot

SUBJECT = "panel"
ADDRESS = "/justice/seats/"
"""What the page of a lot says that it is about: each member finds their own seats there."""


def lot_of(panel: Panel) -> Lot:
    """Return the lot by which a panel was drawn."""
    return Lot.objects.get(subject_kind=SUBJECT, subject_id=panel.pk)
