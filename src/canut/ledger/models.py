"""Accounts and the entries that move money between them."""

from django.db import models
from django.db.models import F, Q

from canut.people.models import Party


class Kind(models.TextChoices):
    """What an account is for. Only `outside` may be below zero: it is the world."""

    OUTSIDE = "outside"
    BALANCE = "balance"  # a party's own money, to publish work with
    ESCROW = "escrow"  # a project's rewards, set aside until decided
    RESERVE = "reserve"  # a project's reserve for top-ups and rework
    DUES = "dues"  # a project's levies and fee, set aside until its pay is owed
    EARNINGS = "earnings"  # owed to a worker
    GUARANTEE_FUND = "guarantee_fund"
    TRAINING_FUND = "training_fund"
    GUILD_FUND = "guild_fund"
    JUSTICE_FUND = "justice_fund"
    INCOME = "income"  # the operator's own, from the service fee


OF_A_PARTY = (Kind.BALANCE, Kind.EARNINGS)
OF_A_PROJECT = (Kind.ESCROW, Kind.RESERVE, Kind.DUES)
OF_THE_SITE = tuple(kind for kind in Kind if kind not in OF_A_PARTY + OF_A_PROJECT)


class Reason(models.TextChoices):
    """Why money moved."""

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    PUBLICATION = "publication"
    REWARD = "reward"
    REWORK = "rework"
    TOP_UP = "top_up"
    BROKEN = "broken"  # for the time spent on a task that was reported as broken
    SESSION = "session"
    BREAK = "break"
    BONUS = "bonus"
    SERVICE_FEE = "service_fee"
    LEVY = "levy"
    REFUND = "refund"
    APPEAL = "appeal"
    GIFT = "gift"  # to a fund
    ADVANCE = "advance"  # the operator's own, to a fund that was empty
    REPAYMENT = "repayment"  # of an advance
    JURY = "jury"  # for sitting on a resolution jury
    CORRECTION = "correction"


class Account(models.Model):
    """Money kept for one purpose, in one currency, for one owner: a party, a project, or the site.

    `total_minor` is the sum of the account's entries, kept by a trigger under the row's lock, so
    that the database itself refuses an overdraft (`account_not_overdrawn`). Nothing else writes it.
    `project_id` is no foreign key: projects live in a room above.
    """

    kind = models.CharField(max_length=20, choices=Kind)
    currency = models.CharField(max_length=3)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="accounts")
    project_id = models.BigIntegerField(null=True)
    total_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="account_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="account_currency_code", condition=Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(
                name="account_owner_fits_kind",
                condition=Q(kind__in=OF_A_PARTY, party__isnull=False, project_id__isnull=True)
                | Q(kind__in=OF_A_PROJECT, party__isnull=True, project_id__isnull=False)
                | Q(kind__in=OF_THE_SITE, party__isnull=True, project_id__isnull=True),
            ),
            models.CheckConstraint(
                name="account_not_overdrawn", condition=Q(kind=Kind.OUTSIDE) | Q(total_minor__gte=0)
            ),
            models.UniqueConstraint(
                fields=["kind", "currency", "party", "project_id"], name="account_once", nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["id", "currency"], name="account_with_currency"),
        ]


class LedgerEntry(models.Model):
    """One movement of money, written once and never changed.

    Accounts are what we owe people: a debit lowers one, the credit raises another. A row names
    both, so no set of rows can leave the books unbalanced; both hold the entry's currency (composite
    keys in migration 0002). A mistake is put right by a second entry whose `reverses` points at the
    first. `subject` says about what, such as assignment 12.
    """

    debit = models.ForeignKey(Account, models.PROTECT, related_name="entries_out", db_constraint=False)
    credit = models.ForeignKey(Account, models.PROTECT, related_name="entries_in", db_constraint=False)
    amount_minor = models.PositiveBigIntegerField(help_text="In the currency's smallest unit.")
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=20, choices=Reason)
    idempotency_key = models.CharField(max_length=80, unique=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="entry_amount_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="entry_moves_money", condition=~Q(debit=F("credit"))),
            models.CheckConstraint(name="entry_reason_known", condition=Q(reason__in=Reason.values)),
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="entry_by_subject")]


class PaymentRefusal(models.Model):
    """Earnings that are not paid out for now: the effect of one sanction, and nothing else.

    The money stays in the person's account; a trigger lets none of it leave while the refusal holds. With no
    amount, all there is stays. Like restrictions of people, it is dated and asked of the site's clock.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="payment_refusals", db_index=False)
    sanction_id = models.BigIntegerField(unique=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField(null=True)
    since = models.DateTimeField()
    lapses_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payment_refusal_currency_code", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
            models.CheckConstraint(
                name="payment_refusal_of_something",
                condition=Q(amount_minor__isnull=True) | Q(amount_minor__gt=0),
            ),
        ]
        indexes = [
            models.Index(
                fields=["party", "currency"],
                condition=Q(lifted_at__isnull=True),
                name="payment_refusal_not_lifted",
            )
        ]
