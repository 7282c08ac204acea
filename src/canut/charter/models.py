"""The public log: every decision and every value of the charter, when and why, in one order for good."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from canut.charter.constitution.models import ArticleVersion
from canut.charter.parameters.kinds import ScopeKind

__all__ = [
    "FIRST",
    "Alarm",
    "ArticleVersion",
    "CharterEntry",
    "Cosignature",
    "Decision",
    "EntryKind",
    "LogEntry",
    "LogKey",
    "LogKind",
    "TreeHead",
    "Witness",
]


class EntryKind(models.TextChoices):
    """What made an entry: the founding, a new release of the software, the law, or the members."""

    GENESIS = "genesis"
    RELEASE = "release"
    LAW = "law"
    DECISION = "decision"


FIRST = (EntryKind.GENESIS, EntryKind.RELEASE)


class LogKind(models.TextChoices):
    """What a leaf of the public log is about."""

    PARAMETER = "parameter", _("value of the charter")
    ARTICLE = "article", _("article of the constitution")
    DECISION = "decision", _("decision of the members")
    ELECTION = "election", _("election of a board")
    KEY = "key", _("key that signs the log")


class LogEntry(models.Model):
    """One leaf of the public log, written once. `number` is its place, from 0 on and without a gap.

    `leaf` is what is hashed, byte for byte in UTF-8: an object with the members kind, number,
    recorded_at and body, in the canonical form of RFC 8785. It holds no personal detail. Migration 0004
    lets one writer in at a time and refuses a number that is not the next.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    kind = models.CharField(max_length=9, choices=LogKind)
    leaf = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="log_entry_kind_known", condition=Q(kind__in=LogKind.values)),
        ]
        indexes = [models.Index(fields=["kind", "number"], name="log_entry_by_kind")]


class Decision(models.Model):
    """What the members decided, adopted or not: the first decision of a site is number 1.

    The whole of it (rule, turnout, outcome, what was executed) is in its leaf; here is what lists and
    citations need.
    """

    number = models.PositiveIntegerField(primary_key=True)
    logged = models.OneToOneField(LogEntry, models.PROTECT, related_name="decision")
    title_en = models.CharField(max_length=200)
    title_fr = models.CharField(max_length=200)
    question_kind = models.CharField(max_length=40)
    address = models.CharField(max_length=200, blank=True, help_text="The path of the page about it.")
    adopted = models.BooleanField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="decision_numbered_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="decision_has_titles",
                condition=~Q(title_en__regex=r"^\s*$") & ~Q(title_fr__regex=r"^\s*$"),
            ),
            models.CheckConstraint(
                name="decision_question_shape", condition=Q(question_kind__regex=r"^[a-z][a-z_]*$")
            ),
            models.CheckConstraint(
                name="decision_address_shape", condition=Q(address="") | Q(address__startswith="/")
            ),
        ]


class CharterEntry(models.Model):
    """One line of the log: from `effective_at` on, the parameter has `new_value` for the scope.

    Written once and never changed, in the order of ids (migration 0002 lets one writer in at a time,
    so ids and commits come in the same order and a later reader can trust them). The charter is
    nothing but this table read in order, and says what the leaves of the public log say (migration 0004
    holds each to its leaf). `old_value` is what held for the scope at `effective_at` when the entry was
    written; null in a parameter's first.
    """

    kind = models.CharField(max_length=8, choices=EntryKind)
    parameter = models.CharField(max_length=60)
    scope_kind = models.CharField(max_length=9, choices=ScopeKind, default=ScopeKind.SITE)
    scope_key = models.CharField(max_length=40, blank=True, default="")
    old_value = models.JSONField(null=True)
    new_value = models.JSONField()
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    cites = models.CharField(
        max_length=1000, blank=True, default="", help_text="The law's text, or the decision, behind it."
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, db_column="decision_number", related_name="entries"
    )
    logged = models.OneToOneField(
        LogEntry, models.PROTECT, related_name="charter_entry", help_text="The leaf that says the same."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="charter_entry_kind_known", condition=Q(kind__in=EntryKind.values)),
            models.CheckConstraint(
                name="charter_entry_parameter_shape",
                condition=Q(parameter__regex=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$"),
            ),
            models.CheckConstraint(
                name="charter_entry_scope_known", condition=Q(scope_kind__in=ScopeKind.values)
            ),
            models.CheckConstraint(
                name="charter_entry_scope_has_key",
                condition=Q(scope_kind=ScopeKind.SITE, scope_key="")
                | (~Q(scope_kind=ScopeKind.SITE) & ~Q(scope_key="")),
            ),
            models.CheckConstraint(
                name="charter_entry_country_code",
                condition=~Q(scope_kind=ScopeKind.COUNTRY) | Q(scope_key__regex=r"^[A-Z]{2}$"),
            ),
            models.CheckConstraint(
                name="charter_entry_guild_id",
                condition=~Q(scope_kind=ScopeKind.GUILD) | Q(scope_key__regex=r"^[1-9][0-9]*$"),
            ),
            models.CheckConstraint(
                name="charter_entry_first_is_for_everybody",
                condition=~Q(kind__in=FIRST) | Q(scope_kind=ScopeKind.SITE),
            ),
            models.UniqueConstraint(
                name="charter_entry_begins_once", fields=["parameter"], condition=Q(kind__in=FIRST)
            ),
            models.CheckConstraint(
                name="charter_entry_old_value_fits",
                condition=Q(kind__in=FIRST, old_value__isnull=True)
                | (~Q(kind__in=FIRST) & Q(old_value__isnull=False)),
            ),
            models.CheckConstraint(
                name="charter_entry_cites", condition=Q(kind__in=FIRST) | ~Q(cites__regex=r"^\s*$")
            ),
            models.CheckConstraint(
                name="charter_entry_not_backdated",
                condition=Q(kind__in=FIRST) | Q(effective_at__gte=F("recorded_at")),
            ),
            models.CheckConstraint(
                name="charter_entry_decision_cited",
                condition=Q(kind=EntryKind.DECISION, decision__isnull=False)
                | (~Q(kind=EntryKind.DECISION) & Q(decision__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["parameter", "effective_at"], name="charter_entry_by_parameter")]


class LogKey(models.Model):
    """A key by which this site signs its tree heads, for good: what it signed must stay checkable.

    `name` is the origin line of the heads and the key's name, as C2SP's signed notes have it. One key is
    in use at a time; its private half is sealed with the installation's secret and destroyed when
    another takes its place. Each key's public half is a leaf of the log itself.
    """

    name = models.CharField(max_length=200)
    public = models.BinaryField(help_text="32 bytes of Ed25519.")
    sealed_private = models.BinaryField(null=True, help_text="Only while the key is in use.")
    logged = models.OneToOneField(LogEntry, models.PROTECT, related_name="key")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["public"], name="log_key_once"),
            models.UniqueConstraint(
                fields=["retired_at"],
                condition=Q(retired_at__isnull=True),
                nulls_distinct=False,
                name="log_key_one_in_use",
            ),
            models.CheckConstraint(name="log_key_name_shape", condition=Q(name__regex=r"^[^\s+]+$")),
            models.CheckConstraint(
                name="log_key_private_while_in_use",
                condition=Q(retired_at__isnull=True, sealed_private__isnull=False)
                | Q(retired_at__isnull=False, sealed_private__isnull=True),
            ),
            models.CheckConstraint(
                name="log_key_retired_after_creation",
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=F("created_at")),
            ),
        ]


class TreeHead(models.Model):
    """The root of the tree over the first `size` leaves, signed: C2SP's checkpoint, as a signed note.

    `note` is what is published and what witnesses add their line to. Written once.
    """

    size = models.PositiveBigIntegerField()
    root = models.BinaryField(help_text="32 bytes of SHA-256.")
    note = models.TextField()
    key = models.ForeignKey(LogKey, models.PROTECT, related_name="heads")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="tree_head_of_something", condition=Q(size__gte=1)),
            models.UniqueConstraint(fields=["size", "key"], name="tree_head_once_a_key"),
        ]


class Witness(models.Model):
    """Somebody outside who looks at the log and signs what they saw, with a key of their own."""

    name = models.CharField(max_length=200, help_text="The key's name, such as witness.example.org.")
    public = models.BinaryField(help_text="32 bytes of Ed25519.")
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["public"], name="witness_key_once"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(ended_at__isnull=True), name="witness_name_once"
            ),
            models.CheckConstraint(name="witness_name_shape", condition=Q(name__regex=r"^[^\s+]+$")),
            models.CheckConstraint(
                name="witness_ended_after_registration",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("registered_at")),
            ),
        ]


class Cosignature(models.Model):
    """A witness's line under a tree head (C2SP cosignature/v1): it saw this tree and none against it."""

    head = models.ForeignKey(TreeHead, models.PROTECT, related_name="cosignatures")
    witness = models.ForeignKey(Witness, models.PROTECT, related_name="cosignatures")
    line = models.CharField(max_length=400, help_text="The signature line of the note, word for word.")
    seen_at = models.DateTimeField(help_text="The time that the witness signed.")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["head", "witness"], name="cosignature_once"),
        ]


class Alarm(models.Model):
    """The charter and its log were found to differ: somebody changed the database and no decision did.

    It stays open, and stands on every page, until a later look finds nothing wrong.
    """

    found_at = models.DateTimeField()
    what = models.JSONField(help_text="What differs, in sentences.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="alarm_one_open",
            ),
            models.CheckConstraint(
                name="alarm_ended_after_found",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("found_at")),
            ),
        ]
