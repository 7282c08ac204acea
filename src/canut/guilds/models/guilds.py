"""A guild, its members and whom they invite."""

from django.db import models
from django.db.models import F, Q

from canut.charter.models import Decision
from canut.guilds.states import InvitationState, Joining
from canut.people.models import Body, Person


class Guild(models.Model):
    """A craft whose workers certify each other (MECHANISMS 2.1). Its party is a body, which owns its reviews.

    `decision` is the decision that founded it, in words. `adopted` is the members' decision in the public
    log; a site whose members were not asked anything yet has its guilds from an operator, `founded_by`.
    """

    party = models.OneToOneField(Body, models.PROTECT, primary_key=True, related_name="guild")
    craft = models.CharField(max_length=80)
    charter_text = models.TextField(max_length=20_000)
    joining = models.CharField(max_length=10, choices=Joining, default=Joining.OPEN)
    language = models.CharField(max_length=12, blank=True, help_text="BCP 47, if its craft is of one.")
    decision = models.CharField(max_length=2_000)
    founded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    adopted = models.OneToOneField(
        Decision, models.PROTECT, null=True, db_column="decision_number", related_name="founded_guild"
    )
    founded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="guild_has_craft", condition=~Q(craft="")),
            models.CheckConstraint(name="guild_has_charter_text", condition=~Q(charter_text="")),
            models.CheckConstraint(name="guild_has_decision", condition=~Q(decision="")),
            models.CheckConstraint(name="guild_joining_known", condition=Q(joining__in=Joining.values)),
            models.CheckConstraint(
                name="guild_founded_by_members_or_operator",
                condition=Q(founded_by__isnull=True, adopted__isnull=False)
                | Q(founded_by__isnull=False, adopted__isnull=True),
            ),
        ]


class Member(models.Model):
    """Somebody's membership in a guild, with the level that reviews of their work have brought them to.

    There is one row for each person and guild: who leaves and comes back goes on where they stopped.
    `first_level` is the level it began at; founders may begin higher. The standing on the guild's scale,
    by which projects admit, is there exactly while the person is in the guild, and equals `level`.
    """

    guild = models.ForeignKey(Guild, models.PROTECT, related_name="members", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", db_index=False)
    is_founder = models.BooleanField(default=False)
    first_level = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    told_level = models.PositiveSmallIntegerField(
        null=True, help_text="The level that they were last told of; None: the first."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guild", "person"], name="member_once"),
            models.CheckConstraint(name="member_level_in_range", condition=Q(level__gte=1, level__lte=10)),
            models.CheckConstraint(
                name="member_first_level_in_range", condition=Q(first_level__gte=1, first_level__lte=10)
            ),
            models.CheckConstraint(
                name="member_left_after_joining",
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["guild", "level", "person"], condition=Q(left_at__isnull=True), name="member_of_guild"
            ),
            models.Index(fields=["person", "guild"], name="member_of_person"),
        ]


class Invitation(models.Model):
    """A member, or an operator, asks somebody to join. It is answered once."""

    guild = models.ForeignKey(Guild, models.PROTECT, related_name="invitations", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="guild_invitations", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.OPEN)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "person"], condition=Q(state="open"), name="invitation_one_open"
            ),
            models.CheckConstraint(
                name="invitation_state_known", condition=Q(state__in=InvitationState.values)
            ),
            models.CheckConstraint(name="invitation_of_another", condition=~Q(person=F("by"))),
            models.CheckConstraint(
                name="invitation_answered_has_time",
                condition=Q(state="open", answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_at__isnull=False, answered_at__gte=F("invited_at"))),
            ),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="invitation_of_person")]
