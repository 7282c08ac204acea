"""Notices, the mails in which they leave, what people chose of them, and addresses that take no mail."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from canut.people.models import Person
from canut.people.notices.kinds import SECURITY, NoticeKind
from canut.people.notices.states import WAITING, Fault, LetterState, MailState, PushState

LONGEST_SUBJECT = 300
LONGEST_TEXT = 50_000
USUAL_MAILS_A_WEEK = 30
MOST_MAILS_A_WEEK = 200
TOPIC = r"[a-z_]{1,30}:[a-z0-9_-]{1,30}"
ADDRESSES_IN_LOWER_CASE = r"^[^A-Z\s]+@[^A-Z\s]+$"


class Letter(models.Model):
    """One mail with one notice or several, from the moment at which it may leave.

    `address` is where it went, for a bounce to be about that and not about a later one. It is sent again
    at `due_at` until it is sent or has failed; a mail that was sent and came back has failed too, and keeps
    when it was sent, for it counts in its week.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    address = models.EmailField(max_length=254)
    is_security = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=LetterState, default=LetterState.SENDING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=4, choices=Fault, blank=True, default="")
    code = models.CharField(max_length=20, blank=True, default="", help_text="As mail servers give it: 5.1.1")
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="letter_fault_known", condition=Q(fault__in=["", *Fault.values])),
            models.CheckConstraint(
                name="letter_state_has_its_times",
                condition=Q(
                    state=LetterState.SENDING,
                    due_at__isnull=False,
                    sent_at__isnull=True,
                    failed_at__isnull=True,
                )
                | Q(
                    state=LetterState.SENT, due_at__isnull=True, sent_at__isnull=False, failed_at__isnull=True
                )
                | Q(state=LetterState.FAILED, due_at__isnull=True, failed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_at_fault_has_failed", condition=Q(fault="") | Q(state=LetterState.FAILED)
            ),
            models.CheckConstraint(
                name="letter_sent_after_made",
                condition=(Q(sent_at__isnull=True) | Q(sent_at__gte=F("made_at")))
                & (Q(failed_at__isnull=True) | Q(failed_at__gte=F("made_at"))),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "made_at"], name="letter_of_person"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="letter_due"),
            models.Index(fields=["address", "failed_at"], condition=~Q(fault=""), name="letter_at_fault"),
        ]


class Notice(models.Model):
    """Something that one person was told: a subject, plain text, and the page of this site that it opens.

    `topic` is what it is about within its kind, such as "guild:12", or several such words; `key` keeps one
    thing from being told twice. A mail that waits has `mail_due_at`, when to look at it next; once it is
    part of a letter, the letter says when.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices", db_index=False)
    kind = models.CharField(max_length=13, choices=NoticeKind)
    topic = models.CharField(max_length=400, blank=True, default="")
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    text = models.TextField(blank=True)
    path = models.CharField(max_length=500)
    key = models.CharField(max_length=120, blank=True, default="")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=10, choices=MailState)
    mail_due_at = models.DateTimeField(null=True)
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="notices", null=True)
    push = models.CharField(max_length=10, choices=PushState)
    push_due_at = models.DateTimeField(null=True)
    pushed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="notice_kind_known", condition=Q(kind__in=NoticeKind.values)),
            models.CheckConstraint(
                name="notice_topic_shape",
                condition=Q(topic="") | Q(topic__regex=rf"^{TOPIC}( {TOPIC})*$"),
            ),
            models.CheckConstraint(name="notice_has_a_subject", condition=Q(subject__regex=r"\S")),
            models.CheckConstraint(
                name="notice_text_not_endless", condition=LessThanOrEqual(Length("text"), LONGEST_TEXT)
            ),
            models.CheckConstraint(
                # A page of this site, which no browser takes for another's address.
                name="notice_opens_a_page_here",
                condition=Q(path__regex=r"^/([^/\\[:space:]][^\\[:space:]]*)?$"),
            ),
            models.UniqueConstraint(fields=["person", "key"], condition=~Q(key=""), name="notice_once_a_key"),
            models.CheckConstraint(
                name="notice_read_after_made",
                condition=Q(read_at__isnull=True) | Q(read_at__gte=F("made_at")),
            ),
            models.CheckConstraint(name="notice_mail_known", condition=Q(mail__in=MailState.values)),
            models.CheckConstraint(name="notice_push_known", condition=Q(push__in=PushState.values)),
            models.CheckConstraint(
                name="notice_mail_waits_or_not",
                condition=Q(mail__in=WAITING, mail_due_at__isnull=False, letter__isnull=True)
                | Q(mail=MailState.WANTED, mail_due_at__isnull=True, letter__isnull=False)
                | Q(mail=MailState.SENT, mail_due_at__isnull=True, letter__isnull=False)
                | Q(mail__in=[MailState.FAILED, MailState.NOT_WANTED], mail_due_at__isnull=True),
            ),
            models.CheckConstraint(
                name="notice_push_waits_or_not",
                condition=Q(push=PushState.WANTED, push_due_at__isnull=False, pushed_at__isnull=True)
                | Q(push=PushState.SENT, push_due_at__isnull=True, pushed_at__isnull=False)
                | Q(
                    push__in=[PushState.NOT_WANTED, PushState.DROPPED],
                    push_due_at__isnull=True,
                    pushed_at__isnull=True,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_latest"),
            models.Index(fields=["person", "-id"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(
                fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="notice_mail_due"
            ),
            models.Index(
                fields=["push_due_at"], condition=Q(push_due_at__isnull=False), name="notice_push_due"
            ),
            models.Index(
                fields=["person", "pushed_at"], condition=Q(pushed_at__isnull=False), name="notice_pushed"
            ),
            models.Index(fields=["made_at"], name="notice_made"),
        ]


class Choice(models.Model):
    """By which ways somebody wants notices of a kind, or those about one topic of it.

    A topic's choice goes before its kind's, and that before what is usual. `stopped_at` says that the stop
    link of a mail was used: no mails then, whatever `mail` says, which comes back by the same link.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=13, choices=NoticeKind)
    topic = models.CharField(max_length=61, blank=True, default="")
    mail = models.BooleanField()
    push = models.BooleanField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="choice_kind_known", condition=Q(kind__in=NoticeKind.values)),
            models.CheckConstraint(
                name="choice_topic_shape", condition=Q(topic="") | Q(topic__regex=rf"^{TOPIC}$")
            ),
            models.UniqueConstraint(fields=["person", "kind", "topic"], name="choice_once"),
            models.CheckConstraint(name="choice_not_of_security", condition=~Q(kind__in=SECURITY)),
        ]


class Limit(models.Model):
    """How many mails a week somebody wants at most, and as many messages in browsers. 0 is none at all."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="+")
    mails_a_week = models.PositiveSmallIntegerField(default=USUAL_MAILS_A_WEEK)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="limit_mails_a_week_range", condition=Q(mails_a_week__range=(0, MOST_MAILS_A_WEEK))
            )
        ]


class MailTrouble(models.Model):
    """An address whose mails came back. From `stopped_at` on it is sent nothing but what concerns safety.

    `count` is how many came back since `since`, `kind` and `code` are those of the last. At `tried_at` its
    owner asked to try it again; what came back before counts no more.
    """

    address = models.EmailField(max_length=254, unique=True)
    kind = models.CharField(max_length=4, choices=Fault)
    count = models.PositiveIntegerField()
    since = models.DateTimeField()
    code = models.CharField(max_length=20, blank=True, default="")
    stopped_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mail_trouble_kind_known", condition=Q(kind__in=[Fault.HARD, Fault.SOFT])
            ),
            models.CheckConstraint(
                name="mail_trouble_address_lower", condition=Q(address__regex=ADDRESSES_IN_LOWER_CASE)
            ),
            models.CheckConstraint(name="mail_trouble_counts", condition=Q(count__gte=1)),
            models.CheckConstraint(
                name="mail_trouble_stopped_after_it_began",
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("since")),
            ),
        ]
