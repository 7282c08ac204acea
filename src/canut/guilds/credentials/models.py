"""The keys that sign, the keys that credentials are made out to, and what has been issued and taken back."""

from django.db import models
from django.db.models import F, Q

from canut.people.models import Party


class IssuerKey(models.Model):
    """One of the keys by which this site signs credentials, for good: what it signed must stay checkable.

    One is in use at a time. Its private half is sealed with the installation's secret, and destroyed at
    the moment another takes its place, so nothing can be dated back with it. A key is withdrawn if
    somebody else may have had it; what it signed is then worth nothing, and can be had anew.
    """

    public_multibase = models.CharField(max_length=60, help_text="Multikey, as did.json publishes it.")
    sealed_private = models.BinaryField(null=True, help_text="Only while the key is in use.")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["public_multibase"], name="issuer_key_once"),
            models.UniqueConstraint(
                fields=["retired_at"],
                condition=Q(retired_at__isnull=True),
                nulls_distinct=False,
                name="issuer_key_one_in_use",
            ),
            models.CheckConstraint(
                name="issuer_key_is_ed25519",
                condition=Q(public_multibase__regex=r"^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$"),
            ),
            models.CheckConstraint(
                name="issuer_key_private_while_in_use",
                condition=Q(retired_at__isnull=True, sealed_private__isnull=False)
                | Q(retired_at__isnull=False, sealed_private__isnull=True),
            ),
            models.CheckConstraint(
                name="issuer_key_retired_after_creation",
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=F("created_at")),
            ),
            models.CheckConstraint(
                name="issuer_key_withdrawn_is_retired",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("retired_at")),
            ),
        ]


class SubjectKey(models.Model):
    """A key that a worker's credentials are made out to, by its public half: a `did:key`.

    The private half is the worker's and was never written down here. One is in use at a time.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="subject_keys")
    did = models.CharField(max_length=60)
    made_here = models.BooleanField(
        help_text="By the site, which handed the private half over and forgot it."
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["did"], name="subject_key_once"),
            models.UniqueConstraint(
                fields=["party"], condition=Q(ended_at__isnull=True), name="subject_key_one_in_use"
            ),
            models.CheckConstraint(
                name="subject_key_is_ed25519",
                condition=Q(did__regex=r"^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}$"),
            ),
            models.CheckConstraint(
                name="subject_key_ended_after_creation",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("created_at")),
            ),
        ]


class StatusList(models.Model):
    """A public list on which each credential has a place, drawn at random: its number is in its address."""

    number = models.PositiveIntegerField(primary_key=True)
    created_at = models.DateTimeField()


class RevokedFor(models.TextChoices):
    """Why a credential was taken back. The public list says only that it was."""

    LEVEL_CHANGED = "level_changed"
    REVIEW_VOIDED = "review_voided"
    LEFT_GUILD = "left_guild"
    REPLACED = "replaced"  # by one that is made out to another key
    HOLDER_ASKED = "holder_asked"
    IN_ERROR = "in_error"


class IssuedCredential(models.Model):
    """What this site said of somebody, ready to be signed whenever they ask for it, and whether it stands.

    `statement` is what gets signed, word for word: no later change of a guild's name or criteria
    touches it. It names nobody. `holder` goes when an account is closed; the place on the list
    stays, and with it the badge that its owner took along.
    """

    uuid = models.UUIDField()
    holder = models.ForeignKey(Party, models.PROTECT, null=True, related_name="credentials")
    guild = models.ForeignKey(Party, models.PROTECT, related_name="credentials_given")
    level = models.PositiveSmallIntegerField()
    subject_did = models.CharField(max_length=60)
    statement = models.JSONField()
    status_list = models.ForeignKey(StatusList, models.PROTECT, related_name="credentials", db_index=False)
    status_index = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_for = models.CharField(max_length=13, choices=RevokedFor, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["uuid"], name="credential_once"),
            models.UniqueConstraint(fields=["id", "holder"], name="credential_id_and_holder"),
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="credential_has_its_own_place"
            ),
            models.UniqueConstraint(
                fields=["holder", "guild", "level"],
                condition=Q(revoked_at__isnull=True),
                name="credential_one_in_force",
            ),
            models.CheckConstraint(name="credential_level_known", condition=Q(level__gte=1, level__lte=10)),
            models.CheckConstraint(name="credential_place_on_list", condition=Q(status_index__lt=131_072)),
            models.CheckConstraint(name="credential_of_another", condition=~Q(holder=F("guild"))),
            models.CheckConstraint(
                name="credential_revoked_for_a_reason",
                condition=Q(revoked_at__isnull=True, revoked_for__isnull=True)
                | Q(revoked_at__isnull=False, revoked_for__isnull=False, revoked_at__gte=F("issued_at")),
            ),
            models.CheckConstraint(
                name="credential_reason_known",
                condition=Q(revoked_for__isnull=True) | Q(revoked_for__in=RevokedFor.values),
            ),
        ]
        indexes = [
            models.Index(
                fields=["status_list", "status_index"],
                condition=Q(revoked_at__isnull=False),
                name="credential_revoked_on_list",
            ),
        ]

    def says(self, *, subject_did: str, issuer_did: str) -> bool:
        """Tell whether this is made out to that key, by that issuer."""
        made_by: str = self.statement["issuer"]["id"]
        return (self.subject_did, made_by) == (subject_did, issuer_did)


class ShownBadge(models.Model):
    """One that its holder shows to everybody beside their screen name. Nobody shows any unless they say so.

    A foreign key over both columns holds that it is their own, so nothing can be forgotten of somebody
    while they are still shown with it.
    """

    credential = models.ForeignKey(IssuedCredential, models.PROTECT, related_name="+", db_index=False)
    holder = models.ForeignKey(Party, models.PROTECT, related_name="badges_shown")
    shown_since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["credential"], name="shown_badge_once")]
