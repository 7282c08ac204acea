"""Writing, changing, taking back, following and finding what is said."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.builders import NOON, a_person
from tests.discussion.places import a_place, many_posts
from tests.people.at_once import at_once

from canut.discussion.access import PostNotFound, PostOfAnother, ThreadNotFound
from canut.discussion.hiding.states import HiddenKind
from canut.discussion.hiding.usecases.hide import hide
from canut.discussion.limits import LONGEST_TEXT, LONGEST_TITLE, MOST_EDITS, POSTS_AN_HOUR, THREADS_A_DAY
from canut.discussion.models import EarlierWords, Mention, Post, Reader, SubjectKind, Thread
from canut.discussion.queries import (
    followed,
    post_seen,
    thread_card,
    thread_seen,
    threads_page,
    wordings,
)
from canut.discussion.queries_news import count_news, news_for, people_with_news
from canut.discussion.queries_search import search_posts
from canut.discussion.usecases.close_thread import ThreadOfAnother, close_thread
from canut.discussion.usecases.edit_post import PostIsWithdrawn, TooManyEdits, edit_post, withdraw_post
from canut.discussion.usecases.follow_thread import follow_thread, note_reading
from canut.discussion.usecases.write_post import (
    ThreadIsClosed,
    TooManyPosts,
    start_thread,
    write_post,
)
from canut.kernel.models import Event
from canut.kernel.refusals import BadInput, NotAllowed

LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def ada(db):
    return a_person("ada", screen_name="Ada Lovelace")


@pytest.fixture
def jean(db):
    return a_person("jean")


def a_thread(person, title="Fair rates", text="What is fair?", at=NOON):
    return start_thread(place=a_place(person), title=title, text=text, at=at).thread


def test_who_read_before_writing_follows_too_until_they_stop(ada, jean):
    thread = a_thread(ada)
    note_reading(place=a_place(jean, thread), number=1)
    write_post(place=a_place(jean, thread), text="By the hour.", at=LATER)
    write_post(place=a_place(ada, thread), text="Which hour?", at=LATER)
    assert [(one.count, one.last_number) for one in news_for(jean.pk, at=LATER)] == [(1, 3)]
    follow_thread(place=a_place(jean, thread), follows=False)
    write_post(place=a_place(jean, thread), text="All of them.", at=LATER)
    assert followed(jean.pk, at=LATER) == []


def test_a_thread_goes_on_and_what_is_new_is_told(ada, jean):
    thread = a_thread(ada)
    answer = write_post(place=a_place(jean, thread), text="  See *below*. ", quotes=1, at=LATER)
    assert (answer.number, answer.text) == (2, "See *below*.")
    seen = thread_seen(a_place(ada, thread), at=LATER)
    assert [post.number for post in seen.posts] == [1, 2]
    assert [post.is_new for post in seen.posts] == [False, True]
    assert seen.posts[1].quotes.words == "What is fair?"
    assert seen.posts[1].author.screen_name == "Jean"
    assert "<em>below</em>" in seen.posts[1].html
    assert (seen.first_new, seen.follows, count_news(ada.pk, at=LATER)) == (2, True, 1)
    (news,) = news_for(ada.pk, at=LATER)
    assert (news.title, news.count, news.last_number) == ("Fair rates", 1, 2)
    assert people_with_news() == [ada.pk]  # not who wrote it
    (card,) = followed(ada.pk, at=LATER)
    assert (card.title, card.new, card.started_by.screen_name) == ("Fair rates", 1, "Ada Lovelace")
    note_reading(place=a_place(ada, thread), number=999)
    note_reading(place=a_place(ada, thread), number=1)
    assert (count_news(ada.pk, at=LATER), news_for(ada.pk, at=LATER)) == (0, [])
    follow_thread(place=a_place(ada, thread), follows=False)
    assert followed(ada.pk, at=LATER) == []
    follow_thread(place=a_place(ada, thread), follows=True)
    assert news_for(ada.pk, at=LATER) == []  # what was there before one followed is not told
    assert [one.name for one in Event.objects.filter(subject_kind__in=("thread", "post")).order_by("pk")] == [
        "thread.started",
        "post.written",
        "post.written",
    ]


def test_what_has_no_shape_is_refused_and_nothing_is_kept(ada):
    place = a_place(ada)
    for title, text, where in (
        ("", "x", {"title"}),
        ("x" * (LONGEST_TITLE + 1), "", {"title", "text"}),
        ("x", " \0\n", {"text"}),
        ("\u3164", "\u200b\u2060", {"title", "text"}),
        ("x", "---", {"text"}),  # a line, and no words
        ("x", "[a]: https://a.example", {"text"}),  # where a link leads, and no link
        ("x", "&#8203;**&nbsp;**", {"text"}),
        ("x", "x" * (LONGEST_TEXT + 1), {"text"}),
    ):
        with pytest.raises(BadInput) as refused:
            start_thread(place=place, title=title, text=text, at=NOON)
        assert set(refused.value.facts["errors"]) == where
    with pytest.raises(ThreadNotFound):  # a forum as a whole is no thread
        write_post(place=place, text="Where?", at=NOON)
    thread = a_thread(ada)
    for number in (0, 2, 2**31, -1):
        with pytest.raises(PostNotFound):
            write_post(place=a_place(ada, thread), text="This:", quotes=number, at=NOON)
    elsewhere = a_thread(ada, title="Elsewhere")
    write_post(place=a_place(ada, elsewhere), text="Two", at=NOON)
    with pytest.raises(PostNotFound):  # it is in another thread
        write_post(place=a_place(ada, thread), text="This:", quotes=2, at=NOON)
    assert Post.objects.count() == 3


def test_who_may_not_write_is_told_why_and_may_still_take_back(ada):
    thread = a_thread(ada)
    barred = a_place(ada, thread, why_not=NotAllowed("Not here."))
    for do in (
        lambda: write_post(place=barred, text="Hello", at=LATER),
        lambda: edit_post(place=barred, number=1, text="Hello", at=LATER),
        lambda: start_thread(place=replace(barred, thread_id=None), title="x", text="y", at=LATER),
    ):
        with pytest.raises(NotAllowed, match="Not here"):
            do()
    withdraw_post(place=barred, number=1, at=LATER)
    assert Post.objects.get().text == ""


def test_sending_twice_writes_once(ada, jean):
    thread = a_thread(ada)
    assert a_thread(ada, at=LATER - timedelta(minutes=6)) == thread
    first = write_post(place=a_place(ada, thread), text="Again", at=NOON)
    assert write_post(place=a_place(ada, thread), text=" Again\n", at=NOON + timedelta(minutes=4)) == first
    write_post(place=a_place(jean, thread), text="Again", at=NOON)
    assert write_post(place=a_place(ada, thread), text="Again", at=NOON) != first
    assert write_post(place=a_place(ada, thread), text="Again", at=NOON + timedelta(hours=1)).number == 5


def test_floods_stop(ada):
    thread = a_thread(ada)
    for number in range(POSTS_AN_HOUR - 1):
        write_post(place=a_place(ada, thread), text=f"More {number}", at=NOON)
    with pytest.raises(TooManyPosts):
        write_post(place=a_place(ada, thread), text="One more", at=NOON + timedelta(minutes=59))
    write_post(place=a_place(ada, thread), text="One more", at=NOON + timedelta(minutes=61))
    for number in range(1, THREADS_A_DAY):
        a_thread(ada, title=f"Thread {number}", at=NOON + timedelta(hours=2))
    with pytest.raises(TooManyPosts):
        a_thread(ada, title="Another", at=NOON + timedelta(hours=23))
    a_thread(ada, title="Another", at=NOON + timedelta(hours=25))


def test_what_is_hidden_or_taken_back_is_not_to_be_read_from_that_moment(ada, jean):
    thread = a_thread(ada)
    place = a_place(ada, thread)
    for text in ("Gone soon", "Hidden soon", "Stays"):
        write_post(place=a_place(jean, thread), text=text, at=NOON)

    def unread(at=LATER):
        (card,) = followed(ada.pk, at=at)
        news = news_for(ada.pk, at=at)
        seen = thread_seen(place, at=at)
        new = [post.number for post in seen.posts if post.is_new]
        assert card.new == thread_card(place, at=at).new == len(new)
        assert sum(one.count for one in news) == len(new)
        assert count_news(ada.pk, at=at) == bool(new)
        assert seen.first_new == (new[0] if new else None)
        return new

    assert unread() == [2, 3, 4]
    withdraw_post(place=a_place(jean, thread), number=2, at=NOON)
    assert unread() == [3, 4]
    hide(kind=HiddenKind.POST, subject_id=Post.objects.get(number=3).pk, until=LATER, at=NOON)
    assert unread(NOON) == [4]
    withdraw_post(place=a_place(jean, thread), number=4, at=NOON)
    assert unread(NOON) == []
    assert unread() == [3]  # it is shown again
    note_reading(place=place, number=4)
    assert unread() == []


def test_other_words_leave_the_earlier_ones_to_be_read(ada, jean):
    thread = a_thread(ada)
    place = a_place(ada, thread)
    edit_post(place=place, number=1, text="What is *just*?", at=LATER)
    assert edit_post(place=place, number=1, text="What is *just*?", at=LATER).edited_at == LATER
    assert [(one.text, one.until) for one in wordings(a_place(jean, thread), 1, at=LATER)] == [
        ("What is *just*?", None),
        ("What is fair?", LATER),
    ]
    with pytest.raises(PostOfAnother):
        edit_post(place=a_place(jean, thread), number=1, text="Mine now", at=LATER)
    with pytest.raises(PostOfAnother):
        withdraw_post(place=a_place(jean, thread), number=1, at=LATER)
    for number in range(MOST_EDITS - 1):
        edit_post(place=place, number=1, text=f"Version {number}", at=LATER)
    with pytest.raises(TooManyEdits):
        edit_post(place=place, number=1, text="Once more", at=LATER)
    for _click in range(2):
        withdraw_post(place=place, number=1, at=LATER)
    assert set(EarlierWords.objects.values_list("text", flat=True)) == {""}
    seen = post_seen(a_place(jean, thread), 1, at=LATER)
    assert (seen.is_withdrawn, seen.text, str(seen.html)) == (True, "", "")
    assert wordings(place, 1, at=LATER) == ()
    with pytest.raises(PostIsWithdrawn):
        edit_post(place=place, number=1, text="I said", at=LATER)
    assert search_posts(place, "just", at=LATER).found == []


def test_somebody_is_called_once_however_often_a_post_is_changed(ada, jean):
    thread = a_thread(ada, text="@Jean, @jean and @Ada Lovelace: what is fair? @nobody knows")
    edit_post(place=a_place(ada, thread), number=1, text="@jean!", at=LATER)
    assert [one.person_id for one in Mention.objects.all()] == [jean.pk]
    assert 'class="mention"' in thread_seen(a_place(jean, thread), at=LATER).posts[0].html


def test_a_thread_is_ended_and_opened_again_by_who_may(ada, jean):
    thread = a_thread(ada)
    place = a_place(ada, thread, may_close=True)
    with pytest.raises(ThreadOfAnother):
        close_thread(place=a_place(jean, thread), closed=True, at=LATER)
    for _click in range(2):
        assert close_thread(place=place, closed=True, at=LATER).closed_at == LATER
    with pytest.raises(ThreadIsClosed):
        write_post(place=a_place(jean, thread), text="But", at=LATER)
    close_thread(place=place, closed=False, at=LATER)
    assert write_post(place=a_place(jean, thread), text="But", at=LATER).number == 2


def test_a_thread_of_a_thousand_posts_is_read_page_by_page(ada, jean, django_assert_max_num_queries):
    thread = a_thread(ada)
    many_posts(thread, jean, 1029)
    place = a_place(ada, thread)
    with django_assert_max_num_queries(9):
        seen = thread_seen(place, at=NOON)
    assert (seen.page, seen.pages, seen.count, seen.first_new) == (1, 21, 1030, 2)
    assert [post.number for post in seen.posts] == list(range(1, 51))
    last = thread_seen(place, at=NOON, page=999)
    assert (last.page, [post.number for post in last.posts]) == (21, list(range(1001, 1031)))
    assert thread_seen(place, at=NOON, post=512).page == 11
    assert thread_seen(place, at=NOON, page=0, post=2**40).page in (1, 21)
    note_reading(place=place, number=1030)
    assert thread_seen(place, at=NOON).page == 21
    found = search_posts(place, "line 777", at=NOON)
    assert [one.number for one in found.found] == [778]


def test_threads_are_listed_latest_first(ada):
    titles = [a_thread(ada, title=f"Thread {n}", at=NOON + timedelta(days=n)).title for n in range(5)]
    page = threads_page(a_place(ada), at=LATER, most=2)
    assert ([one.title for one in page.threads], page.pages) == (titles[:2:-1], 3)
    assert [one.title for one in threads_page(a_place(ada), at=LATER, page=3, most=2).threads] == titles[:1]


def test_words_are_found_in_all_their_forms_in_both_languages(ada, jean):
    thread = a_thread(ada, text="The rewards of transcribing were raised")
    write_post(
        place=a_place(jean, thread), text="Les tarifs des transcriptions sont élevés & justes", at=NOON
    )
    write_post(place=a_place(ada, thread), text="Something else", at=NOON)

    def numbers(words):
        return [one.number for one in search_posts(a_place(ada, thread), words, at=NOON).found]

    assert numbers("reward") == numbers("RAISING transcribe") == [1]
    assert numbers("tarif") == numbers('"sont élevés"') == numbers("transcription") == [2]
    assert numbers("reward -raise") == numbers("nothing") == numbers("  ") == numbers("\0'\"\\:*&|!()<") == []
    (found,) = search_posts(a_place(ada, thread), "tarif", at=NOON).found
    assert "<mark>tarifs</mark>" in found.html
    assert "&amp; justes" in found.html
    elsewhere = replace(a_place(ada), subject_id=8)
    assert search_posts(elsewhere, "reward", at=NOON).found == []
    assert len(search_posts(a_place(ada), "reward", at=NOON).found) == 1


def test_two_posts_at_once_in_two_threads_count_for_each_other(committed):
    person = a_person()
    threads = [a_thread(person, title=f"Thread {number}") for number in (1, 2)]
    many_posts(threads[0], person, POSTS_AN_HOUR - 3)  # with the two first posts, one is left

    def write(thread):
        try:
            return write_post(place=a_place(person, thread), text="The last", at=NOON).number
        except TooManyPosts:
            return None

    assert at_once(write, *threads).count(None) == 1
    assert Post.objects.count() == POSTS_AN_HOUR


def test_a_thousand_calls_are_ten_people_and_one_look(ada, django_assert_max_num_queries):
    people = [a_person(f"person{number}") for number in range(12)]
    names = " ".join(f"@{one.screen_name}" for one in people)
    with django_assert_max_num_queries(24):
        post = a_thread(ada, text=(names + "@ada " * 2500)[:LONGEST_TEXT]).all_posts.get()
    assert Mention.objects.filter(post=post).count() == 10
    with django_assert_max_num_queries(8):
        html = post_seen(a_place(people[11], post), 1, at=NOON).html
    assert html.count('class="mention"') == 10


def test_two_who_begin_at_once_begin_one_thread(committed):
    people = [a_person(), a_person()]
    about = {"subject_kind": SubjectKind.PROJECT}

    def write(person):
        return write_post(place=a_place(person, **about), text=f"By {person.pk}", at=NOON).number

    assert sorted(at_once(write, *people)) == [1, 2]
    assert Thread.objects.get().posts == 2
    assert Reader.objects.filter(follows=True).count() == 2
