"""The constitution's articles, written down once for each version."""

from django.db import models
from django.db.models import F, Q

from canut.charter.constitution.rules import (
    MOST_KEY_CHARACTERS,
    MOST_POSITION,
    MOST_TEXT_CHARACTERS,
    MOST_TITLE_CHARACTERS,
)

_SAYS_NOTHING = Q(text_en="", text_fr="")
_SAYS_IT_TWICE = ~Q(text_en__regex=r"^\s*$") & ~Q(text_fr__regex=r"^\s*$")


class ArticleVersion(models.Model):
    """What one article says from `effective_at` on, until a later version of it is in effect.

    Written once and never changed, as the charter's entries are; migration 0004 lets one writer in at a time.
    `number` counts the versions of the article from 1. `position` is the article's own number, "article 5":
    it stays for ever, so that whoever cites it is understood later. A repealed article has a version without
    text. Only an article's first version may come without a decision: the one that the software brings to
    a new site, for its members to ratify.
    """

    key = models.CharField(max_length=MOST_KEY_CHARACTERS)
    number = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    title_en = models.CharField(max_length=MOST_TITLE_CHARACTERS)
    title_fr = models.CharField(max_length=MOST_TITLE_CHARACTERS)
    text_en = models.TextField(max_length=MOST_TEXT_CHARACTERS, blank=True)
    text_fr = models.TextField(max_length=MOST_TEXT_CHARACTERS, blank=True)
    repealed = models.BooleanField(default=False)
    decision_number = models.PositiveIntegerField(null=True)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    logged = models.OneToOneField(
        "charter.LogEntry", models.PROTECT, related_name="article", help_text="The leaf that says the same."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="article_version_once", fields=["key", "number"]),
            models.CheckConstraint(
                name="article_key_shape", condition=Q(key__regex=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
            ),
            models.CheckConstraint(
                name="article_position_in_range",
                condition=Q(position__gte=1, position__lte=MOST_POSITION),
            ),
            models.CheckConstraint(
                name="article_has_titles",
                condition=~Q(title_en__regex=r"^\s*$") & ~Q(title_fr__regex=r"^\s*$"),
            ),
            models.CheckConstraint(
                name="article_says_it_in_both_languages",
                condition=Q(repealed=True) & _SAYS_NOTHING | Q(repealed=False) & _SAYS_IT_TWICE,
            ),
            models.CheckConstraint(
                name="article_decided_but_the_first",
                condition=Q(decision_number__isnull=False) | Q(number=1, repealed=False),
            ),
            models.CheckConstraint(
                name="article_not_backdated",
                condition=Q(decision_number__isnull=True) | Q(effective_at__gte=F("recorded_at")),
            ),
        ]
        indexes = [models.Index(fields=["decision_number"], name="article_by_decision")]
