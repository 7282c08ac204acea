"""Members, how they came in, on which days they were active, which college they chose; and lots."""

from django.db import models
from django.db.models import F, Q

from canut.membership.states import CheckedBy, College, Ended, InvitationState, RequestState, Way
from canut.people.models import Person

LONGEST_NOTE = 200
LONGEST_WORDS = 500


class Membership(models.Model):
    """That somebody is admitted (MECHANISMS 7.1), or was: who comes back has another row.

    Only admitted people vote, refuse, sit or found. While it lasts, the person has a standing on the scale
    "membership", so that rooms below can ask. `by` is who invited or checked; nobody where several members
    vouched, or where whoever holds the machine did it.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=14, choices=Way)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    checked_by = models.CharField(max_length=14, choices=CheckedBy, blank=True, default="")
    note = models.CharField(
        max_length=LONGEST_NOTE, blank=True, default="", help_text="How identity was checked, for operators."
    )
    admitted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=14, choices=Ended, blank=True, default="")
    wants_mails = models.BooleanField(default=True, help_text="About membership: who asks to be admitted.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="membership_one_at_a_time"
            ),
            models.CheckConstraint(name="membership_way_known", condition=Q(way__in=Way.values)),
            models.CheckConstraint(name="membership_by_another", condition=~Q(person=F("by"))),
            models.CheckConstraint(
                name="membership_way_says_by_whom",
                condition=Q(way="invitation", by__isnull=False)
                | Q(way="vouchers", by__isnull=True)
                | Q(way="identity_check"),
            ),
            models.CheckConstraint(
                name="membership_check_said",
                condition=Q(way="identity_check", checked_by__in=CheckedBy.values)
                | (~Q(way="identity_check") & Q(checked_by="", note="")),
            ),
            models.CheckConstraint(
                name="membership_ended_somehow",
                condition=Q(ended_at__isnull=True, ended_as="")
                | Q(ended_at__gte=F("admitted_at"), ended_as__in=Ended.values),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="membership_of_person"),
            models.Index(fields=["admitted_at", "id"], name="membership_by_age"),
            models.Index(fields=["by", "-id"], name="membership_admitted_by"),
        ]


class AdmissionRequest(models.Model):
    """Somebody asks to be admitted; members may vouch for them, and operators check who they are.

    What they say of themselves goes when the request ends.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    words = models.CharField(
        max_length=LONGEST_WORDS, blank=True, default="", help_text="What they say of themselves to members."
    )
    state = models.CharField(max_length=9, choices=RequestState, default=RequestState.OPEN)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="open"), name="admission_request_one_open"
            ),
            models.CheckConstraint(
                name="admission_request_state_known", condition=Q(state__in=RequestState.values)
            ),
            models.CheckConstraint(
                name="admission_request_ended_has_time",
                condition=Q(state="open", ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False, ended_at__gte=F("asked_at"), words="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at", "id"], condition=Q(state="open"), name="admission_request_waiting"
            ),
            models.Index(fields=["person", "-id"], name="admission_request_of_person"),
        ]


class Voucher(models.Model):
    """A member's word that somebody who asks to be admitted is one real person, known to them.

    It may be taken back until the person is admitted, and then the row goes.
    """

    request = models.ForeignKey(AdmissionRequest, models.PROTECT, related_name="vouchers", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "by"], name="voucher_once_a_member"),
        ]
        indexes = [models.Index(fields=["by", "-given_at"], name="voucher_by_member")]


class MemberInvitation(models.Model):
    """A member invites somebody by e-mail. Whoever has the link may accept, once.

    We keep the link's hash alone. The address goes as soon as the invitation is answered, taken back or
    lapsed: of a stranger nothing is kept.
    """

    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    email = models.EmailField(max_length=254, blank=True, default="")
    link_hash = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the link's secret, in hex."
    )
    state = models.CharField(max_length=9, choices=InvitationState, default=InvitationState.OPEN)
    invited_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by", "email"], condition=Q(state="open"), name="member_invitation_one_open"
            ),
            models.CheckConstraint(
                name="member_invitation_state_known", condition=Q(state__in=InvitationState.values)
            ),
            models.CheckConstraint(
                name="member_invitation_link_shape", condition=Q(link_hash__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="member_invitation_lapses_later", condition=Q(lapses_at__gt=F("invited_at"))
            ),
            models.CheckConstraint(
                name="member_invitation_ended_has_time",
                condition=Q(state="open", ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False, ended_at__gte=F("invited_at"))),
            ),
            models.CheckConstraint(
                name="member_invitation_accepted_by_somebody",
                condition=Q(state="accepted", accepted_by__isnull=False)
                | (~Q(state="accepted") & Q(accepted_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="member_invitation_of_another",
                condition=Q(accepted_by__isnull=True) | ~Q(accepted_by=F("by")),
            ),
            models.CheckConstraint(
                name="member_invitation_forgets_address",
                condition=(Q(state="open") & ~Q(email="")) | (~Q(state="open") & Q(email="")),
            ),
        ]
        indexes = [
            models.Index(fields=["by", "-id"], name="member_invitation_by_member"),
            models.Index(
                fields=["lapses_at", "id"], condition=Q(state="open"), name="member_invitation_lapsing"
            ),
        ]


class ActivityDay(models.Model):
    """A day of the site's zone on which somebody worked or requested. `follow_activity` keeps them."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    worked = models.BooleanField(default=False, help_text="They handed work in.")
    requested = models.BooleanField(
        default=False, help_text="They published, decided, or had work handed in to them."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="activity_day_once"),
            models.CheckConstraint(
                name="activity_day_of_something", condition=Q(worked=True) | Q(requested=True)
            ),
        ]
        indexes = [models.Index(fields=["day"], name="activity_by_day")]


class CollegeChoice(models.Model):
    """Which college somebody chose who could belong to both. Written once; the newest counts."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    college = models.CharField(max_length=10, choices=College)
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "chosen_at"], name="college_choice_one_at_a_time"),
            models.CheckConstraint(
                name="college_choice_known", condition=Q(college__in=[College.WORKERS, College.REQUESTERS])
            ),
        ]
        indexes = [models.Index(fields=["person", "-chosen_at"], name="college_choice_of_person")]
