"""Telling an owner that a scheduled project did not go live, and why."""

from django.db import transaction
from django.utils.translation import gettext as _

from canut.people.models import Person
from canut.work.models import Project
from canut.work.usecases.mails import address, as_read_by, mail_to


@transaction.atomic
def tell_owner_publication_failed(*, project_id: int, code: str, why: str) -> bool:
    """Mail the owner of a draft whose time came and that was refused; return whether one was sent. A job.

    `why` is the refusal's sentence, `code` its code, for those who ask for help.
    """
    project = Project.objects.get(pk=project_id)
    owner = Person.objects.select_related("party").filter(pk=project.owner_id).first()
    if owner is None:
        return False
    with as_read_by(owner):
        return mail_to(
            owner,
            _("“%(title)s” was not published") % {"title": project.title},
            _("The time you had set for publishing “%(title)s” has come, but it could not be done:")
            % {"title": project.title},
            why,
            _("It is still a draft and nothing was charged. Mend this, then publish it or set another time."),
            address(f"/studio/{project.pk}/publish/"),
            _("If you ask for help, give this code: %(code)s") % {"code": code},
        )
