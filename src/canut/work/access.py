"""The only way to a row of work on somebody's behalf.

Who may not see a row is told the same as if there were none. Owners reach their projects and what
was handed in to them; workers their own assignments.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from canut.people.access import OperatorRoleMissing, RequesterRoleMissing, WorkerRoleMissing
from canut.people.models import Party, Person
from canut.work.models import (
    Assignment,
    BrokenReport,
    Computation,
    NewsTurn,
    Project,
    Revision,
    SavedSearch,
    Submission,
    TopUp,
    Upload,
)
from canut.work.refusals import (
    AssignmentNotFound,
    BrokenReportNotFound,
    ProjectNotFound,
    SearchNotFound,
    SubmissionNotFound,
    TopUpNotFound,
    admission_refusal,
)
from canut.work.states import IN_HAND, AssignmentState


def require_requester(by: Person) -> None:
    """Raise RequesterRoleMissing unless `by` is a requester."""
    if not by.is_requester:
        raise RequesterRoleMissing(
            _("This needs the requester's role. You can take it up on your account page.")
        )


def require_worker(by: Person) -> None:
    """Raise WorkerRoleMissing unless `by` is a worker."""
    if not by.is_worker:
        raise WorkerRoleMissing(_("This needs the worker's role. You can take it up on your account page."))


def require_operator(by: Person) -> None:
    """Raise OperatorRoleMissing unless `by` is an operator of this site."""
    if not by.is_operator:
        raise OperatorRoleMissing(_("Only this site's operators can do that."))


def projects_of(by: Person) -> "QuerySet[Project]":
    """Return the projects that `by` owns, newest first."""
    return Project.objects.filter(owner_id=by.pk).order_by("-pk")


def own_project(project_id: int, *, by: Person, lock: bool = False) -> Project:
    """Return a project that `by` owns, its row locked if asked.

    Raises:
        ProjectNotFound: there is none, or it is somebody else's.
    """
    rows = projects_of(by).order_by()
    found = (rows.select_for_update(no_key=True) if lock else rows).filter(pk=project_id).first()
    if found is None:
        raise admission_refusal("project_not_found")
    return found


def lock_owner(by: Person) -> None:
    """Let what one owner begins take turns: what counts together across their projects is counted right.

    Before any project's row is locked.
    """
    Party.objects.select_for_update(no_key=True).get(pk=by.pk)


def visible_project(project_id: int, *, by: Person) -> Project:
    """Return a project as anybody may look at it: published, or one's own.

    Raises:
        ProjectNotFound: there is none, or it is somebody else's draft.
    """
    found = Project.objects.select_related("owner").filter(pk=project_id).first()
    if found is None or (found.published_at is None and found.owner_id != by.pk):
        raise ProjectNotFound(_("There is no such project."))
    return found


def latest_revision(project: Project) -> Revision:
    """Return the project's newest revision; every project has one from its creation."""
    return Revision.objects.filter(project=project).order_by("-number")[0]


def published_revision(project: Project) -> Revision:
    """Return the revision that workers work on: the latest published; the draft where there is none."""
    published = Revision.objects.filter(project=project, published_at__isnull=False)
    return published.order_by("-number").first() or latest_revision(project)


def own_upload(upload_id: int, *, by: Person) -> Upload:
    """Return an upload of a project that `by` owns.

    Raises:
        ProjectNotFound: there is none, or it is somebody else's.
    """
    found = Upload.objects.select_related("project").filter(pk=upload_id, project__owner_id=by.pk).first()
    if found is None:
        raise ProjectNotFound(_("There is no such upload."))
    return found


def own_computation(computation_id: int, *, by: Person) -> Computation:
    """Return an export or statistic of a project that `by` owns.

    Raises:
        ProjectNotFound: there is none, or it is somebody else's.
    """
    found = (
        Computation.objects.select_related("project")
        .filter(pk=computation_id, project__owner_id=by.pk)
        .first()
    )
    if found is None:
        raise ProjectNotFound(_("There is no such result."))
    return found


def own_assignment(assignment_id: int, *, by: Person, lock: bool = False) -> Assignment:
    """Return an assignment that `by` took, its row locked if asked.

    Raises:
        AssignmentNotFound: there is none, or it is somebody else's.
    """
    rows = Assignment.objects.filter(pk=assignment_id, worker_id=by.pk)
    found = (rows.select_for_update(no_key=True) if lock else rows).first()
    if found is None:
        raise AssignmentNotFound(_("There is no such assignment of yours."))
    return found


def judging_assignment(assignment_id: int, *, by: Person) -> Assignment | None:
    """Return an assignment whose shown work's files are for `by` to fetch; None if there is none.

    They are for who judges that work, from taking the task until what they handed in is decided; then for
    the owner of the project, who decides. They are not for whoever did the work that is shown, nor for
    its requester, who have it under its own address.
    """
    found = Assignment.objects.select_related("project").filter(pk=assignment_id).first()
    if found is None:
        return None
    may_fetch = (found.worker_id == by.pk and found.state in (*IN_HAND, AssignmentState.SUBMITTED)) or (
        found.project.owner_id == by.pk and found.submitted_at is not None
    )
    return found if may_fetch else None


def submission_for_decision(submission_id: int, *, by: Person) -> Submission:
    """Return a submission to a project of `by`, with its assignment's row locked.

    Raises:
        SubmissionNotFound: there is none, or `by` may not decide on it.
    """
    found = Submission.objects.filter(pk=submission_id, project__owner_id=by.pk).first()
    if found is None:
        raise SubmissionNotFound(_("There is no such submission to a project of yours."))
    found.assignment = (
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("project")
        .get(pk=found.assignment_id)
    )
    return found


def top_up_to_contest(top_up_id: int, *, by: Person) -> TopUp:
    """Return a top-up that a project of `by` owes, the project's row and its own locked.

    Raises:
        TopUpNotFound: there is none, or it is of somebody else's project.
    """
    return locked_top_up(top_up_id, owner_id=by.pk)


def locked_top_up(top_up_id: int, *, owner_id: int | None = None) -> TopUp:
    """Return a top-up, of this owner's projects if given, the project's row and its own locked.

    Raises:
        TopUpNotFound: there is none, or it is of somebody else's project.
    """
    projects = Project.objects.filter(settlements__top_ups=top_up_id)
    if owner_id is not None:
        projects = projects.filter(owner_id=owner_id)
    project = projects.select_for_update(no_key=True, of=("self",)).first()
    if project is None:
        raise TopUpNotFound(_("There is no such top-up."))
    found = (
        TopUp.objects.select_for_update(no_key=True, of=("self",))
        .select_related("settlement", "contest")
        .get(pk=top_up_id)
    )
    found.settlement.project = project
    return found


def locked_report(assignment_id: int) -> BrokenReport:
    """Return a report of a broken task, the project's row and its own locked.

    Raises:
        BrokenReportNotFound: there is none.
    """
    known = BrokenReport.objects.filter(pk=assignment_id).values_list("project_id", flat=True).first()
    if known is None:
        raise BrokenReportNotFound(_("There is no such report of a broken task."))
    project = Project.objects.select_for_update(no_key=True).get(pk=known)
    found = BrokenReport.objects.select_for_update(no_key=True, of=("self",)).get(pk=assignment_id)
    found.project = project
    return found


def searches_of(by: Person) -> "QuerySet[SavedSearch]":
    """Return `by`'s saved searches, the oldest first; without the long list of what was open before."""
    return SavedSearch.objects.filter(worker_id=by.pk).defer("open_before").order_by("pk")


def own_search(search_id: int, *, by: Person) -> SavedSearch:
    """Return one of `by`'s saved searches.

    Raises:
        SearchNotFound: there is none, or it is somebody else's.
    """
    found = searches_of(by).filter(pk=search_id).first()
    if found is None:
        raise SearchNotFound(_("You have no such saved search. It may have been deleted."))
    return found


def news_turn(by: Person) -> NewsTurn:
    """Lock what says when `by` was last told of new work: whoever touches their searches takes turns."""
    NewsTurn.objects.get_or_create(worker_id=by.pk)
    return NewsTurn.objects.select_for_update(no_key=True).get(worker_id=by.pk)
