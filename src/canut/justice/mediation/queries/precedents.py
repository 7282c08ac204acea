"""Published summaries of disputes, for everybody: by topic, and by the words in them, in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import SearchQuery

from canut.justice.mediation.access import published_summary
from canut.justice.mediation.models import Precedent
from canut.justice.mediation.states import DisputeState, PrecedentState, Topic

A_PAGE = 20
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class PublishedSummary:
    """A summary in one language, the reader's if it is there in it."""

    id: int
    topic: Topic
    outcome: DisputeState
    published_at: datetime
    language: str
    title: str
    text: str
    has_other_language: bool


def summaries_page(
    *, language: str, words: str = "", topic: str = "", before: int | None = None, most: int = A_PAGE
) -> tuple[Sequence[PublishedSummary], int | None]:
    """Return a page of published summaries, the newest first, and after which number the next one begins.

    `words` are looked for as words of English and of French, in both languages of a summary.
    """
    rows = Precedent.objects.filter(state=PrecedentState.PUBLISHED)
    words = " ".join(words.replace("\0", " ").split())[:LONGEST_SEARCH]
    if words:
        in_english = SearchQuery(words, search_type="websearch", config="english")
        in_french = SearchQuery(words, search_type="websearch", config="french")
        rows = rows.filter(lexemes=in_english | in_french)
    if topic in Topic.values:
        rows = rows.filter(topic=topic)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: most + 1])
    shown = [_shown(row, language) for row in found[:most]]
    return shown, found[most - 1].pk if len(found) > most else None


def summary_seen(precedent_id: int, *, language: str) -> PublishedSummary:
    """Return one published summary.

    Raises:
        SummaryNotFound: none of this number is published.
    """
    return _shown(published_summary(precedent_id), language)


def _shown(row: Precedent, language: str) -> PublishedSummary:
    has = {"en": bool(row.text_en), "fr": bool(row.text_fr)}
    shown = language if has.get(language) else next(one for one, there in has.items() if there)
    # `published_at` is there, for only published rows come here (precedent_published_has_time)
    published_at = row.published_at or row.written_at
    return PublishedSummary(
        id=row.pk,
        topic=Topic(row.topic),
        outcome=DisputeState(row.outcome),
        published_at=published_at,
        language=shown,
        title=row.title_en if shown == "en" else row.title_fr,
        text=row.text_en if shown == "en" else row.text_fr,
        has_other_language=all(has.values()),
    )
