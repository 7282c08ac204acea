"""The only way to a motion on somebody's behalf. Everybody may read them; who moved one is hidden first."""

from django.utils.translation import gettext_lazy as _

from canut.governance.moratoria.models import Motion
from canut.governance.moratoria.refusals import MoratoriumNotFound

LARGEST = 2**63 - 1


def motion_known(motion_id: int, *, lock: bool = False) -> Motion:
    """Return a motion; everybody may know of it.

    Raises:
        MoratoriumNotFound: there is none of this number.
    """
    rows = Motion.objects.select_for_update(of=("self",), no_key=True) if lock else Motion.objects.all()
    found = rows.filter(pk=motion_id).first() if 0 < motion_id <= LARGEST else None
    if found is None:
        raise MoratoriumNotFound(_("There is no such motion. The list shows those there are."))
    return found
