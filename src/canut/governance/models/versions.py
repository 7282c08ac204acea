"""What a proposal says: its versions, each written once, with the changes that execute."""

from django.db import models
from django.db.models import F, Q

from canut.charter.parameters import ScopeKind
from canut.governance.models.proposals import Proposal
from canut.guilds.states import Joining
from canut.people.models import Locale, Person


class ProposalVersion(models.Model):
    """One wording of a proposal, in one language and perhaps a second. Written once.

    `by` is who wrote it; None for what a resolution jury settled on and for what the software asks.
    `note` says what is different from the version before.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=2, choices=Locale)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=10_000)
    translated_title = models.CharField(max_length=120, blank=True, default="")
    translated_text = models.TextField(max_length=10_000, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="proposal_version_once", fields=["proposal", "number"]),
            models.CheckConstraint(name="proposal_version_counted_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="proposal_version_language_known", condition=Q(language__in=Locale.values)
            ),
            models.CheckConstraint(
                name="proposal_version_has_words",
                condition=~Q(title__regex=r"^\s*$") & ~Q(text__regex=r"^\s*$"),
            ),
            models.CheckConstraint(
                name="proposal_version_translated_whole",
                condition=Q(translated_title="", translated_text="")
                | (~Q(translated_title="") & ~Q(translated_text="")),
            ),
        ]


class ProposalSetting(models.Model):
    """One parameter that a version would set, for everybody or for one scope. Written once.

    `old_value` is what held for the scope when this was written. Without `effective_at` the value is to
    hold as soon as its notice allows once the vote has closed.
    """

    version = models.ForeignKey(ProposalVersion, models.PROTECT, related_name="settings", db_index=False)
    position = models.PositiveSmallIntegerField()
    parameter = models.CharField(max_length=60)
    scope_kind = models.CharField(max_length=9, choices=ScopeKind, default=ScopeKind.SITE)
    scope_key = models.CharField(max_length=40, blank=True, default="")
    old_value = models.JSONField()
    new_value = models.JSONField()
    effective_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="proposal_setting_place_once", fields=["version", "position"]),
            models.UniqueConstraint(
                name="proposal_setting_once", fields=["version", "parameter", "scope_kind", "scope_key"]
            ),
            models.CheckConstraint(
                name="proposal_setting_scope_known", condition=Q(scope_kind__in=ScopeKind.values)
            ),
            models.CheckConstraint(
                name="proposal_setting_scope_has_key",
                condition=Q(scope_kind=ScopeKind.SITE, scope_key="")
                | (~Q(scope_kind=ScopeKind.SITE) & ~Q(scope_key="")),
            ),
            models.CheckConstraint(name="proposal_setting_changes", condition=~Q(old_value=F("new_value"))),
        ]
        indexes = [models.Index(fields=["parameter"], name="proposal_setting_of")]


class ProposalArticle(models.Model):
    """One article of the constitution that a version would add, reword or repeal. Written once.

    `of_number` is the article's version that it changes; a new article has none, and no key before it is
    adopted. Texts in the second language may be missing until the draft goes to the team. A repeal has no
    texts.
    """

    version = models.ForeignKey(ProposalVersion, models.PROTECT, related_name="articles", db_index=False)
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60, blank=True, default="")
    of_number = models.PositiveIntegerField(null=True)
    repeals = models.BooleanField(default=False)
    title_en = models.CharField(max_length=160, blank=True, default="")
    title_fr = models.CharField(max_length=160, blank=True, default="")
    text_en = models.TextField(max_length=8_000, blank=True, default="")
    text_fr = models.TextField(max_length=8_000, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="proposal_article_place_once", fields=["version", "position"]),
            models.UniqueConstraint(
                name="proposal_article_once", fields=["version", "key"], condition=~Q(key="")
            ),
            models.CheckConstraint(
                name="proposal_article_known_by_key",
                condition=Q(key="", of_number__isnull=True)
                | Q(key__regex=r"^[a-z][a-z0-9-]*$", of_number__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_article_repeals_what_is",
                condition=Q(repeals=False)
                | Q(of_number__isnull=False, title_en="", title_fr="", text_en="", text_fr=""),
            ),
            models.CheckConstraint(
                name="proposal_article_has_words",
                condition=Q(repeals=True)
                | (~Q(title_en="") & ~Q(text_en=""))
                | (~Q(title_fr="") & ~Q(text_fr="")),
            ),
        ]


class ProposalGuild(models.Model):
    """The guild that a version would found. Written once.

    Its name as a body, its screen name and who may join are what the guild begins with.
    """

    version = models.OneToOneField(ProposalVersion, models.PROTECT, related_name="guild")
    name = models.CharField(max_length=120)
    screen_name = models.CharField(max_length=30)
    craft = models.CharField(max_length=80)
    language = models.CharField(max_length=12, blank=True, default="")
    charter_text = models.TextField(max_length=20_000)
    joining = models.CharField(max_length=10, choices=Joining, default=Joining.OPEN)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proposal_guild_joining_known", condition=Q(joining__in=Joining.values)
            ),
            models.CheckConstraint(
                name="proposal_guild_has_words",
                condition=~Q(name="") & ~Q(screen_name="") & ~Q(craft="") & ~Q(charter_text=""),
            ),
        ]


class ProposalFounder(models.Model):
    """Somebody whom a version names as a founder, and the level at which they would begin. Written once."""

    guild = models.ForeignKey(ProposalGuild, models.PROTECT, related_name="founders", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="proposal_founder_once", fields=["guild", "person"]),
            models.CheckConstraint(
                name="proposal_founder_level_in_range", condition=Q(level__gte=1, level__lte=10)
            ),
        ]


class ProposalReplay(models.Model):
    """What the last months would have been under a version's settings, as the lab found. Written once.

    `summary` is what pages show, `stored_as` the whole report among the site's files, if there is one.
    """

    version = models.OneToOneField(ProposalVersion, models.PROTECT, related_name="replay")
    summary = models.JSONField()
    stored_as = models.CharField(max_length=200, blank=True, default="")
    attached_at = models.DateTimeField()
