"""What this room knows of somebody, for their own export."""

from django.db.models import Q

from canut.kernel.plain_rows import Told, plain_rows
from canut.membership.models import (
    ActivityDay,
    AdmissionRefusal,
    AdmissionRequest,
    Candidate,
    CollegeChoice,
    MemberInvitation,
    Membership,
    Voucher,
)


def data_of(party_id: int) -> Told:
    """Return somebody's membership, what led to it, their active days, and the lots they were in."""
    own = {"person_id": party_id}
    return {
        "memberships": plain_rows(
            Membership.objects.filter(**own),
            "way",
            "checked_by",
            "note",
            "admitted_at",
            "ended_at",
            "ended_as",
            "ticket",
        ),
        "members_checked_or_invited": plain_rows(
            Membership.objects.filter(by_id=party_id), "person__party__screen_name", "way", "admitted_at"
        ),
        "requests": plain_rows(
            AdmissionRequest.objects.filter(**own), "words", "state", "asked_at", "ended_at"
        ),
        "requests_refused": plain_rows(
            AdmissionRefusal.objects.filter(request__person_id=party_id),
            "ground",
            "reason",
            "refused_at",
            "state",
            "words",
            "decision",
        ),
        "refusals_given": plain_rows(
            AdmissionRefusal.objects.filter(by_id=party_id), "ground", "reason", "refused_at"
        ),
        "vouched": plain_rows(
            Voucher.objects.filter(by_id=party_id), "request__person__party__screen_name", "given_at"
        ),
        "invitations": plain_rows(
            MemberInvitation.objects.filter(Q(by_id=party_id) | Q(accepted_by_id=party_id)),
            "state",
            "invited_at",
            "lapses_at",
            "ended_at",
        ),
        "active_days": plain_rows(ActivityDay.objects.filter(**own), "day", "worked", "requested"),
        "colleges_chosen": plain_rows(CollegeChoice.objects.filter(**own), "college", "chosen_at"),
        "lots": plain_rows(
            Candidate.objects.filter(**own), "lot_id", "place", "state", "offered_at", "answered_at"
        ),
    }
