"""A panel of peers for a case: among whom it was drawn, who sits in it, and what they said."""

from django.db import models
from django.db.models import F, Q

from canut.justice.jury.states import LIVE, PanelState, SeatState
from canut.justice.models import Case
from canut.justice.states import OUTCOMES, CaseState, PoolKind
from canut.people.models import Party, Person
from canut.work.models import Project, Task

LONGEST_REASON = 3_000


class JuryBody(models.Model):
    """The one body of the site to which the tasks of all panels belong."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    party = models.OneToOneField(Party, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="jury_body_is_one", condition=Q(id=1))]


class Panel(models.Model):
    """Some peers, drawn by lot, who hear a case (MECHANISMS 6.1); others follow if they run out of time.

    Votes that were given stay: `peers` and `votes_needed` are those of the case's first panel, and `seats`
    is how many were still to be filled when this one was drawn. The lot is membership's own, and is found
    by this row's number.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="panels", db_index=False)
    number = models.PositiveSmallIntegerField(help_text="Counted from 1 in each case.")
    pool = models.CharField(max_length=12, choices=PoolKind, help_text="The widest it was drawn among.")
    guild_id = models.BigIntegerField(null=True)
    peers = models.PositiveSmallIntegerField()
    votes_needed = models.PositiveSmallIntegerField()
    seats = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    state = models.CharField(max_length=7, choices=PanelState, default=PanelState.OPEN)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="panel_number_once", fields=["case", "number"]),
            models.UniqueConstraint(
                name="panel_one_open", fields=["case"], condition=Q(state=PanelState.OPEN)
            ),
            models.CheckConstraint(name="panel_state_known", condition=Q(state__in=PanelState.values)),
            models.CheckConstraint(name="panel_pool_known", condition=Q(pool__in=PoolKind.values)),
            models.CheckConstraint(name="panel_counted_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="panel_can_decide",
                condition=Q(
                    seats__gte=1, seats__lte=F("peers"), votes_needed__gte=1, votes_needed__lte=F("peers")
                ),
            ),
            models.CheckConstraint(name="panel_decides_later", condition=Q(decide_by__gt=F("opened_at"))),
            models.CheckConstraint(
                name="panel_ended_has_time",
                condition=Q(state=PanelState.OPEN, ended_at__isnull=True)
                | (~Q(state=PanelState.OPEN) & Q(ended_at__isnull=False, ended_at__gte=F("opened_at"))),
            ),
        ]
        indexes = [models.Index(fields=["state", "decide_by"], name="panel_by_state")]


class PanelProject(models.Model):
    """The duty in which jurors of a panel who read one language find their tasks; the justice fund pays."""

    project = models.OneToOneField(Project, models.PROTECT, primary_key=True, related_name="+")
    panel = models.ForeignKey(Panel, models.PROTECT, related_name="projects", db_index=False)
    language = models.CharField(max_length=8)
    ended_at = models.DateTimeField(null=True, help_text="When nothing in it was open any more.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="panel_project_once_a_language", fields=["panel", "language"])
        ]
        indexes = [
            models.Index(fields=["project"], condition=Q(ended_at__isnull=True), name="panel_project_running")
        ]


class Seat(models.Model):
    """Somebody who was drawn for a panel, and the task that is theirs alone; handed in, it is their vote.

    Pages of the two sides tell what was said, never by whom or when: a vote counts from the next full hour
    on, so the moment of the decision tells nobody who was at work just then.
    """

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="seat_rows", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    task = models.OneToOneField(Task, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SeatState, default=SeatState.OFFERED)
    offered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    vote = models.CharField(max_length=6, choices=[(one.value, one.label) for one in OUTCOMES], blank=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="")
    counts = models.BooleanField(default=False, help_text="The vote came in time, and its hour is over.")
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="seat_once_a_panel", fields=["panel", "person"]),
            models.CheckConstraint(name="seat_state_known", condition=Q(state__in=SeatState.values)),
            models.CheckConstraint(
                name="seat_vote_known", condition=Q(vote__in=["", CaseState.STANDS, CaseState.FALLS])
            ),
            models.CheckConstraint(
                name="seat_voted_says_what_and_why",
                condition=(Q(state=SeatState.VOTED) & ~Q(vote="") & ~Q(reason__regex=r"^\s*$"))
                | (~Q(state=SeatState.VOTED) & Q(vote="", reason="", counts=False)),
            ),
            models.CheckConstraint(
                name="seat_ended_has_time",
                condition=Q(state__in=LIVE, ended_at__isnull=True)
                | (~Q(state__in=LIVE) & Q(ended_at__isnull=False, ended_at__gte=F("offered_at"))),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="seat_of_person"),
            models.Index(fields=["panel"], condition=Q(state__in=LIVE), name="seat_live"),
        ]
