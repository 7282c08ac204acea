"""Telling an owner what goes wrong with a project behind their back, and why."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by
from canut.work.models import Project


@transaction.atomic
def tell_owner_publication_failed(*, project_id: int, code: str, why: str, at: datetime) -> bool:
    """Tell the owner of a draft whose time came that it was refused; return whether they were told. A job.

    `why` is the refusal's sentence, `code` its code, for those who ask for help.
    """
    project = Project.objects.get(pk=project_id)
    owner = Person.objects.select_related("party").filter(pk=project.owner_id).first()
    if owner is None:
        return False
    with as_read_by(owner):
        told = tell(
            owner,
            NoticeKind.PROJECT,
            _("“%(title)s” was not published") % {"title": project.title},
            _("The time you had set for publishing “%(title)s” has come, but it could not be done:")
            % {"title": project.title},
            why,
            _("It is still a draft and nothing was charged. Mend this, then publish it or set another time."),
            _("If you ask for help, give this code: %(code)s") % {"code": code},
            path=f"/studio/{project.pk}/publish/",
            at=at,
        )
    return told is not None


PAGE_REFUSED = {
    "frame_permit_expired": _lazy("It came after the worker's time for the task was over."),
    "frame_permit_used": _lazy("It came by an address that had been used for another answer before."),
    "frame_permit_of_another": _lazy("It named another assignment than its address is for."),
    "frame_permit_over": _lazy("It came after the task had been handed in or put back."),
    "answer_refused": _lazy(
        "It was empty, too large, or no form of fields that each hold a text or a list of texts."
    ),
}


@transaction.atomic
def tell_owner_page_refused(
    *, project_id: int, assignment_id: int, item: str, code: str, at: datetime
) -> bool:
    """Tell the owner of a page elsewhere that its answer was refused; return whether they were told. A job.

    It is asked for once in a project: what follows is mostly the same fault.
    """
    project = Project.objects.get(pk=project_id)
    owner = Person.objects.select_related("party").filter(pk=project.owner_id).first()
    if owner is None:
        return False
    with as_read_by(owner):
        told = tell(
            owner,
            NoticeKind.PROJECT,
            _("An answer of your page in “%(title)s” was not taken") % {"title": project.title},
            _("Your page of the item “%(item)s” sent an answer for assignment %(id)s, and it was refused.")
            % {"item": item, "id": assignment_id},
            str(PAGE_REFUSED[code]),
            _("The worker can open the page again as long as there is time. Try your page in the preview."),
            _("You are told of the first refusal in a project only. Its code, if you ask for help: %(code)s")
            % {"code": code},
            path=f"/studio/{project.pk}/preview/",
            at=at,
            key=f"page-refused:{project_id}",
        )
    return told is not None
