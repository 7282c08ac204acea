"""Looking for posts by their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import F
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from canut.discussion.hiding.queries import hidden_among
from canut.discussion.hiding.states import HiddenKind
from canut.discussion.limits import A_PAGE
from canut.discussion.models import Post
from canut.discussion.place import Place
from canut.people.queries import WhoIs, who_are

MOST_FOUND_PAGES = 20
MARK = ("\x02", "\x03")
"""What stands around a word that was found, until the rest is made safe: no kept text holds them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A post that a search found; `html` is a piece of it with the words marked."""

    thread_id: int
    title: str
    number: int
    author: WhoIs
    posted_at: datetime
    html: SafeString


@dataclass(frozen=True, slots=True)
class FoundPage:
    found: Sequence[Found]
    page: int
    has_more: bool


def search_posts(place: Place, words: str, *, at: datetime, page: int = 1, most: int = A_PAGE) -> FoundPage:
    """Return the posts of a place in which all these words occur, in any form of either language.

    The best come first. Of a place that is a forum all threads are looked through. A word after a minus
    must not occur, and words in double quotes must stand together.
    """
    asked = " ".join(words.replace("\0", " ").split())[:200]
    page = min(max(page, 1), MOST_FOUND_PAGES)
    if not asked:
        return FoundPage((), 1, False)
    query = _query(asked, "english") | _query(asked, "french")
    rows = Post.objects.filter(
        thread__subject_kind=place.subject_kind, thread__subject_id=place.subject_id, words=query
    )
    if place.thread_id is not None:
        rows = rows.filter(thread_id=place.thread_id)
    rows = rows.filter(withdrawn_at__isnull=True).annotate(rank=SearchRank(F("words"), query))
    ordered = rows.order_by("-rank", "-pk").select_related("thread")
    cut = list(ordered[(page - 1) * most : page * most + 1])
    hidden = hidden_among(HiddenKind.POST, [row.pk for row in cut], at)
    shown = [row for row in cut[:most] if row.pk not in hidden]
    who = who_are({row.author_id for row in shown})
    return FoundPage(
        [
            Found(
                thread_id=row.thread_id,
                title=row.thread.title,
                number=row.number,
                author=who[row.author_id],
                posted_at=row.posted_at,
                html=_marked(row, asked),
            )
            for row in shown
        ],
        page,
        len(cut) > most and page < MOST_FOUND_PAGES,
    )


def _query(words: str, config: str) -> SearchQuery:
    return SearchQuery(words, config=config, search_type="websearch")


def _marked(row: Post, words: str) -> SafeString:
    """Return the piece of a post in which words were found, with them marked."""
    piece = _headline(row.pk, words)
    safe = str(escape(piece)).replace(MARK[0], "<mark>").replace(MARK[1], "</mark>")
    return mark_safe(safe)  # noqa: S308 - escaped above; the marks are ours


def _headline(post_id: int, words: str) -> str:
    for config in ("english", "french"):
        headline = SearchHeadline(
            "text",
            _query(words, config),
            config=config,
            start_sel=MARK[0],
            stop_sel=MARK[1],
            max_words=40,
            min_words=20,
        )
        piece = str(
            Post.objects.filter(pk=post_id).annotate(piece=headline).values_list("piece", flat=True)[0]
        )
        if MARK[0] in piece:
            break
    return " ".join(piece.split())
