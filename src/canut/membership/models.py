"""Members, how they came in, on which days they were active, which college they chose; and lots."""

from secrets import token_hex

from django.db import models
from django.db.models import F, Q

from canut.membership.states import (
    CheckedBy,
    College,
    Ended,
    LotState,
    MemberInvitationState,
    RefusalGround,
    RefusalState,
    RequestState,
    SeatState,
    Way,
)
from canut.people.models import Person
from canut.work.states import HeardBy

LONGEST_NOTE = 200
LONGEST_WORDS = 500


def new_ticket() -> str:
    """Return a ticket for drawing by lot: 16 bytes by chance, in hex."""
    return token_hex(16)


class Membership(models.Model):
    """That somebody is admitted (MECHANISMS 7.1), or was: who comes back has another row.

    Only admitted people vote, refuse, sit or found. While it lasts, the person has a standing on the scale
    "membership", so that rooms below can ask. `by` is who invited or checked; nobody where several members
    vouched, or where whoever holds the machine did it. `ticket` stands for the member in drawings by lot:
    they alone see it, it never changes, and it goes with the account.
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
    ticket = models.CharField(max_length=32, blank=True, default=new_ticket)

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
                | Q(way__in=["vouchers", "jury"], by__isnull=True)
                | Q(way="identity_check"),
            ),
            models.CheckConstraint(
                name="membership_check_said",
                condition=Q(way="identity_check", checked_by__in=CheckedBy.values)
                | (~Q(way="identity_check") & Q(checked_by="", note="")),
            ),
            models.CheckConstraint(
                name="membership_ticket_shape",
                condition=Q(ticket__regex=r"^[0-9a-f]{32}$") | Q(ticket="", ended_as="account_closed"),
            ),
            models.CheckConstraint(
                name="membership_ended_somehow",
                condition=Q(ended_at__isnull=True, ended_as="")
                | Q(ended_at__isnull=False, ended_at__gte=F("admitted_at"), ended_as__in=Ended.values),
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


class AdmissionRefusal(models.Model):
    """An operator has refused to admit somebody who asked, with a ground and a written reason.

    The person may contest it once. If that is won, a jury has admitted them; where nobody could be found to
    hear it, their request waits again, and another operator decides about it. `ended_by` says who ended the
    contest; of those who sit on a jury nobody is named.
    """

    request = models.ForeignKey(AdmissionRequest, models.PROTECT, related_name="refusals", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    ground = models.CharField(max_length=14, choices=RefusalGround)
    reason = models.CharField(max_length=2_000)
    refused_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=RefusalState, default=RefusalState.GIVEN)
    words = models.CharField(max_length=2_000, blank=True, default="", help_text="In the contest.")
    contested_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, choices=HeardBy, blank=True, default="")
    decision = models.TextField(max_length=10_000, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="admission_refusal_ground_known", condition=Q(ground__in=RefusalGround.values)
            ),
            models.CheckConstraint(
                name="admission_refusal_state_known", condition=Q(state__in=RefusalState.values)
            ),
            models.CheckConstraint(name="admission_refusal_has_reason", condition=~Q(reason__regex=r"^\s*$")),
            models.CheckConstraint(
                name="admission_refusal_contest_has_time",
                condition=Q(state="given", contested_at__isnull=True, words="")
                | (~Q(state="given") & Q(contested_at__isnull=False, contested_at__gte=F("refused_at"))),
            ),
            models.CheckConstraint(
                name="admission_refusal_ended_has_time",
                condition=Q(state__in=["given", "contested"], ended_at__isnull=True)
                | Q(
                    state__in=["stands", "falls"],
                    ended_at__isnull=False,
                    ended_at__gte=F("contested_at"),
                ),
            ),
            models.CheckConstraint(
                name="admission_refusal_ended_by_somebody",
                # Peers say either, with a reason. Without any, it falls; taken back, it stands.
                condition=Q(state__in=["given", "contested"], ended_by="", decision="")
                | (Q(state__in=["stands", "falls"], ended_by="jury") & ~Q(decision=""))
                | Q(state="falls", ended_by="no_peers", decision="")
                | Q(state="stands", ended_by="taken_back", decision=""),
            ),
        ]
        indexes = [models.Index(fields=["request", "-id"], name="admission_refusal_of_request")]


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
    """A member invites somebody by e-mail. Whoever has the link, which the site signs, may accept, once.

    The address goes as soon as the invitation is answered, taken back or lapsed: of a stranger nothing is
    kept.
    """

    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    email = models.EmailField(max_length=254, blank=True, default="")
    state = models.CharField(max_length=9, choices=MemberInvitationState, default=MemberInvitationState.OPEN)
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
                name="member_invitation_state_known", condition=Q(state__in=MemberInvitationState.values)
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


class Lot(models.Model):
    """A drawing by lot among members, which anybody can recompute (MECHANISMS 6.2).

    The next lot is always prepared: its seed is fixed and its commitment shown before anybody knows what it
    will be about. When it is wanted, who may be drawn is fixed and its hash shown. When it is drawn, all of
    them have a place in one order, by which seats are offered, and offered anew when somebody declines. The
    seed is shown when the lot is closed. `college` is empty where all active members may be drawn.
    """

    number = models.BigIntegerField(primary_key=True, help_text="Counted from 1.")
    commitment = models.CharField(max_length=64, help_text="SHA-256 of the seed's bytes, in hex.")
    seed = models.CharField(max_length=64, help_text="32 bytes in hex; nobody is shown them before the end.")
    state = models.CharField(max_length=9, choices=LotState, default=LotState.PREPARED)
    prepared_at = models.DateTimeField()
    subject_kind = models.CharField(max_length=40, blank=True, default="")
    subject_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=200, blank=True, default="", help_text="The page it is about.")
    college = models.CharField(max_length=10, choices=College, blank=True, default="")
    seats = models.PositiveIntegerField(null=True)
    answer_days = models.PositiveIntegerField(null=True, help_text="How long an offered seat waits.")
    candidates_count = models.PositiveIntegerField(null=True)
    candidates_hash = models.CharField(max_length=64, blank=True, default="")
    excluded_count = models.PositiveIntegerField(null=True, help_text="Active members who may not sit.")
    committed_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="prepared"), name="lot_one_prepared"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "college"],
                condition=~Q(state="prepared"),
                name="lot_once_a_subject_and_college",
            ),
            models.CheckConstraint(name="lot_counted_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="lot_seed_shape", condition=Q(seed__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="lot_state_known", condition=Q(state__in=LotState.values)),
            models.CheckConstraint(name="lot_college_known", condition=Q(college__in=["", *College.values])),
            models.CheckConstraint(
                name="lot_address_is_a_path", condition=Q(address="") | Q(address__regex=r"^/[!-~]*$")
            ),
            models.CheckConstraint(
                name="lot_about_something_once_wanted",
                condition=Q(
                    state="prepared",
                    subject_kind="",
                    subject_id__isnull=True,
                    college="",
                    seats__isnull=True,
                    answer_days__isnull=True,
                    candidates_count__isnull=True,
                    candidates_hash="",
                    excluded_count__isnull=True,
                    committed_at__isnull=True,
                )
                | Q(
                    ~Q(state="prepared"),
                    ~Q(subject_kind=""),
                    subject_id__isnull=False,
                    seats__isnull=False,
                    seats__gte=1,
                    answer_days__isnull=False,
                    answer_days__gte=1,
                    candidates_count__isnull=False,
                    candidates_hash__regex=r"^[0-9a-f]{64}$",
                    excluded_count__isnull=False,
                    committed_at__isnull=False,
                    committed_at__gte=F("prepared_at"),
                ),
            ),
            models.CheckConstraint(
                name="lot_drawn_has_time",
                condition=Q(state__in=["prepared", "committed"], drawn_at__isnull=True)
                | Q(state__in=["drawn", "closed"], drawn_at__isnull=False, drawn_at__gte=F("committed_at")),
            ),
            models.CheckConstraint(
                name="lot_closed_has_time",
                condition=(~Q(state="closed") & Q(closed_at__isnull=True))
                | Q(state="closed", closed_at__isnull=False, closed_at__gte=F("drawn_at")),
            ),
        ]


class Candidate(models.Model):
    """Somebody who may be drawn in a lot, under a code that only they can tell is theirs.

    `served_lately` comes after all others in the order. `place` counts the order of the draw from 1. The
    state is empty for those to whom no seat was offered.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="candidates", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=64, help_text="SHA-256 of the ticket and the lot's number, in hex.")
    served_lately = models.BooleanField()
    place = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=8, choices=SeatState, blank=True, default="")
    offered_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "person"], name="candidate_once"),
            models.UniqueConstraint(fields=["lot", "code"], name="candidate_code_once"),
            models.UniqueConstraint(fields=["lot", "place"], name="candidate_place_once"),
            models.CheckConstraint(name="candidate_code_shape", condition=Q(code__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="candidate_place_from_one", condition=Q(place__isnull=True) | Q(place__gte=1)
            ),
            models.CheckConstraint(
                name="candidate_state_known", condition=Q(state__in=["", *SeatState.values])
            ),
            models.CheckConstraint(
                name="candidate_offered_has_place",
                condition=Q(state="", offered_at__isnull=True, answer_by__isnull=True)
                | Q(
                    ~Q(state=""),
                    place__isnull=False,
                    offered_at__isnull=False,
                    answer_by__isnull=False,
                    answer_by__gt=F("offered_at"),
                ),
            ),
            models.CheckConstraint(
                name="candidate_answered_has_time",
                condition=Q(state__in=["", "offered"], answered_at__isnull=True)
                | Q(
                    ~Q(state__in=["", "offered"]),
                    answered_at__isnull=False,
                    answered_at__gte=F("offered_at"),
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-answered_at"], name="candidate_of_person"),
            models.Index(
                fields=["answer_by", "id"], condition=Q(state="offered"), name="candidate_seat_lapsing"
            ),
        ]
