"""Telling of talk: somebody is called by name; once a day, what is new where one follows. For jobs."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.discussion.hiding.queries import is_hidden
from canut.discussion.hiding.states import HiddenKind
from canut.discussion.markdown import excerpt
from canut.discussion.models import Mention, Post, Reader, SubjectKind
from canut.discussion.queries_news import News, news_for, people_with_news
from canut.discussion.usecases.note_telling import note_mention, note_telling
from canut.forums.access import name_to_reader
from canut.kernel.later import later
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import address, as_read_by
from canut.people.queries import who_are

MOST_IN_A_MAIL = 30


@transaction.atomic
def tell_of_mention(*, mention_id: int, at: datetime) -> bool:
    """Tell somebody that a post calls them by name, if they may read it; return whether they were told."""
    mention = Mention.objects.select_for_update(of=("self",)).filter(pk=mention_id).first()
    if mention is None or mention.looked_at is not None:
        return False
    note_mention(mention, at=at)
    post, person = mention.post, mention.person
    kind = SubjectKind(post.thread.subject_kind)
    with as_read_by(person):
        name = name_to_reader(kind, post.thread.subject_id, person=person, at=at)
        if name is None or post.withdrawn_at is not None or is_hidden(HiddenKind.POST, post.pk, at):
            return False
        who = who_are([post.author_id])[post.author_id].screen_name
        told = tell(
            person,
            NoticeKind.MENTION,
            _("%(who)s calls you by name") % {"who": who},
            _("In %(where)s:") % {"where": _where(name, post.thread.title)},
            excerpt(post.text, most=500),
            path=post.path,
            at=at,
            key=f"mention:{mention_id}",
        )
    return told is not None


@transaction.atomic
def tell_of_message(*, post_id: int, at: datetime) -> bool:
    """Tell somebody that a message waits for them; return whether they were told. A job.

    Once, until they have read on: what comes meanwhile is told with it. Who has muted the conversation, or
    has read the message already, is told nothing.
    """
    post = Post.objects.select_related("thread").get(pk=post_id)
    thread = post.thread
    readers = Reader.objects.filter(thread=thread, follows=True, read_to__lt=post.number)
    reader = readers.exclude(person_id=post.author_id).select_related("person__party").first()
    if reader is None or post.withdrawn_at is not None or is_hidden(HiddenKind.POST, post.pk, at):
        return False
    kind = SubjectKind(thread.subject_kind)
    with as_read_by(reader.person):
        name = name_to_reader(kind, thread.subject_id, person=reader.person, at=at)
        if name is None:
            return False
        told = tell(
            reader.person,
            NoticeKind.MESSAGE,
            _("A message from %(where)s") % {"where": name},
            excerpt(post.text, most=500),
            path=post.path,
            at=at,
            key=f"message:{thread.pk}:{reader.read_to}",
        )
    return told is not None


def tell_of_news(*, at: datetime) -> int:
    """Have everybody told who follows a thread with something new; return how many that are."""
    people = people_with_news()
    for person_id in people:
        later("forums.send_digest", person_id=person_id)
    return len(people)


@transaction.atomic
def send_digest(*, person_id: int, at: datetime) -> bool:
    """Tell somebody in one notice what is new where they follow; return whether there was something.

    What they may not read any more is passed over. Nothing is told twice.
    """
    person = Person.objects.select_related("party").filter(pk=person_id, is_active=True).first()
    news = [] if person is None else news_for(person_id, at=at)[:MOST_IN_A_MAIL]
    if person is None or not news:
        return False
    note_telling(person_id=person_id, news=news)
    with as_read_by(person):
        named = [
            (one, name)
            for one in news
            if (name := name_to_reader(one.subject_kind, one.subject_id, person=person, at=at)) is not None
        ]
        if not named:
            return False
        count = sum(one.count for one, _name in named)
        subject = ngettext("%(count)s new post to read", "%(count)s new posts to read", count)
        lines = [_line(one, name) for one, name in named]
        told = tell(
            person,
            NoticeKind.DIGEST,
            subject % {"count": count},
            *lines,
            path="/talk/",
            at=at,
            key=f"digest:{news[0].thread_id}:{news[0].last_number}",  # told up to there once
        )
    return told is not None


def _line(one: News, name: str) -> str:
    said = ngettext("%(count)s new post in %(where)s", "%(count)s new posts in %(where)s", one.count)
    facts = {"count": one.count, "where": _where(name, one.title)}
    return f"{said % facts}\n{address(f'/talk/threads/{one.thread_id}/')}"


def _where(name: str, title: str) -> str:
    return f"{name}: {title}" if title else name
