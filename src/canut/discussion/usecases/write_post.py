"""Somebody writes in a thread, and begins it if nobody has."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from canut.discussion.access import own_word, post_at, thread_at
from canut.discussion.limits import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_MENTIONS,
    POSTS_AN_HOUR,
    THREADS_A_DAY,
)
from canut.discussion.markdown import words_of
from canut.discussion.models import FORUMS, Mention, Post, Reader, Thread
from canut.discussion.place import Place
from canut.discussion.rules import calls_in, names_to_look_up, shows_something, tidy
from canut.kernel.events import record
from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Party
from canut.people.queries import people_named

SENT_AGAIN = timedelta(minutes=5)
"""The same words by the same person within this time, with nothing between, were sent twice by mistake."""


class TooManyPosts(Refusal):
    code = "too_many_posts"
    status = 429


class ThreadIsClosed(Refusal):
    code = "thread_is_closed"


class WrittenAlready(Refusal):
    code = "written_already"


class NothingIsAnswered(Refusal):
    code = "nothing_is_answered"


@transaction.atomic
def start_thread(*, place: Place, title: str, text: str, at: datetime) -> Post:
    """Begin a thread in a forum with its first post, and follow it.

    Raises:
        BadInput: the title or the text is missing or too long. TooManyPosts: enough for a day.
        Else why the place's person may not write there.
    """
    title = " ".join(tidy(title).split())
    errors: dict[str, object] = {}
    if not shows_something(title):
        errors["title"] = _("Say in a few words what it is about.")
    elif len(title) > LONGEST_TITLE:
        errors["title"] = _("At most %(most)s characters.") % {"most": LONGEST_TITLE}
    text = text_to_keep(text, errors)
    _one_at_a_time(place)
    mine = Thread.objects.filter(
        started_by_id=place.person.pk, subject_kind=place.subject_kind, subject_id=place.subject_id
    )
    again = mine.filter(title=title, started_at__gt=at - SENT_AGAIN, posts=1).first()
    first = again and Post.objects.filter(thread=again, number=1, text=text).first()
    if first:
        return first
    place.require_writing()
    began = Thread.objects.filter(started_by_id=place.person.pk, started_at__gt=at - timedelta(days=1))
    if began.filter(subject_kind__in=FORUMS).count() >= THREADS_A_DAY:
        raise TooManyPosts(
            _("You have begun %(most)s threads within a day. Go on in one of them, or come back tomorrow.")
            % {"most": THREADS_A_DAY}
        )
    _require_slower(place, at=at)
    thread = Thread.objects.create(
        subject_kind=place.subject_kind,
        subject_id=place.subject_id,
        title=title,
        started_by_id=place.person.pk,
        started_at=at,
    )
    record(place.person, "thread.started", thread, at=at)
    return _add(thread, place, text, quotes=None, cites_id=None, at=at)


@transaction.atomic
def write_post(
    *,
    place: Place,
    text: str,
    at: datetime,
    quotes: int | None = None,
    cites_id: int | None = None,
    anew: bool = False,
) -> Post:
    """Write in a thread, and follow it from now on. Sending the same words twice writes them once.

    With `anew` they are written again, for whoever calls knows that they are about something else. `quotes`
    is the number of a post in the same thread; `cites_id` what within the subject it speaks of.

    Raises:
        BadInput: the text is missing or too long. PostNotFound: there is none to quote.
        ThreadIsClosed: it was ended. TooManyPosts: enough for an hour. ThreadNotFound: a forum is no thread.
        WrittenAlready, NothingIsAnswered: everybody writes once there, or for themselves, at this time.
        Else why the place's person may not write there.
    """
    text = text_to_keep(text, {})
    place.require_writing()
    _one_at_a_time(place)
    thread = _thread_to_write_in(place, at=at)
    last = Post.objects.filter(thread=thread).order_by("-number").first()
    quoted = None if quotes is None else post_at(_within(place, thread), quotes)
    if not anew and last is not None and _is_sent_again(last, place, text, quoted, cites_id, at=at):
        return last
    if thread.closed_at is not None:
        raise ThreadIsClosed(_("This thread was closed. Nothing can be added to it any more."))
    _require_manner(_within(place, thread), quoted)
    _require_slower(place, at=at)
    return _add(thread, place, text, quotes=quoted, cites_id=cites_id, at=at)


def text_to_keep(text: str, errors: dict[str, object]) -> str:
    """Return a text as it is kept.

    Raises:
        BadInput: nothing of it can be seen, or it is too long, or there were `errors` already.
    """
    kept = tidy(text)
    if len(kept) > LONGEST_TEXT:
        errors["text"] = _("This has %(length)s characters; at most %(most)s can be sent at once.") % {
            "length": len(kept),
            "most": LONGEST_TEXT,
        }
    elif not shows_something(words_of(kept)):
        errors["text"] = _("Write something first.")
    if errors:
        raise BadInput(_("Nothing was sent. See what to mend."), errors=errors)
    return kept


def call_by_name(post: Post) -> None:
    """Keep whom a post calls by name: people with an account, not its author, each once and for good."""
    known = people_named(names_to_look_up(post.text, most=MOST_MENTIONS))
    called = {known[call.name].id for call in calls_in(post.text, known=known, most=MOST_MENTIONS)}
    there = set(Mention.objects.filter(post=post).values_list("person_id", flat=True))
    Mention.objects.bulk_create(
        Mention(post=post, person_id=one) for one in sorted(called - there - {post.author_id})
    )


def _require_manner(place: Place, quoted: Post | None) -> None:
    manner = place.manner
    if manner.only_changes is not None:
        raise manner.only_changes
    if quoted is not None and not manner.answers:
        raise NothingIsAnswered(
            _("Here everybody speaks for themselves, and nobody is answered yet. Write without a quote.")
        )
    if manner.once and own_word(place, fixed_to=manner.fixed_to) is not None:
        raise WrittenAlready(
            _("Everybody writes here once. You have: put what you wrote in other words instead.")
        )


def _thread_to_write_in(place: Place, *, at: datetime) -> Thread:
    if place.thread_id is None and place.subject_kind not in FORUMS:
        # Two who begin at once begin one thread: the database has room for no second.
        Thread.objects.get_or_create(
            subject_kind=place.subject_kind,
            subject_id=place.subject_id,
            defaults={"started_by_id": place.person.pk, "started_at": at},
        )
        return Thread.objects.select_for_update(no_key=True).get(
            subject_kind=place.subject_kind, subject_id=place.subject_id
        )
    return thread_at(place, lock=True)


def _within(place: Place, thread: Thread) -> Place:
    return Place(
        person=place.person,
        subject_kind=place.subject_kind,
        subject_id=place.subject_id,
        thread_id=thread.pk,
        name=place.name,
        manner=place.manner,
    )


def _is_sent_again(
    last: Post, place: Place, text: str, quoted: Post | None, cites_id: int | None, *, at: datetime
) -> bool:
    same = (place.person.pk, text, None if quoted is None else quoted.pk, cites_id)
    is_same = (last.author_id, last.text, last.quotes_id, last.cites_id) == same
    return is_same and at - last.posted_at < SENT_AGAIN


def _one_at_a_time(place: Place) -> None:
    """Let the place's person write one post after the other, so that each counts for the next."""
    Party.objects.select_for_update(no_key=True).get(pk=place.person.pk)


def _require_slower(place: Place, *, at: datetime) -> None:
    """Raise TooManyPosts if the place's person has written as much as anybody may within an hour."""
    written = Post.objects.filter(author_id=place.person.pk, posted_at__gt=at - timedelta(hours=1))
    if written.count() >= POSTS_AN_HOUR:
        raise TooManyPosts(
            _("You have written %(most)s posts within an hour. Wait a little; your text is still here.")
            % {"most": POSTS_AN_HOUR}
        )


def _add(
    thread: Thread, place: Place, text: str, *, quotes: Post | None, cites_id: int | None, at: datetime
) -> Post:
    Thread.objects.filter(pk=thread.pk).update(posts=F("posts") + 1, last_post_at=at)
    thread.refresh_from_db(fields=["posts", "last_post_at"])
    post = Post.objects.create(
        thread=thread,
        number=thread.posts,
        author_id=place.person.pk,
        text=text,
        quotes=quotes,
        cites_id=cites_id,
        posted_at=at,
    )
    call_by_name(post)
    before = {"follows": True, "read_to": post.number - 1, "told_to": post.number - 1}
    reader, _made = Reader.objects.get_or_create(thread=thread, person=place.person, defaults=before)
    if not reader.follows and reader.told_to == 0:  # they had only read it; who stops following has it set
        reader.follows, reader.told_to = True, post.number - 1
        reader.save(update_fields=["follows", "told_to"])
    # One's own post is no news: who had read, or been told of, all before it has all.
    mine = Reader.objects.filter(thread=thread, person=place.person)
    mine.filter(read_to=post.number - 1).update(read_to=post.number)
    mine.filter(told_to=post.number - 1).update(told_to=post.number)
    record(place.person, "post.written", post, at=at, thread_id=thread.pk, number=post.number)
    return post
