"""What has to wait while a revision of a published project is being worked on."""

from canut.work.access import latest_revision
from canut.work.models import Project
from canut.work.refusals import revision_unfinished


def refuse_while_revised(project: Project) -> None:
    """Raise RevisionUnfinished if a revision of a published project was begun. Its row must be locked."""
    if project.published_at is not None and latest_revision(project).published_at is None:
        raise revision_unfinished()
