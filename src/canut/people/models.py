"""Who takes part: parties (persons and bodies), what they agreed to, their keys, lists and notices."""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    PERSON = "person", _("A person")
    BODY = "body", _("A body, such as a guild or a collective")


class WorkingStatus(models.TextChoices):
    EMPLOYEE = "employee", _("Employed")
    SELF_EMPLOYED = "self_employed", _("Self-employed")
    STUDENT = "student", _("Student")
    UNEMPLOYED = "unemployed", _("Looking for work")
    RETIRED = "retired", _("Retired")
    OTHER = "other", _("Something else")


class Locale(models.TextChoices):
    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"


class Document(models.TextChoices):
    TERMS = "terms", _("Terms of use")
    PRIVACY = "privacy", _("Privacy notice")


class Scope(models.TextChoices):
    """What an API key may be used for; a key holds one or several."""

    ACCOUNT = "account", _("Read my profile and my standing")
    WORK = "work", _("See the feed, take tasks and hand them in")
    PROJECTS = "projects", _("Make, publish and change my projects")
    REVIEW = "review", _("Decide on work handed in to my projects")
    RESULTS = "results", _("Read progress and results of my projects")
    MONEY = "money", _("See my money, and add it to my projects")
    DECIDE = "decide", _("Take part in decisions: propose, support and vote")
    TALK = "talk", _("Read and write where I take part in talk")
    BOUNCES = "bounces", _("Report mails of the site that came back, as one of those who run it")
    JUSTICE = "justice", _("Read sanctions, decide on flags, appoint mediators, as one of those who run it")


OF_OPERATORS = (Scope.BOUNCES, Scope.JUSTICE)
"""Scopes of what only those who run the site may do, whoever holds the key."""


class ListKind(models.TextChoices):
    BLOCK = "block", _("Blocked")
    ALLOW = "allow", _("Allowed")


class Bar(models.TextChoices):
    """What a person may not do for a while. Voting, reading and being paid are never among it."""

    SIGN_IN = "sign_in", _("sign in, or use keys")
    TAKE = "take", _("take tasks")
    PUBLISH = "publish", _("publish work, or have it given out")
    POST = "post", _("write in discussions")


class Party(models.Model):
    """Somebody who can own a project, hold an account or be worked for.

    The screen name is the only thing the other side ever sees.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=6, choices=Kind)
    screen_name = models.CharField(max_length=30)
    simulated = models.BooleanField(
        default=False, help_text="Made by the lab: nobody is behind it, and pages say so."
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    hidden_name = models.CharField(
        max_length=30,
        blank=True,
        default="",
        db_default="",
        help_text="The name that is hidden, while another stands in for it; nobody else can take it.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("screen_name"), name="party_screen_name_unique"),
            models.UniqueConstraint(
                Lower("hidden_name"), condition=~Q(hidden_name=""), name="party_hidden_name_unique"
            ),
            models.CheckConstraint(
                name="party_hidden_name_has_stand_in",
                condition=Q(hidden_name="") | Q(screen_name__regex=r"^name-hidden-[0-9]+$"),
            ),
            models.UniqueConstraint(fields=["id", "kind"], name="party_id_and_kind"),
            models.CheckConstraint(name="party_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="party_screen_name_shape",
                # 3 to 30 characters; nothing that looks like an address; no space at either end.
                condition=Q(screen_name__regex=r"^[^\s@]([^@\n\r\t]{1,28})[^\s@]$"),
            ),
            models.CheckConstraint(
                name="party_closed_after_creation",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("created_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.screen_name


class People(BaseUserManager["Person"]):
    """Finds people the way they sign in: upper and lower case make no difference.

    New people come from the use case `register_person`; there is no `create_user` beside it.
    """

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.select_related("party").get(username=(username or "").lower())


class Person(AbstractBaseUser):
    """Somebody who signs in. The primary key is the party's id.

    It is a number of its own, held equal to `party_id` by the database, because sign-in writes
    it into links and passkeys and reads it back, which works for plain numbers alone.
    `is_active` turns false when the account is closed; what is personal goes at the same moment.
    """

    id = models.BigIntegerField(primary_key=True)
    party = models.OneToOneField(Party, models.PROTECT, related_name="person")
    username = models.CharField(max_length=40, help_text="To sign in with; nobody else sees it.")
    email = models.EmailField(max_length=254, null=True)
    is_active = models.BooleanField(default=True)
    activated_at = models.DateTimeField(
        null=True, help_text="When the person showed that the e-mail address is theirs."
    )

    is_worker = models.BooleanField(default=False)
    is_requester = models.BooleanField(default=False)
    is_operator = models.BooleanField(default=False)

    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2.")
    working_status = models.CharField(max_length=13, choices=WorkingStatus)
    languages = ArrayField(
        models.CharField(max_length=12), help_text="BCP 47 codes of what the person reads well."
    )
    time_zone = models.CharField(max_length=40, default="UTC", help_text="A name of the IANA list.")
    locale = models.CharField(max_length=2, choices=Locale, default=Locale.ENGLISH)
    age_confirmed_at = models.DateTimeField(
        help_text="When the person said that they are as old as their country asks."
    )

    legal_given_name = models.CharField(max_length=80, blank=True)
    legal_family_name = models.CharField(max_length=80, blank=True)

    reset_serial = models.PositiveIntegerField(
        default=0, help_text="Part of every reset link; raising it kills those already sent."
    )
    date_joined = models.DateTimeField()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    objects: ClassVar[People] = People()

    class Meta:
        constraints = [
            models.CheckConstraint(name="person_id_is_party_id", condition=Q(id=F("party_id"))),
            models.UniqueConstraint(fields=["username"], name="person_username_unique"),
            models.UniqueConstraint(Lower("email"), name="person_email_unique"),
            models.CheckConstraint(
                # Always stored in lower case, so that unique means unique however it is typed.
                name="person_username_shape",
                condition=Q(username__regex=r"^[a-z0-9._+-]{3,40}$"),
            ),
            models.CheckConstraint(
                name="person_working_status_known",
                condition=Q(working_status__in=WorkingStatus.values),
            ),
            models.CheckConstraint(name="person_locale_known", condition=Q(locale__in=Locale.values)),
            models.CheckConstraint(name="person_country_shape", condition=Q(country__regex=r"^[A-Z]{2}$")),
            models.CheckConstraint(name="person_has_a_language", condition=Q(languages__len__gte=1)),
            models.CheckConstraint(
                name="person_activated_after_joining",
                condition=Q(activated_at__isnull=True) | Q(activated_at__gte=F("date_joined")),
            ),
            models.CheckConstraint(
                name="person_active_has_email", condition=Q(is_active=False) | Q(email__isnull=False)
            ),
            models.CheckConstraint(
                name="person_closed_keeps_nothing_personal",
                condition=Q(is_active=True)
                | Q(
                    email__isnull=True,
                    legal_given_name="",
                    legal_family_name="",
                    is_worker=False,
                    is_requester=False,
                    is_operator=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def is_staff(self) -> bool:
        """Django's admin site is not part of Canut: powers come from roles alone."""
        return False

    @property
    def screen_name(self) -> str:
        return self.party.screen_name

    @property
    def simulated(self) -> bool:
        return self.party.simulated

    def save_roles(self, *, worker: bool, requester: bool) -> Self:
        self.is_worker = worker
        self.is_requester = requester
        self.save(update_fields=["is_worker", "is_requester"])
        return self


class Body(models.Model):
    """A party without a sign-in: a guild, a jury panel, a collective, the site itself."""

    party = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="body")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(name="body_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class Consent(models.Model):
    """A person agreed to one version of a document. Written once and never changed."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    document = models.CharField(max_length=7, choices=Document)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "document", "version"], name="consent_given_once"),
            models.CheckConstraint(name="consent_document_known", condition=Q(document__in=Document.values)),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"


class ApiKey(models.Model):
    """A password for programs. We keep its hash alone: the token is shown once.

    What a key is never changes; it can only end, by `revoked_at`. A rotated key names the one
    that took its place.
    """

    owner = models.ForeignKey(Party, models.PROTECT, related_name="keys")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, help_text="How the token begins, to tell keys apart.")
    hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, in hex.")
    scopes = ArrayField(models.CharField(max_length=8))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaces")

    class Meta:
        constraints = [
            models.CheckConstraint(name="key_hash_shape", condition=Q(hash__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="key_scopes_known",
                condition=Q(scopes__contained_by=Scope.values) & Q(scopes__len__gte=1),
            ),
            models.CheckConstraint(
                name="key_expires_after_creation",
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("created_at")),
            ),
            models.CheckConstraint(
                name="key_revoked_after_creation",
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("created_at")),
            ),
            models.CheckConstraint(
                name="key_replaced_is_revoked",
                condition=Q(replaced_by__isnull=True) | Q(revoked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="key_replaced_by_another",
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class Listing(models.Model):
    """A requester's own list: who may never see their projects, and whom they know and want."""

    owner = models.ForeignKey(Party, models.PROTECT, related_name="listings")
    person = models.ForeignKey(Party, models.PROTECT, related_name="listed_by")
    kind = models.CharField(max_length=5, choices=ListKind)
    reason = models.CharField(max_length=500, blank=True, help_text="Only the owner sees it.")
    told = models.CharField(max_length=500, blank=True, help_text="What the person is told about it.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "person"], name="listing_once_a_person"),
            models.CheckConstraint(name="listing_not_oneself", condition=~Q(owner=F("person"))),
            models.CheckConstraint(name="listing_kind_known", condition=Q(kind__in=ListKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class QuietHours(models.Model):
    """When a person wants no notices: from one time of day to another, by the clock of their own zone.

    They may span midnight. Who has no such row may be told at any time.
    """

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="quiet_hours")
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="quiet_hours_last", condition=~Q(starts=F("ends"))),
        ]

    def __str__(self) -> str:
        return f"{self.starts} to {self.ends}"


class PushSubscription(models.Model):
    """A browser in which a person lets the site show messages, as the browser has set it up for us.

    `endpoint` is where its maker takes messages for it, `public_key` and `shared_key` what they are
    encrypted with. A browser takes them only if they are signed with the site's own key, whose public
    half it was given (`site_key`). The private half is not in the database: with these rows alone
    nobody can send.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000)
    public_key = models.CharField(max_length=87, help_text="Of the browser (p256dh), in base64url.")
    shared_key = models.CharField(max_length=22, help_text="Shared with the browser (auth), in base64url.")
    site_key = models.CharField(max_length=87, help_text="The site's public key it was made for.")
    browser = models.CharField(max_length=300, blank=True, help_text="What the browser calls itself.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint"], name="push_endpoint_once"),
            models.CheckConstraint(
                name="push_endpoint_shape", condition=Q(endpoint__regex=r"^https?://[!-~]+$")
            ),
            models.CheckConstraint(
                name="push_public_key_shape", condition=Q(public_key__regex=r"^[A-Za-z0-9_-]{87}$")
            ),
            models.CheckConstraint(
                name="push_shared_key_shape", condition=Q(shared_key__regex=r"^[A-Za-z0-9_-]{22}$")
            ),
            models.CheckConstraint(
                name="push_site_key_shape", condition=Q(site_key__regex=r"^[A-Za-z0-9_-]{87}$")
            ),
        ]

    def __str__(self) -> str:
        return f"push {self.pk}"


class Restriction(models.Model):
    """What somebody may not do, and between which moments: the effect of one sanction, and nothing else.

    The room that keeps sanctions writes these rows and lets none in without one that was delivered before
    (`restriction_by_sanction`). `until` is the end that was decided; at `lapses_at` it ends unless it was
    looked at again by then; `lifted_at` ended it early. Whether it holds is asked of the site's clock, so
    no job has to run for it to end: `people_restriction_v` has those that hold now.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="restrictions", db_index=False)
    sanction_id = models.BigIntegerField(unique=True)
    bars = ArrayField(models.CharField(max_length=7, choices=Bar))
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="restriction_bars_known",
                condition=Q(bars__contained_by=Bar.values) & Q(bars__len__gte=1),
            ),
            models.CheckConstraint(
                name="restriction_ends_after_it_began",
                condition=(Q(until__isnull=True) | Q(until__gt=F("since"))),
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"], condition=Q(lifted_at__isnull=True), name="restriction_not_lifted"
            )
        ]

    def __str__(self) -> str:
        return f"restriction {self.pk}"
