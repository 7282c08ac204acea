"""A member stands for the board, changes what they say of themselves, or withdraws."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from canut.governance.board import rules
from canut.governance.board.access import election_known, held_seats, member_of_college
from canut.governance.board.models import LONGEST_STATEMENT, Candidate, Election
from canut.governance.board.refusals import (
    AlreadyOnBoard,
    NominationsOver,
    NotACandidate,
    StatementTooLong,
)
from canut.governance.board.states import ElectionState
from canut.kernel.events import record
from canut.people.models import Person


@transaction.atomic
def stand_for_election(*, election_id: int, by: Person, statement: str, at: datetime) -> Candidate:
    """Make `by` a candidate of their college's election, with what they say of themselves to voters.

    Doing it again changes the statement; who withdrew stands again, under the number they had.

    Raises:
        ElectionNotFound: there is none of this number. NominationsOver: nobody can stand any more.
        OfAnotherCollege: `by` is an active member of another college. Else what
            `membership.access.require_active_member` raises.
        AlreadyOnBoard: the election fills empty seats of a term in which `by` sits.
        StatementTooLong: it has over 2,000 characters, or one that cannot be stored.
    """
    election = _open_to_candidates(election_id, at=at)
    member_of_college(by, election.college, at=at)
    if election.is_for_rest and held_seats().filter(candidate__person=by).exists():
        raise AlreadyOnBoard(_("You sit on the board already, until its term ends."))
    statement = statement.strip()
    if len(statement) > LONGEST_STATEMENT or "\0" in statement:
        sentence = _("Say it in at most 2,000 characters of ordinary text.")
        raise StatementTooLong(sentence, errors={"statement": sentence})
    candidate = Candidate.objects.filter(election=election, person=by).first()
    if candidate is None:
        candidate = _new(election, by, statement, at=at)
    elif candidate.withdrew_at is None and candidate.statement == statement:
        return candidate
    else:
        candidate.statement, candidate.withdrew_at = statement, None
        candidate.save(update_fields=["statement", "withdrew_at"])
    record(by, "election.stood", election, at=at, candidate=candidate.number)
    return candidate


@transaction.atomic
def withdraw_candidacy(*, election_id: int, by: Person, at: datetime) -> Candidate:
    """Take `by`'s name off the election while members may stand. What they said goes. Repeating it is safe.

    Raises:
        ElectionNotFound: there is none of this number. NominationsOver: the ballots are made.
        NotACandidate: `by` does not stand in it.
    """
    election = _open_to_candidates(election_id, at=at)
    candidate = Candidate.objects.filter(election=election, person=by).first()
    if candidate is None:
        raise NotACandidate(_("You do not stand in this election."))
    if candidate.withdrew_at is None:
        candidate.withdrew_at, candidate.statement = at, ""
        candidate.save(update_fields=["withdrew_at", "statement"])
        record(by, "election.withdrew", election, at=at, candidate=candidate.number)
    return candidate


def _open_to_candidates(election_id: int, *, at: datetime) -> Election:
    election = election_known(election_id, lock=True)
    if election.state != ElectionState.NOMINATIONS or at >= election.nominations_end_at:
        raise NominationsOver(
            _("Members could stand or withdraw until %(when)s.")
            % {"when": date_format(localtime(election.nominations_end_at), "DATETIME_FORMAT")},
            nominations_end_at=election.nominations_end_at.isoformat(),
        )
    return election


def _new(election: Election, by: Person, statement: str, *, at: datetime) -> Candidate:
    last = Candidate.objects.filter(election=election).aggregate(last=Max("number"))["last"]
    salt = secrets.token_bytes(rules.SALT_BYTES)
    return Candidate.objects.create(
        election=election,
        person=by,
        number=(last or 0) + 1,
        statement=statement,
        salt=salt,
        pseudonym=rules.pseudonym(salt, election=election.pk, person=by.pk),
        stood_at=at,
    )
