"""A project's thread with a post in it, members who flag, and operators who look."""

from pathlib import Path

from tests.builders import NOON, a_project, a_requester, a_submission, a_worker
from tests.membership.members import a_member_of, admitted

from canut.discussion.models import Post, SubjectKind
from canut.forums.access import place_about, place_of_thread
from canut.forums.usecases.write_in_thread import put_otherwise, write_in_thread
from canut.justice.flags.models import Flag, Matter
from canut.justice.flags.usecases.flag_thing import flag_thing
from canut.people.models import Person
from canut.people.usecases.appoint_operator import appoint_operator

SPAM = sorted((Path(__file__).parents[1] / "spam").glob("*.txt"))
ADVERT = SPAM[0].read_text()


def a_member(name: str | None = None) -> Person:
    return a_member_of("workers", name=name)


def members(how_many: int) -> list[Person]:
    return [a_member() for _each in range(how_many)]


def a_post(text: str = ADVERT, *, author: Person | None = None) -> Post:
    """Return a post in the thread of a project about work, by a worker who could take part in it."""
    project = a_project(owner=a_requester(), title="An article on work: what do its readers say?")
    place = place_about(SubjectKind.PROJECT, project.pk, by=author or a_worker(), at=NOON)
    return write_in_thread(place=place, text=text, at=NOON)


def flagged(by: Person, subject, kind: str | None = None, *, at=NOON, **given) -> Flag:
    """Let somebody flag a post, project, task or person."""
    kind = (
        kind
        or {"post": "post", "project": "project", "task": "task", "person": "screen_name"}[
            subject._meta.model_name
        ]
    )
    return flag_thing(kind=kind, subject_id=subject.pk, by=by, at=at, **{"ground": "spam", **given})


def matter_of(subject) -> Matter:
    return Matter.objects.get(subject_id=subject.pk)


def an_operator(name: str | None = None) -> Person:
    person = appoint_operator(person_id=a_worker(name).pk, by=None, at=NOON)
    admitted(person)
    return person


def tied(worker: Person, owner: Person, *, at=NOON) -> None:
    """Let one have handed in work for a project of the other."""
    Person.objects.filter(pk=owner.pk).update(is_requester=True)
    owner.refresh_from_db()
    project = a_project(owner=owner, kind="volunteer", at=at)
    a_submission(worker=worker, project=project, at=at)


def changed(post: Post, text: str, *, at=NOON) -> Post:
    """Let the author of a post put it in other words."""
    author = Person.objects.get(pk=post.author_id)
    return put_otherwise(
        place=place_of_thread(post.thread_id, by=author, at=at), number=post.number, text=text, at=at
    )
