"""What this room knows of somebody, for their own export.

How they voted is not among it: once a vote has ended, nothing ties a ballot to who cast it (MECHANISMS 7.8).
"""

from django.db.models import Q

from canut.governance.ballots.models import Elector
from canut.governance.board import models as board
from canut.governance.models import (
    Assessment,
    Proposal,
    ProposalFounder,
    ProposalVersion,
    SenseCheck,
    Support,
)
from canut.governance.moratoria import models as moratoria
from canut.governance.resolution import models as resolution
from canut.kernel.plain_rows import Told, plain_rows


def data_of(party_id: int) -> Told:
    """Return what somebody proposed, supported and said in decisions, and which votes they were asked in."""
    own, by = {"person_id": party_id}, {"by_id": party_id}
    return {
        "proposals": plain_rows(
            Proposal.objects.filter(author_id=party_id), "id", "kind", "state", "began_at", "ended_at"
        ),
        "versions_written": plain_rows(
            ProposalVersion.objects.filter(Q(**by)),
            "proposal_id",
            "number",
            "language",
            "title",
            "text",
            "translated_title",
            "translated_text",
            "note",
            "made_at",
        ),
        "named_as_founder": plain_rows(
            ProposalFounder.objects.filter(**own), "guild__version__proposal_id", "level"
        ),
        "proposals_supported": plain_rows(Support.objects.filter(**own), "proposal_id", "given_at"),
        "sense_checks": plain_rows(
            SenseCheck.objects.filter(**own), "proposal_id", "version_number", "stance", "reason", "given_at"
        ),
        "feasibility_answers": plain_rows(
            Assessment.objects.filter(**by), "proposal_id", "outcome", "reason", "help", "said_at"
        ),
        "votes": plain_rows(
            Elector.objects.filter(**own), "vote__title_en", "vote__title_fr", "college", "voted_at"
        ),
        **_of_the_board(party_id),
        "moratoria_moved": plain_rows(
            moratoria.Motion.objects.filter(mover_id=party_id), "algorithm", "reason", "state", "moved_at"
        ),
        "moratoria_supported": plain_rows(
            moratoria.MotionSupport.objects.filter(**own), "motion_id", "given_at"
        ),
        "resolution_juries_called": plain_rows(
            resolution.Jury.objects.filter(caller_id=party_id),
            "proposal_id",
            "reason",
            "state",
            "called_at",
        ),
        "resolution_seats": plain_rows(
            resolution.Seat.objects.filter(**own), "jury_id", "college", "taken_at", "left_at"
        ),
        "said_on_juries": plain_rows(
            resolution.Statement.objects.filter(seat__person_id=party_id), "seat__jury_id", "text", "made_at"
        ),
        "understood_on_juries": plain_rows(
            resolution.Restatement.objects.filter(by__person_id=party_id), "by__jury_id", "text", "said_at"
        ),
        "wordings_put": plain_rows(
            resolution.Wording.objects.filter(by__person_id=party_id), "jury_id", "content", "put_at"
        ),
    }


def _of_the_board(party_id: int) -> Told:
    own, by = {"person_id": party_id}, {"by_id": party_id}
    return {
        "board_candidacies": plain_rows(
            board.Candidate.objects.filter(**own),
            "election_id",
            "statement",
            "pseudonym",
            "stood_at",
            "withdrew_at",
        ),
        "board_elections": plain_rows(
            board.BoardElector.objects.filter(**own), "election__college", "election__opened_at", "voted_at"
        ),
        "board_seats": plain_rows(
            board.Seat.objects.filter(candidate__person_id=party_id),
            "began_at",
            "term_ends_at",
            "ended_at",
            "ended_as",
        ),
        "board_motions": plain_rows(
            board.Motion.objects.filter(by__candidate__person_id=party_id),
            "kind",
            "reason",
            "state",
            "opened_at",
        ),
        "board_motion_votes": plain_rows(
            board.MotionVote.objects.filter(seat__candidate__person_id=party_id),
            "motion_id",
            "choice",
            "words",
            "said_at",
        ),
        "recalls_begun": plain_rows(
            board.RecallPetition.objects.filter(**by), "reason", "state", "opened_at", "ended_at"
        ),
        "recalls_signed": plain_rows(board.RecallSignature.objects.filter(**by), "petition_id", "signed_at"),
    }
