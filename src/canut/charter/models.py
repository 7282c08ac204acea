"""The public log of what the charter's parameters were set to, when and why."""

from django.db import models
from django.db.models import F, Q

from canut.charter.parameters.kinds import ScopeKind


class EntryKind(models.TextChoices):
    """What made an entry: the founding, a new release of the software, the law, or the members."""

    GENESIS = "genesis"
    RELEASE = "release"
    LAW = "law"
    DECISION = "decision"


FIRST = (EntryKind.GENESIS, EntryKind.RELEASE)


class CharterEntry(models.Model):
    """One line of the log: from `effective_at` on, the parameter has `new_value` for the scope.

    Written once and never changed, in the order of ids (migration 0002 lets one writer in at a time,
    so ids and commits come in the same order and a later reader can trust them). The charter is
    nothing but this table read in order: there is no second place where a value is kept. What a
    Merkle tree needs is in the row itself, and no row holds a personal detail. `old_value` is what
    held for the scope at `effective_at` when the entry was written; null in a parameter's first.
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
        ]
        indexes = [models.Index(fields=["parameter", "effective_at"], name="charter_entry_by_parameter")]
