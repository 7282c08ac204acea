"""Disputes, what is said and sent in them, who mediates, what was agreed, and what others may learn of it."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q

from canut.justice.mediation.states import (
    COMPLAINED,
    ENDED,
    MEDIATED,
    OPEN,
    PARTIES,
    Audience,
    DisputeState,
    MandateEnd,
    PrecedentState,
    Side,
    Topic,
)
from canut.people.models import Party, Person
from canut.work.models import Project

LONGEST_WORDS = 4_000
LONGEST_TITLE = 150
BLANK = r"^\s*$"


class Mediator(models.Model):
    """Somebody whom the people who run the site appointed to mediate, from then until it ends.

    `appointed_by` is empty for whoever holds the machine.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    appointed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="mediator_once_at_a_time", fields=["person"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="mediator_ends_later",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("appointed_at")),
            ),
            models.CheckConstraint(
                name="mediator_not_by_themselves",
                condition=Q(appointed_by__isnull=True) | ~Q(appointed_by=F("person")),
            ),
        ]


class Dispute(models.Model):
    """What somebody has against another party, from the direct attempt to its end.

    Without `other` it is against the people who run the site, and any of them answers for it. What was
    said stays with the two sides and the mediator; nobody else learns that there is a dispute.
    """

    complainant = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+", db_index=False)
    topic = models.CharField(max_length=8, choices=Topic)
    happened_on = models.DateField()
    words = models.TextField(max_length=LONGEST_WORDS, help_text="What happened.")
    wish = models.TextField(max_length=LONGEST_WORDS, help_text="What would settle it.")
    state = models.CharField(max_length=11, choices=DisputeState, default=DisputeState.DIRECT)
    begun_at = models.DateTimeField()
    direct_until = models.DateTimeField(help_text="From then on, a complaint can be made.")
    complain_by = models.DateTimeField(help_text="From then on, no complaint can be made.")
    complained_at = models.DateTimeField(null=True)
    complaint = models.TextField(max_length=LONGEST_WORDS, blank=True, default="")
    reply_by = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    reply = models.TextField(max_length=LONGEST_WORDS, blank=True, default="")
    mediation_at = models.DateTimeField(null=True)
    recommendation = models.TextField(max_length=LONGEST_WORDS, blank=True, default="")
    complainant_follows = models.BooleanField(null=True, help_text="Whether they follow the recommendation.")
    other_follows = models.BooleanField(null=True)
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True, help_text="When its messages and files were removed.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="dispute_one_open_with_a_side",
                fields=["complainant", "other"],
                condition=Q(state__in=OPEN),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="dispute_state_known", condition=Q(state__in=DisputeState.values)),
            models.CheckConstraint(name="dispute_topic_known", condition=Q(topic__in=Topic.values)),
            models.CheckConstraint(
                name="dispute_with_another", condition=Q(other__isnull=True) | ~Q(other=F("complainant"))
            ),
            models.CheckConstraint(
                name="dispute_says_what", condition=~Q(words__regex=BLANK) & ~Q(wish__regex=BLANK)
            ),
            models.CheckConstraint(
                name="dispute_times_in_order",
                condition=Q(direct_until__gte=F("begun_at"), complain_by__gte=F("direct_until")),
            ),
            models.CheckConstraint(
                name="dispute_complaint_whole",
                condition=(
                    Q(complained_at__isnull=True, reply_by__isnull=True, complaint="")
                    & ~Q(state__in=COMPLAINED)
                )
                | (
                    Q(complained_at__gte=F("direct_until"), reply_by__gt=F("complained_at"))
                    & ~Q(complaint__regex=BLANK)
                    & ~Q(state__in=(DisputeState.DIRECT, DisputeState.LAPSED))
                ),
            ),
            models.CheckConstraint(
                name="dispute_reply_whole",
                condition=Q(replied_at__isnull=True, reply="")
                | (
                    Q(complained_at__isnull=False, replied_at__gte=F("complained_at"))
                    & ~Q(reply__regex=BLANK)
                ),
            ),
            models.CheckConstraint(
                name="dispute_mediation_has_time",
                condition=(Q(mediation_at__isnull=True) & ~Q(state__in=MEDIATED))
                | (
                    Q(complained_at__isnull=False, mediation_at__gte=F("complained_at"))
                    & ~Q(state=DisputeState.REPLY)
                ),
            ),
            models.CheckConstraint(
                name="dispute_recommended_says_what",
                condition=(Q(state=DisputeState.RECOMMENDED) & ~Q(recommendation__regex=BLANK))
                | (~Q(state=DisputeState.RECOMMENDED) & Q(recommendation="")),
            ),
            models.CheckConstraint(
                name="dispute_follows_a_recommendation",
                condition=Q(state=DisputeState.RECOMMENDED)
                | Q(complainant_follows__isnull=True, other_follows__isnull=True),
            ),
            models.CheckConstraint(
                name="dispute_ended_has_time",
                condition=Q(state__in=ENDED, ended_at__isnull=False, ended_at__gte=F("begun_at"))
                | Q(state__in=OPEN, ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="dispute_forgotten_after_its_end",
                condition=Q(forgotten_at__isnull=True)
                | Q(ended_at__isnull=False, forgotten_at__gte=F("ended_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["complainant", "-id"], name="dispute_of_complainant"),
            models.Index(fields=["other", "-id"], name="dispute_of_other"),
            models.Index(fields=["state", "id"], name="dispute_by_state"),
            models.Index(fields=["ended_at"], name="dispute_by_end"),
        ]


class Mandate(models.Model):
    """A mediator has a dispute in hand. Who had it once does not have it again."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="mandates", db_index=False)
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="mandates", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    due_at = models.DateTimeField(help_text="From then on, either side can ask for another mediator.")
    until = models.DateTimeField(null=True)
    end = models.CharField(max_length=13, choices=MandateEnd, blank=True, default="")
    reason = models.TextField(max_length=LONGEST_WORDS, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="mandate_one_at_a_time", fields=["dispute"], condition=Q(until__isnull=True)
            ),
            models.UniqueConstraint(name="mandate_once_a_person", fields=["dispute", "person"]),
            models.UniqueConstraint(
                name="mandate_refused_once_a_side",
                fields=["dispute", "end"],
                condition=Q(end__in=(MandateEnd.REFUSED_BY_COMPLAINANT, MandateEnd.REFUSED_BY_OTHER)),
            ),
            models.CheckConstraint(name="mandate_due_later", condition=Q(due_at__gt=F("since"))),
            models.CheckConstraint(
                name="mandate_end_whole",
                condition=Q(until__isnull=True, end="", reason="")
                | Q(until__gte=F("since"), end__in=MandateEnd.values),
            ),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="mandate_of_person")]


class Message(models.Model):
    """What somebody wrote in a dispute. It stays as it was written, until all of it is forgotten."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="messages", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=11, choices=Side)
    audience = models.CharField(max_length=11, choices=Audience, default=Audience.ALL)
    text = models.TextField(max_length=LONGEST_WORDS)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="dispute_message_says_something", condition=~Q(text__regex=BLANK)),
            models.CheckConstraint(name="dispute_message_side_known", condition=Q(side__in=Side.values)),
            models.CheckConstraint(
                name="dispute_message_for_its_writer",
                condition=Q(audience=Audience.ALL)
                | Q(audience__in=Audience.values, side=Side.MEDIATOR)
                | Q(audience__in=PARTIES, audience=F("side")),
            ),
        ]
        indexes = [models.Index(fields=["dispute", "id"], name="dispute_message_in_order")]


class DisputeFile(models.Model):
    """A file that somebody sent in a dispute, for the same readers as a message of theirs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="files", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=11, choices=Side)
    audience = models.CharField(max_length=11, choices=Audience, default=Audience.ALL)
    stored_as = models.CharField(max_length=200, unique=True)
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="dispute_file_once", fields=["dispute", "by", "audience", "sha256"]),
            models.CheckConstraint(
                name="dispute_file_whole", condition=Q(size_bytes__gt=0) & ~Q(filename="")
            ),
            models.CheckConstraint(name="dispute_file_side_known", condition=Q(side__in=Side.values)),
            models.CheckConstraint(
                name="dispute_file_for_its_sender",
                condition=Q(audience=Audience.ALL)
                | Q(audience__in=Audience.values, side=Side.MEDIATOR)
                | Q(audience__in=PARTIES, audience=F("side")),
            ),
        ]


class Agreement(models.Model):
    """A wording by which a dispute would be settled; it is once both sides have agreed to the latest one."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="agreements", db_index=False)
    number = models.PositiveIntegerField(help_text="Counted from 1 in each dispute.")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=11, choices=Side)
    text = models.TextField(max_length=LONGEST_WORDS)
    proposed_at = models.DateTimeField()
    complainant_agreed_at = models.DateTimeField(null=True)
    other_agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="dispute_agreement_number_once", fields=["dispute", "number"]),
            models.CheckConstraint(name="agreement_counted_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="agreement_side_known", condition=Q(side__in=Side.values)),
            models.CheckConstraint(name="agreement_has_words", condition=~Q(text__regex=BLANK)),
            models.CheckConstraint(
                name="agreement_its_side_agrees",
                condition=Q(side=Side.MEDIATOR)
                | Q(side=Side.COMPLAINANT, complainant_agreed_at__isnull=False)
                | Q(side=Side.OTHER, other_agreed_at__isnull=False),
            ),
        ]


class Reminder(models.Model):
    """Somebody was reminded that a time runs out, once for each time."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="reminders", db_index=False)
    kind = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="dispute_reminder_once", fields=["dispute", "kind", "due_at"])
        ]


class Precedent(models.Model):
    """What others may learn of a dispute that has ended, without names: the mediator writes it.

    Both sides may object to its wording, and it is published when neither does. It has one language or
    both. Its number says nothing of the dispute's.
    """

    dispute = models.OneToOneField(Dispute, models.PROTECT, related_name="precedent")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    topic = models.CharField(max_length=8, choices=Topic)
    outcome = models.CharField(max_length=11, choices=DisputeState)
    version = models.PositiveIntegerField(default=1)
    title_en = models.CharField(max_length=LONGEST_TITLE, blank=True, default="")
    text_en = models.TextField(max_length=LONGEST_WORDS, blank=True, default="")
    title_fr = models.CharField(max_length=LONGEST_TITLE, blank=True, default="")
    text_fr = models.TextField(max_length=LONGEST_WORDS, blank=True, default="")
    state = models.CharField(max_length=9, choices=PrecedentState, default=PrecedentState.WAITING)
    written_at = models.DateTimeField()
    object_by = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    lexemes = models.GeneratedField(
        expression=SearchVector("title_en", "text_en", config="english")
        + SearchVector("title_fr", "text_fr", config="french"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="precedent_state_known", condition=Q(state__in=PrecedentState.values)
            ),
            models.CheckConstraint(name="precedent_topic_known", condition=Q(topic__in=Topic.values)),
            models.CheckConstraint(
                name="precedent_of_an_outcome",
                condition=Q(outcome__in=(DisputeState.SETTLED, DisputeState.RECOMMENDED)),
            ),
            models.CheckConstraint(name="precedent_counted_from_one", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="precedent_in_a_language",
                condition=(
                    (Q(title_en="", text_en="") | (~Q(title_en__regex=BLANK) & ~Q(text_en__regex=BLANK)))
                    & (Q(title_fr="", text_fr="") | (~Q(title_fr__regex=BLANK) & ~Q(text_fr__regex=BLANK)))
                    & ~Q(text_en="", text_fr="")
                ),
            ),
            models.CheckConstraint(
                name="precedent_time_to_object", condition=Q(object_by__gt=F("written_at"))
            ),
            models.CheckConstraint(
                name="precedent_published_has_time",
                condition=Q(state=PrecedentState.PUBLISHED, published_at__gte=F("written_at"))
                | (~Q(state=PrecedentState.PUBLISHED) & Q(published_at__isnull=True)),
            ),
        ]
        indexes = [
            GinIndex(fields=["lexemes"], name="precedent_lexemes"),
            models.Index(fields=["state", "-published_at", "-id"], name="precedent_by_time"),
        ]


class PrecedentAnswer(models.Model):
    """What a side says to one version of a summary: nothing against it, or what is wrong with it."""

    precedent = models.ForeignKey(Precedent, models.PROTECT, related_name="answers", db_index=False)
    version = models.PositiveIntegerField()
    side = models.CharField(max_length=11, choices=Side)
    objection = models.TextField(max_length=LONGEST_WORDS, blank=True, default="")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="precedent_answered_once_a_side", fields=["precedent", "version", "side"]
            ),
            models.CheckConstraint(name="precedent_answer_of_a_side", condition=Q(side__in=PARTIES)),
        ]


class Look(models.Model):
    """When somebody last looked at a dispute, and when a mail last told them that there is something new."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="looks", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    seen_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="dispute_look_once", fields=["dispute", "person"])]
