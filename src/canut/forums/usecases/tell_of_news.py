"""Mails about talk: somebody is called by name; once a day, what is new where one follows. For jobs."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.discussion.hiding.queries import is_hidden
from canut.discussion.hiding.states import HiddenKind
from canut.discussion.mail_token import mail_token
from canut.discussion.markdown import excerpt
from canut.discussion.models import Mention, SubjectKind
from canut.discussion.queries_news import News, news_for, people_with_news
from canut.discussion.states import MailKind
from canut.discussion.usecases.choose_mails import mails_wanted
from canut.discussion.usecases.note_telling import note_mention, note_telling
from canut.forums.access import name_to_reader
from canut.kernel.later import later
from canut.people.models import Person
from canut.people.queries import who_are
from canut.work.usecases.mails import address, as_read_by, notice_to

MOST_IN_A_MAIL = 30


@transaction.atomic
def tell_of_mention(*, mention_id: int, at: datetime) -> bool:
    """Tell somebody that a post calls them by name, if they may read it; return whether a mail goes out."""
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
        return _notice(
            person,
            MailKind.MENTIONS,
            _("%(who)s calls you by name") % {"who": who},
            _("In %(where)s:") % {"where": _where(name, post.thread.title)},
            excerpt(post.text, most=500),
            address(f"/talk/threads/{post.thread_id}/?post={post.number}#post-{post.number}"),
        )


def tell_of_news(*, at: datetime) -> int:
    """Have everybody told who follows a thread with something new; return how many that are."""
    people = people_with_news()
    for person_id in people:
        later("forums.send_digest", person_id=person_id)
    return len(people)


@transaction.atomic
def send_digest(*, person_id: int, at: datetime) -> bool:
    """Tell somebody in one mail what is new where they follow; return whether it goes out.

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
        return _notice(person, MailKind.DIGEST, subject % {"count": count}, *lines)


def _line(one: News, name: str) -> str:
    said = ngettext("%(count)s new post in %(where)s", "%(count)s new posts in %(where)s", one.count)
    facts = {"count": one.count, "where": _where(name, one.title)}
    return f"{said % facts}\n{address(f'/talk/threads/{one.thread_id}/')}"


def _where(name: str, title: str) -> str:
    return f"{name}: {title}" if title else name


def _notice(person: Person, kind: MailKind, subject: str, *paragraphs: str) -> bool:
    if person.simulated or not person.is_active or kind not in mails_wanted(person.pk):
        return False
    stop = address(f"/talk/mails/{mail_token(person.pk, kind)}/")
    notice_to(person, subject, *paragraphs, stop=stop)
    return True
