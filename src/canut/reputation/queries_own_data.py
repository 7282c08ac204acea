"""What this room knows of somebody, for their own export.

Who rated them, and how, is nobody's to learn (MECHANISMS 1.2); what follows from it is explained on the site.
What they said of workers `work` tells, which knows of whom they are not told the name.
"""

from canut.kernel.plain_rows import Told, plain_rows
from canut.reputation.models import Qualification, QualificationGrant, Rating, RequesterRecord, Side


def data_of(party_id: int) -> Told:
    """Return what somebody said of requesters, their record as one, and their qualifications."""
    return {
        "ratings_of_requesters": plain_rows(
            Rating.objects.filter(rater_id=party_id, side=Side.REQUESTER),
            "rated__screen_name",
            "value",
            "given_at",
        ),
        "record_as_requester": plain_rows(
            RequesterRecord.objects.filter(owner_id=party_id),
            "approved",
            "returned",
            "rejected",
            "overturned",
            "automatic",
            "appeals_heard",
            "appeals_lost",
            "revisions",
            "revisions_helped",
        ),
        "qualifications_made": plain_rows(
            Qualification.objects.filter(owner_id=party_id),
            "id",
            "name",
            "description",
            "created_at",
            "retired_at",
        ),
        "qualifications_granted": plain_rows(
            QualificationGrant.objects.filter(qualification__owner_id=party_id),
            "qualification_id",
            "worker__screen_name",
            "value",
            "reason",
            "granted_at",
            "ended_at",
            "ended_reason",
        ),
        "qualifications_held": plain_rows(
            QualificationGrant.objects.filter(worker_id=party_id),
            "qualification__name",
            "value",
            "reason",
            "granted_at",
            "ended_at",
            "ended_reason",
        ),
    }
