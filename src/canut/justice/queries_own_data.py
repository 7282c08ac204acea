"""What this room knows of somebody, for their own export. Who flagged or judged them is told to nobody."""

from django.db.models import Q

from canut.justice.flags.access import told_to_author
from canut.justice.flags.models import Flag, Objection
from canut.justice.jury.models import Seat
from canut.justice.mediation.models import (
    Agreement,
    Dispute,
    DisputeFile,
    Mandate,
    Mediator,
    Message,
    Precedent,
)
from canut.justice.models import Case, CaseFile
from canut.justice.sanctions.models import Answer, Proposal, Review, Sanction
from canut.justice.sanctions.states import ProposalState
from canut.kernel.plain_rows import Told, plain_rows

_FILE = ("filename", "media_type", "size_bytes", "sha256")


def data_of(party_id: int) -> Told:
    """Return somebody's cases, seats on juries, flags, disputes and sanctions."""
    own, by = {"person_id": party_id}, {"by_id": party_id}
    return {
        "cases": plain_rows(
            Case.objects.filter(party_id=party_id),
            "kind",
            "words",
            "state",
            "opened_at",
            "decided_at",
            "reason",
        ),
        "files_of_cases": plain_rows(CaseFile.objects.filter(case__party_id=party_id), *_FILE),
        "seats_on_juries": plain_rows(
            Seat.objects.filter(**own), "state", "offered_at", "ended_at", "vote", "reason"
        ),
        "flags_raised": plain_rows(
            Flag.objects.filter(**by),
            "matter__subject_kind",
            "matter__subject_id",
            "ground",
            "words",
            "at",
        ),
        "hidden_or_flagged": plain_rows(
            told_to_author(party_id),
            "subject_kind",
            "subject_id",
            "said",
            "state",
            "hidden_at",
            "ground",
            "reason",
            "decided_at",
        ),
        "objections": plain_rows(
            Objection.objects.filter(matter__whose_id=party_id), "words", "state", "made_at", "answer"
        ),
        "disputes": plain_rows(
            Dispute.objects.filter(Q(complainant_id=party_id) | Q(other_id=party_id)),
            "topic",
            "happened_on",
            "words",
            "wish",
            "state",
            "begun_at",
            "complaint",
            "reply",
            "recommendation",
            "ended_at",
        ),
        "messages_in_disputes": plain_rows(Message.objects.filter(**by), "dispute_id", "text", "written_at"),
        "files_in_disputes": plain_rows(DisputeFile.objects.filter(**by), "dispute_id", *_FILE),
        "agreements_put": plain_rows(Agreement.objects.filter(**by), "dispute_id", "text", "proposed_at"),
        "mediator": plain_rows(Mediator.objects.filter(**own), "appointed_at", "ended_at"),
        "mandates": plain_rows(Mandate.objects.filter(**own), "dispute_id", "since", "until", "end"),
        "precedents_written": plain_rows(
            Precedent.objects.filter(**by), "topic", "title_en", "text_en", "title_fr", "text_fr", "state"
        ),
        # One that waits for somebody to look at it is no more than a program's guess (MECHANISMS 5.5).
        "sanctions_proposed": plain_rows(
            Proposal.objects.filter(**own).exclude(state=ProposalState.OPEN),
            "kind",
            "ground",
            "facts",
            "made_at",
            "state",
            "closed_at",
        ),
        "sanctions": plain_rows(
            Sanction.objects.filter(**own),
            "kind",
            "bars",
            "days",
            "currency",
            "amount_minor",
            "ground",
            "evidence",
            "reason",
            "decided_at",
            "delivered_at",
            "takes_effect_at",
            "ends_at",
            "ended_at",
            "end_reason",
        ),
        "reviews_of_sanctions": plain_rows(
            Review.objects.filter(sanction__person_id=party_id),
            "words",
            "asked_at",
            "outcome",
            "reason",
            "reviewed_at",
        ),
        "answers_to_sanctions": plain_rows(
            Answer.objects.filter(sanction__person_id=party_id), "words", "given_at"
        ),
    }
