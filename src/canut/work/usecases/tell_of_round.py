"""Telling a requester of a prototype round: how it ended, and why what should launch did not."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by
from canut.work.models import Project, Round
from canut.work.states import RoundState
from canut.work.usecases.decide_round import votes_in


@transaction.atomic
def tell_owner_of_round(*, round_id: int, at: datetime) -> bool:
    """Tell the owner how a prototype round ended and what comes next; return if they were told. A job."""
    round_ = Round.objects.select_related("project").get(pk=round_id)
    project = round_.project
    owner = Person.objects.select_related("party").filter(pk=project.owner_id).first()
    if owner is None:
        return False
    votes = votes_in(round_)
    with as_read_by(owner):
        title = {"title": project.title}
        counts = ngettext(
            "%(publish)s of %(count)s worker voted to publish.",
            "%(publish)s of %(count)s workers voted to publish.",
            votes.all,
        ) % {"publish": votes.publish, "count": votes.all}
        if round_.state == RoundState.PASSED:
            subject = _("The prototype round of “%(title)s” has passed") % title
            follows = (
                _("The rest is paid for and opens by itself, as you had asked.")
                if project.launches_itself
                else _("Read what they say, then launch the rest: nothing more is paid before you do.")
            )
        elif round_.state == RoundState.STOPPED:
            subject = _("The workers ask you to revise “%(title)s”") % title
            follows = _(
                "The rest does not begin, and what was not used of the money came back. Their comments say "
                "what is unclear: revise the design and publish the revision, which is tried anew."
            )
        else:
            subject = _("Too few took part in the prototype round of “%(title)s”") % title
            follows = _(
                "It was ended, and what was not used of the money came back. You can begin another round, or "
                "raise the pay first."
            )
        said = (subject, counts, follows)
        path, key = f"/studio/{project.pk}/round/", f"round:{round_id}"
        return tell(owner, NoticeKind.PROJECT, *said, path=path, at=at, key=key) is not None


@transaction.atomic
def tell_owner_launch_failed(*, project_id: int, code: str, why: str, at: datetime) -> bool:
    """Tell the owner that what should launch by itself did not; return whether they were told. A job."""
    project = Project.objects.get(pk=project_id)
    owner = Person.objects.select_related("party").filter(pk=project.owner_id).first()
    if owner is None:
        return False
    with as_read_by(owner):
        told = tell(
            owner,
            NoticeKind.PROJECT,
            _("“%(title)s” was not launched") % {"title": project.title},
            _("Its prototype round has passed, but the rest could not begin by itself:"),
            why,
            _("Nothing was charged. Mend this, then launch it."),
            _("If you ask for help, give this code: %(code)s") % {"code": code},
            path=f"/studio/{project.pk}/round/",
            at=at,
        )
    return told is not None
