"""The only way to a notice on its reader's behalf."""

from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import NotFound
from canut.people.models import Person
from canut.people.notices.models import Notice


class NoticeNotFound(NotFound):
    code = "notice_not_found"


def own_notice(notice_id: int, *, by: Person, lock: bool = False) -> Notice:
    """Return one of `by`'s own notices.

    Raises:
        NoticeNotFound: there is none of this number, it is somebody else's, or it was deleted by its age.
    """
    rows = Notice.objects.select_for_update(no_key=True) if lock else Notice.objects.all()
    notice = rows.filter(pk=notice_id, person_id=by.pk).first()
    if notice is None:
        raise NoticeNotFound(
            _("You have no such notice. Notices are deleted after 180 days; the list shows those you have.")
        )
    return notice
