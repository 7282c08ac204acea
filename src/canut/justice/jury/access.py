"""The only way to a seat on somebody's behalf: for the one who was drawn."""

from django.utils.translation import gettext_lazy as _

from canut.justice.jury.models import Seat
from canut.kernel.refusals import NotFound
from canut.people.models import Person

LARGEST = 2**63 - 1


class JurySeatNotFound(NotFound):
    """There is no such seat, or it was offered to somebody else: the answer is the same."""

    code = "jury_seat_not_found"


def own_jury_seat(seat_id: int, *, by: Person) -> Seat:
    """Return a seat that was offered to `by`, whatever became of it.

    Raises:
        JurySeatNotFound: there is none of this number, or it is somebody else's.
    """
    rows = Seat.objects.select_related("panel__case", "task")
    found = rows.filter(pk=seat_id, person=by).first() if 0 < seat_id <= LARGEST else None
    if found is None:
        raise JurySeatNotFound(_("There is no such seat, or it is not yours. The list shows those you have."))
    return found
