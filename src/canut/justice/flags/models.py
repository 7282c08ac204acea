"""What was flagged, who flagged it, and what its author said against its being hidden."""

from django.db import models
from django.db.models import F, Q

from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.states import DECIDED, WAITING, FlagGround, MatterState, ObjectionState
from canut.people.models import Party, Person

LONGEST_WORDS = 500
LONGEST_REASON = 2_000


class Matter(models.Model):
    """Something that was flagged, with the wording it had then.

    `said` is a hash of what it said, so that a thing which was changed is another matter. `episode` counts
    from 1 and goes up each time it is shown again because nobody has confirmed it: flags of earlier
    episodes hide it no more. A named person decides a matter once, with a reason; nothing else does.
    """

    subject_kind = models.CharField(max_length=11, choices=HiddenKind)
    subject_id = models.BigIntegerField()
    said = models.CharField(max_length=64, help_text="SHA-256, in hex, of what it said when it was flagged.")
    whose = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=9, choices=MatterState, default=MatterState.OPEN)
    episode = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, help_text="When members hid it last.")
    hidden_until = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=13, choices=FlagGround, blank=True, default="")
    reason = models.TextField(max_length=LONGEST_REASON, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="matter_once_a_wording", fields=["subject_kind", "subject_id", "said"]
            ),
            models.CheckConstraint(name="matter_kind_known", condition=Q(subject_kind__in=HiddenKind.values)),
            models.CheckConstraint(name="matter_said_shape", condition=Q(said__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="matter_state_known", condition=Q(state__in=MatterState.values)),
            models.CheckConstraint(
                name="matter_ground_known", condition=Q(ground__in=["", *FlagGround.values])
            ),
            models.CheckConstraint(name="matter_episode_from_one", condition=Q(episode__gte=1)),
            models.CheckConstraint(
                name="matter_hidden_for_a_while",
                condition=Q(hidden_at__isnull=True, hidden_until__isnull=True)
                | Q(
                    hidden_at__isnull=False,
                    hidden_at__gte=F("opened_at"),
                    hidden_until__isnull=False,
                    hidden_until__gt=F("hidden_at"),
                ),
            ),
            models.CheckConstraint(
                name="matter_hidden_has_time",
                condition=~Q(state__in=[MatterState.HIDDEN, MatterState.LAPSED]) | Q(hidden_at__isnull=False),
            ),
            models.CheckConstraint(
                name="matter_decided_by_somebody",
                condition=(
                    Q(
                        state__in=WAITING,
                        decided_by__isnull=True,
                        decided_at__isnull=True,
                        ground="",
                        reason="",
                    )
                )
                | (
                    Q(
                        state__in=DECIDED,
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        decided_at__gte=F("opened_at"),
                    )
                    & ~Q(reason__regex=r"^\s*$")
                ),
            ),
            models.CheckConstraint(
                name="matter_confirmed_on_a_ground",
                condition=~Q(state=MatterState.CONFIRMED) | ~Q(ground=""),
            ),
            models.CheckConstraint(
                name="matter_not_decided_by_its_author",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("whose")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="matter_by_state"),
            models.Index(fields=["whose", "-id"], name="matter_of_author"),
            models.Index(fields=["hidden_until"], condition=Q(state="hidden"), name="matter_running_out"),
        ]


class Flag(models.Model):
    """A member's word that something should not be here, and why. Nobody but the database says whose."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="flags", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    ground = models.CharField(max_length=13, choices=FlagGround)
    words = models.CharField(
        max_length=LONGEST_WORDS, blank=True, default="", help_text="For who moderates; nobody else reads it."
    )
    episode = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="flag_once_a_member", fields=["matter", "by"]),
            models.CheckConstraint(name="flag_ground_known", condition=Q(ground__in=FlagGround.values)),
            models.CheckConstraint(name="flag_episode_from_one", condition=Q(episode__gte=1)),
        ]
        indexes = [
            models.Index(fields=["by", "-at"], name="flag_by_member"),
            models.Index(fields=["at"], name="flag_by_time"),
        ]


class Objection(models.Model):
    """What the author says against a confirmed hiding, once, and what another person answered.

    At `lapses_at` it prevails by itself if nobody has answered.
    """

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="objection")
    words = models.TextField(max_length=LONGEST_REASON)
    state = models.CharField(max_length=7, choices=ObjectionState, default=ObjectionState.OPEN)
    made_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    ended_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=LONGEST_REASON, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="objection_has_words", condition=~Q(words__regex=r"^\s*$")),
            models.CheckConstraint(
                name="objection_state_known", condition=Q(state__in=ObjectionState.values)
            ),
            models.CheckConstraint(name="objection_lapses_later", condition=Q(lapses_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="objection_answered_whole",
                condition=Q(state="open", answered_by__isnull=True, ended_at__isnull=True, answer="")
                | Q(
                    state="lapsed",
                    answered_by__isnull=True,
                    ended_at__isnull=False,
                    ended_at__gte=F("lapses_at"),
                    answer="",
                )
                | (
                    Q(
                        state__in=["refused", "granted"],
                        answered_by__isnull=False,
                        ended_at__isnull=False,
                        ended_at__gte=F("made_at"),
                    )
                    & ~Q(answer__regex=r"^\s*$")
                ),
            ),
        ]
        indexes = [models.Index(fields=["lapses_at"], condition=Q(state="open"), name="objection_open")]
