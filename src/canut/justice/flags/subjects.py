"""What can be flagged: whose it is, what it says, and whether somebody can see it at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.discussion.hiding.states import HiddenKind
from canut.discussion.models import Post, SubjectKind
from canut.forums.access import post_to_read
from canut.justice.flags.refusals import DutyNotFlagged, NothingToFlag
from canut.kernel.refusals import Refusal
from canut.people.models import Kind, Party, Person
from canut.work.access import published_revision
from canut.work.designs.columns import fill
from canut.work.models import Assignment, Project, Task

LARGEST_ID = 2**63 - 1
LONGEST_SHOWN = 4_000


@dataclass(frozen=True, slots=True)
class Flaggable:
    """A thing as it is now. `said` tells one wording from another; `address` is the page it stands on.

    `text` is what it says, for whoever moderates and for its author; empty where it is gone. One that is
    `between_two` only its author and one other read, so no number of members hides it: a named person does.
    """

    kind: HiddenKind
    id: int
    whose_id: int
    title: str
    text: str
    address: str
    said: str
    between_two: bool = False


def thing_to_flag(kind: HiddenKind, subject_id: int, *, by: Person, at: datetime) -> Flaggable:
    """Return a thing that `by` wants to flag.

    Raises:
        NothingToFlag: there is none, or `by` cannot see it.
        DutyNotFlagged: it is a review or a jury's task.
    """
    found = thing(kind, subject_id)
    if found is None or not _SEES[kind](subject_id, by, at):
        raise NothingToFlag(gettext_lazy("There is nothing of that kind here that you could flag."))
    return found


def thing(kind: HiddenKind, subject_id: int) -> Flaggable | None:
    """Return a thing as it is now, None if it is gone or was never there."""
    return _THINGS[kind](subject_id) if 0 < subject_id <= LARGEST_ID else None


def _post(post_id: int) -> Flaggable | None:
    row = Post.objects.select_related("thread", "author").filter(pk=post_id).first()
    if row is None or row.withdrawn_at is not None:
        return None
    names = {"number": row.number, "name": row.author.screen_name, "title": row.thread.title}
    return Flaggable(
        kind=HiddenKind.POST,
        id=row.pk,
        whose_id=row.author_id,
        title=_title_of_post(row) % names,
        text=row.text,
        address=f"/talk/threads/{row.thread_id}/?post={row.number}#post-{row.number}",
        said=_hash(row.text),
        between_two=row.thread.subject_kind == SubjectKind.CONVERSATION,
    )


def _title_of_post(row: Post) -> str:
    if row.thread.title:
        return _("Post %(number)s by %(name)s in “%(title)s”")
    return {
        SubjectKind.CONVERSATION: _("Message %(number)s by %(name)s in a conversation"),
        SubjectKind.FACILITATED: _("Post %(number)s by %(name)s in a facilitated discussion"),
    }.get(SubjectKind(row.thread.subject_kind), _("Post %(number)s by %(name)s in the thread of a project"))


def _project(project_id: int) -> Flaggable | None:
    row = _published().filter(pk=project_id).first()
    if row is None:
        return None
    revision = published_revision(row)
    instructions = str(revision.design.get("instructions", ""))
    return Flaggable(
        kind=HiddenKind.PROJECT,
        id=row.pk,
        whose_id=row.owner_id,
        title=_("The project “%(title)s”") % {"title": row.title},
        text=_cut(*(part for part in (row.description, instructions) if part)),
        address=f"/projects/{row.pk}/",
        said=_hash(row.title, row.description, str(revision.number)),
    )


def _task(task_id: int) -> Flaggable | None:
    return _of_task(task_id, HiddenKind.TASK)


def _picture(task_id: int) -> Flaggable | None:
    """The pictures of a task: the addresses that its row or its design shows as images."""
    found = _of_task(task_id, HiddenKind.PICTURE)
    return found if found is not None and found.text else None


def _of_task(task_id: int, kind: HiddenKind) -> Flaggable | None:
    row = Task.objects.select_related("project", "revision").filter(pk=task_id).first()
    if row is None or not _published().filter(pk=row.project_id).exists():
        return None
    names = {"number": row.position, "title": row.project.title}
    pictures = _pictures(row)
    is_task = kind == HiddenKind.TASK
    lines = [f"{name}: {value}" for name, value in row.shown.items()] if is_task else pictures
    return Flaggable(
        kind=kind,
        id=row.pk,
        whose_id=row.project.owner_id,
        title=_("Task %(number)s of “%(title)s”") % names
        if is_task
        else _("The pictures in task %(number)s of “%(title)s”") % names,
        text=_cut(*lines),
        address=f"/projects/{row.project_id}/",
        said=_hash(str(row.revision_id), str(sorted(row.shown.items()))),
    )


def _pictures(task: Task) -> list[str]:
    return [
        address
        for item in task.revision.design.get("items", ())
        if isinstance(item, dict) and item.get("type") == "image"
        if (address := fill(str(item.get("source", "")), task.shown))
    ]


def _screen_name(party_id: int) -> Flaggable | None:
    row = Party.objects.filter(pk=party_id, kind=Kind.PERSON, closed_at__isnull=True).first()
    if row is None:
        return None
    name = row.hidden_name or row.screen_name
    return Flaggable(
        kind=HiddenKind.SCREEN_NAME,
        id=row.pk,
        whose_id=row.pk,
        title=_("A screen name"),
        text=name,
        address="",
        said=_hash(name.lower()),
    )


def _published() -> Any:
    return Project.objects.filter(published_at__isnull=False)


def _sees_post(post_id: int, by: Person, at: datetime) -> bool:
    try:
        post_to_read(post_id, by=by, at=at)
    except Refusal:
        return False
    return True


def _sees_project(project_id: int, by: Person, at: datetime) -> bool:
    _no_duty(Project.objects.get(pk=project_id))
    return True


def _sees_task(task_id: int, by: Person, at: datetime) -> bool:
    """Tell whether a task was ever given to `by`: nobody flags what they have not seen."""
    task = Task.objects.select_related("project").get(pk=task_id)
    if not Assignment.objects.filter(task=task, worker=by).exists():
        return False
    _no_duty(task.project)
    return True


def _no_duty(project: Project) -> None:
    if project.fund:
        raise DutyNotFlagged(
            gettext_lazy(
                "Reviews and juries are duties of a guild or of this site, and cannot be flagged. Write to "
                "the operators of this site."
            )
        )


def _cut(*lines: str) -> str:
    return "\n".join(lines)[:LONGEST_SHOWN]


def _hash(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()


_THINGS: Mapping[HiddenKind, Callable[[int], Flaggable | None]] = {
    HiddenKind.POST: _post,
    HiddenKind.TASK: _task,
    HiddenKind.PROJECT: _project,
    HiddenKind.SCREEN_NAME: _screen_name,
    HiddenKind.PICTURE: _picture,
}
_SEES: Mapping[HiddenKind, Callable[[int, Person, datetime], bool]] = {
    HiddenKind.POST: _sees_post,
    HiddenKind.TASK: _sees_task,
    HiddenKind.PROJECT: _sees_project,
    HiddenKind.SCREEN_NAME: lambda _party_id, _by, _at: True,
    HiddenKind.PICTURE: _sees_task,
}
