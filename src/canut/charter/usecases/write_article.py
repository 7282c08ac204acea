"""A decision changes an article: its new version is written down, for good."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter import log
from canut.charter.changes import ArticleChange
from canut.charter.constitution.models import ArticleVersion
from canut.charter.constitution.queries import versions
from canut.charter.constitution.rules import (
    KEY,
    MOST_KEY_CHARACTERS,
    MOST_POSITION,
    MOST_TEXT_CHARACTERS,
    MOST_TITLE_CHARACTERS,
    WordingRefused,
    check_change,
    key_for,
)
from canut.charter.parameters import PARAMETERS
from canut.charter.queries import in_force
from canut.charter.usecases.append_articles import append_articles
from canut.kernel.refusals import Refusal


class ArticleRefused(Refusal):
    """The words or the date are not possible; `facts["what"]` is one of `WordingRefused`'s reasons."""

    code = "article_refused"
    status = 422


@transaction.atomic
def write_article(change: ArticleChange, *, decision_number: int, at: datetime) -> ArticleVersion:
    """Write the version that a decision brings; only `record_decision` may say that there was one.

    A new article whose key or number another has taken meanwhile gets the next that is free.

    Raises:
        ArticleRefused: it cannot be made any more, by the words, the notice or what the article says now.
    """
    log.lock()
    check_article(change, decided_at=at)
    last = None
    if change.based_on is not None:
        last = ArticleVersion.objects.filter(key=change.key).order_by("number").last()
    key, position = (last.key, last.position) if last is not None else _place_for(change)
    titles = (last.title_en, last.title_fr) if last and change.repeals else (change.title_en, change.title_fr)
    version = ArticleVersion(
        key=key,
        number=last.number + 1 if last is not None else 1,
        position=position,
        title_en=titles[0],
        title_fr=titles[1],
        text_en="" if change.repeals else change.text_en,
        text_fr="" if change.repeals else change.text_fr,
        repealed=change.repeals,
        decision_number=decision_number,
        effective_at=change.effective_at,
    )
    return append_articles([version], at=at)[0]


def check_article(change: ArticleChange, *, decided_at: datetime) -> None:
    """Return if a decision of that moment could make the change; whoever writes a proposal asks this too.

    Raises:
        ArticleRefused: with a sentence that says what to mend.
    """
    known = [] if change.based_on is None else versions(keys=[change.key])
    try:
        check_change(
            change,
            known,
            decided_at=decided_at,
            notice_days=in_force("governance.article_notice_days", at=decided_at),
            parameters=PARAMETERS,
        )
    except WordingRefused as error:
        raise ArticleRefused(_sentence(error), what=error.what, about=error.about) from error


def _sentence(error: WordingRefused) -> str:
    said = {
        "title_missing": _("An article needs a title in English and in French."),
        "text_missing": _("An article needs its text in English and in French."),
        "title_long": _("A title has at most %(most)s characters.") % {"most": MOST_TITLE_CHARACTERS},
        "text_long": _("An article's text has at most %(most)s characters.") % {"most": MOST_TEXT_CHARACTERS},
        "unknown_parameter": _("The charter has no parameter named %(name)s; correct the name in braces.")
        % {"name": error.about},
        "unknown_article": _("The constitution has no article of this name."),
        "repealed_already": _("This article is repealed already."),
        "unchanged": _("These are the words that the article has already. Change something."),
        "notice": _("Words of the constitution take effect at the earliest %(days)s days after the vote.")
        % {"days": error.about},
    }
    return str(said[error.what])


def _place_for(change: ArticleChange) -> tuple[str, int]:
    """Return the key and the number of a new article: those that were asked for, if nobody has them."""
    taken = dict(ArticleVersion.objects.values_list("key", "position"))
    is_key = KEY.fullmatch(change.key) is not None and len(change.key) <= MOST_KEY_CHARACTERS
    key = change.key if is_key and change.key not in taken else key_for(change.title_en, taken=taken)
    is_free = change.position not in taken.values() and 1 <= change.position <= MOST_POSITION
    return key, change.position if is_free else max(taken.values(), default=0) + 1
