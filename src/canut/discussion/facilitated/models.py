"""A facilitated discussion: its rounds, who does what in it, what all could live with, and the record.

All that people say in it are posts of its one thread, so that they are found, flagged, hidden and changed
like any other.
"""

from django.db import models
from django.db.models import F, Q

from canut.discussion.facilitated.limits import LONGEST_PIECE, LONGEST_QUESTION
from canut.discussion.facilitated.states import ENDED, WAITS_FOR, About, Answer, Lapse, Part, State
from canut.discussion.models import Post
from canut.people.models import Person


class Discussion(models.Model):
    """A question about a guild or an idea, on its way through three rounds to a written record.

    `due_at` is when it goes on by itself: the end of a round or of the week for objections, or when it lapses
    for want of somebody. `reminded_at` says that whoever is waited for was reminded. The numbers of the
    charter that it goes by are those of its opening.
    """

    about_kind = models.CharField(max_length=5, choices=About)
    about_id = models.BigIntegerField()
    question = models.CharField(max_length=LONGEST_QUESTION)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    round_days = models.PositiveSmallIntegerField()
    waiting_days = models.PositiveSmallIntegerField()
    objection_days = models.PositiveSmallIntegerField()
    least_people = models.PositiveSmallIntegerField()
    most_statements = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=15, choices=State, default=State.GATHERING)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    facilitator = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    rapporteur = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    ended_at = models.DateTimeField(null=True)
    lapsed_for = models.CharField(max_length=10, choices=Lapse, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="discussion_about_known", condition=Q(about_kind__in=About.values)),
            models.CheckConstraint(name="discussion_about_is_a_number", condition=Q(about_id__gt=0)),
            models.CheckConstraint(name="discussion_asks_something", condition=~Q(question="")),
            models.CheckConstraint(name="discussion_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="discussion_of_two_people",
                condition=Q(facilitator__isnull=True)
                | Q(rapporteur__isnull=True)
                | ~Q(facilitator=F("rapporteur")),
            ),
            models.CheckConstraint(
                name="discussion_ended_has_time",
                condition=Q(
                    state__in=ENDED,
                    ended_at__isnull=False,
                    ended_at__gte=F("opened_at"),
                    due_at__isnull=True,
                )
                | (
                    ~Q(state__in=ENDED)
                    & Q(ended_at__isnull=True, due_at__isnull=False, due_at__gt=F("state_since"))
                ),
            ),
            models.CheckConstraint(
                name="discussion_lapsed_for_reason",
                condition=Q(state=State.LAPSED, lapsed_for__in=Lapse.values)
                | (~Q(state=State.LAPSED) & Q(lapsed_for="")),
            ),
            models.CheckConstraint(
                name="discussion_numbers_in_bounds",
                condition=Q(
                    round_days__gt=0,
                    waiting_days__gt=0,
                    objection_days__gt=0,
                    least_people__gt=0,
                    most_statements__gt=0,
                ),
            ),
            models.UniqueConstraint(
                name="discussion_one_at_a_time",
                fields=["about_kind", "about_id"],
                condition=~Q(state__in=ENDED),
            ),
        ]
        indexes = [
            models.Index(fields=["about_kind", "about_id", "-id"], name="discussion_about"),
            models.Index(fields=["due_at"], condition=~Q(state__in=ENDED), name="discussion_due"),
        ]

    def holder_of(self, part: Part) -> int | None:
        """Return the number of whoever has a part."""
        return self.facilitator_id if part == Part.FACILITATOR else self.rapporteur_id

    @property
    def waits_for(self) -> Part | None:
        """The part without whose writing it goes no further just now."""
        return WAITS_FOR.get(State(self.state))


class Round(models.Model):
    """One of the three rounds. Its posts are those numbered above `fixed_to` and written before it ended.

    From the second on, a round begins with the facilitator's `summary` of the one before, a post of its own.
    """

    discussion = models.ForeignKey(Discussion, models.PROTECT, related_name="rounds", db_index=False)
    number = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    fixed_to = models.PositiveIntegerField()
    summary = models.OneToOneField(Post, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["discussion", "number"], name="round_once_a_discussion"),
            models.CheckConstraint(name="round_of_three", condition=Q(number__gte=1, number__lte=3)),
            models.CheckConstraint(name="round_ends_later", condition=Q(ends_at__gt=F("began_at"))),
            models.CheckConstraint(
                name="round_begins_with_summary",
                condition=Q(number=1, summary__isnull=True) | Q(number__gt=1, summary__isnull=False),
            ),
        ]


class Call(models.Model):
    """Somebody is asked to take a part, or offers to (then `by` is the same person)."""

    discussion = models.ForeignKey(Discussion, models.PROTECT, related_name="calls", db_index=False)
    part = models.CharField(max_length=11, choices=Part)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=4, choices=Answer, blank=True, default=Answer.OPEN)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="part_call_part_known", condition=Q(part__in=Part.values)),
            models.CheckConstraint(name="part_call_answer_known", condition=Q(answer__in=Answer.values)),
            models.CheckConstraint(
                name="part_call_answered_has_time",
                condition=Q(answer=Answer.OPEN, answered_at__isnull=True)
                | (~Q(answer=Answer.OPEN) & Q(answered_at__isnull=False, answered_at__gte=F("made_at"))),
            ),
            models.UniqueConstraint(
                name="part_call_open_once",
                fields=["discussion", "part", "person"],
                condition=Q(answer=Answer.OPEN),
            ),
        ]
        indexes = [models.Index(fields=["discussion", "id"], name="part_call_of_discussion")]


class Naming(models.Model):
    """That somebody who took part may be named in the record. Who has no such row is not named."""

    discussion = models.ForeignKey(Discussion, models.PROTECT, related_name="namings", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["discussion", "person"], name="naming_once_a_discussion")
        ]


class Statement(models.Model):
    """A short sentence, put up in the third round; everybody says whether they could live with it."""

    discussion = models.ForeignKey(Discussion, models.PROTECT, related_name="statements")
    post = models.OneToOneField(Post, models.PROTECT, related_name="statement")


class Mark(models.Model):
    """What somebody says of a statement. Who could not live with it says `why`, in a post that answers it."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="marks", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    can_live = models.BooleanField()
    why = models.OneToOneField(Post, models.PROTECT, related_name="+", null=True)
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "person"], name="mark_once_a_statement"),
            models.CheckConstraint(
                name="mark_against_says_why", condition=Q(can_live=True) | Q(why__isnull=False)
            ),
        ]


class Record(models.Model):
    """What the rapporteur wrote of it, as often as they did; the last one counts. None is ever changed."""

    discussion = models.ForeignKey(Discussion, models.PROTECT, related_name="records", db_index=False)
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    asked = models.TextField(max_length=LONGEST_PIECE)
    said = models.TextField(max_length=LONGEST_PIECE)
    agreed = models.TextField(max_length=LONGEST_PIECE)
    left_open = models.TextField(max_length=LONGEST_PIECE)
    people = models.PositiveIntegerField(help_text="How many took part.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["discussion", "number"], name="record_numbered_once"),
            models.CheckConstraint(name="record_number_from_one", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="record_says_all_four",
                condition=~Q(asked="") & ~Q(said="") & ~Q(agreed="") & ~Q(left_open=""),
            ),
        ]


class Objection(models.Model):
    """What somebody who took part says against the wording of a record; it stands beside it."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="objections", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    post = models.OneToOneField(Post, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="objection_once_a_record")]
