"""The case: one thing that was decided about somebody, which they ask to have looked at again."""

import uuid

from django.db import models
from django.db.models import F, Q

from canut.justice.states import OUTCOMES, UNDECIDED, CaseBy, CaseKind, CaseState
from canut.people.models import Party

LONGEST_WORDS = 2_000
LONGEST_REASON = 10_000


class Case(models.Model):
    """An appeal. `subject_id` is the row that is contested, in the room of its kind (`justice.subjects`).

    `stands` means that the contested decision stands, `falls` that it does not. `reason` is what its peers
    gave for what they said, all of it, with no name; where nobody heard the case there is none.
    """

    kind = models.CharField(max_length=11, choices=CaseKind)
    subject_id = models.BigIntegerField()
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    words = models.CharField(max_length=LONGEST_WORDS, blank=True, default="")
    state = models.CharField(max_length=7, choices=CaseState, default=CaseState.OPEN)
    opened_at = models.DateTimeField()
    decided_by = models.CharField(max_length=10, choices=CaseBy, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(max_length=LONGEST_REASON, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="case_kind_known", condition=Q(kind__in=CaseKind.values)),
            models.CheckConstraint(name="case_state_known", condition=Q(state__in=CaseState.values)),
            models.CheckConstraint(name="case_by_known", condition=Q(decided_by__in=["", *CaseBy.values])),
            models.CheckConstraint(
                name="case_ended_has_time",
                condition=Q(state=CaseState.OPEN, decided_at__isnull=True, decided_by="", reason="")
                | (~Q(state=CaseState.OPEN) & Q(decided_at__gte=F("opened_at")) & ~Q(decided_by="")),
            ),
            models.CheckConstraint(
                name="case_outcome_by_peers",
                # Peers say either, with a reason. Without any, it falls. Else nobody decides.
                condition=(~Q(decided_by=CaseBy.JURY) | (Q(state__in=OUTCOMES) & ~Q(reason__regex=r"^\s*$")))
                & (~Q(decided_by=CaseBy.NO_PEERS) | Q(state=CaseState.FALLS))
                & (~Q(decided_by__in=UNDECIDED) | Q(state=CaseState.DROPPED)),
            ),
            models.UniqueConstraint(
                name="case_one_open", fields=["kind", "subject_id"], condition=Q(state=CaseState.OPEN)
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "subject_id"], name="case_of_subject"),
            models.Index(fields=["party", "-id"], name="case_of_party"),
            models.Index(fields=["state", "id"], name="case_by_state"),
        ]


class CaseFile(models.Model):
    """What somebody adds to their appeal: for the two sides and the jurors alone.

    Who sent it gave it a name, which only they read; to everybody else it is a number.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.PROTECT, related_name="files", db_index=False)
    number = models.PositiveSmallIntegerField(help_text="Counted from 1 in each case.")
    stored_as = models.CharField(max_length=200, unique=True)
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="case_file_not_empty", condition=Q(size_bytes__gt=0)),
            models.CheckConstraint(name="case_file_has_name", condition=~Q(filename="")),
            models.CheckConstraint(name="case_file_counted_from_one", condition=Q(number__gte=1)),
            models.UniqueConstraint(name="case_file_number_once", fields=["case", "number"]),
            models.UniqueConstraint(name="case_file_once", fields=["case", "sha256"]),
        ]
