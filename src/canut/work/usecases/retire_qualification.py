"""A requester does without one of their qualifications, once no project of theirs asks for it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.reputation.access import own_qualification
from canut.reputation.models import Qualification, ScaleKind
from canut.reputation.usecases.end_qualification import end_qualification
from canut.work.models import Project, Requirement
from canut.work.states import ProjectState

MOST_NAMED = 5


class QualificationAskedFor(Refusal):
    """Projects that are not closed ask for it. Facts: `project_ids`, and `count` of all of them."""

    code = "qualification_asked_for"


@transaction.atomic
def retire_qualification(*, qualification_id: int, by: Person, at: datetime) -> Qualification:
    """End a qualification for good: nobody holds it any more, and its name is free. Safe to repeat.

    Whoever has a project ask for it locks its row too, so none begins to ask while it is retired.

    Raises:
        QualificationNotFound: there is none, or it is somebody else's.
        QualificationAskedFor: a project that is not closed asks for it, drafts among them.
    """
    qualification = own_qualification(qualification_id, by=by, lock=True)
    if qualification.retired_at is None:
        asking = Requirement.objects.filter(scale=ScaleKind.QUALIFICATION, scale_id=qualification.pk)
        projects = Project.objects.filter(pk__in=asking.values("project_id"))
        asked_by = projects.exclude(state=ProjectState.CLOSED).order_by("pk")
        if named := list(asked_by[:MOST_NAMED]):
            titles = ", ".join(_("“%(title)s”") % {"title": project.title} for project in named)
            raise QualificationAskedFor(
                _("Still asked for by %(titles)s. Close them, or have them ask for something else.")
                % {"titles": titles},
                project_ids=[project.pk for project in named],
                count=asked_by.count(),
            )
    return end_qualification(qualification_id=qualification.pk, by=by, at=at)
