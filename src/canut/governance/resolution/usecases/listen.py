"""The round: each juror says what they think, the others say it back until they were understood."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.governance.resolution.access import jury_to_sit_in, must_be, restatement_of, statement_in
from canut.governance.resolution.models import LONGEST_WORDS, Restatement, Statement
from canut.governance.resolution.refusals import RestatementAnswered, SaidBack, StatementMade
from canut.governance.resolution.states import JuryState
from canut.governance.resolution.usecases.follow_jury import go_on_if_understood, sitting_in
from canut.kernel.events import record
from canut.kernel.refusals import BadInput
from canut.people.models import Person


@transaction.atomic
def make_statement(*, jury_id: int, by: Person, text: str, at: datetime) -> Statement:
    """Say what one thinks of the conflict, once. Saying the same twice changes nothing.

    Raises:
        NotAMember, JuryNotFound, NotAJuror: as `jury_to_sit_in`. BadInput: no text, or one too long.
        StatementMade: `by` has said something else. JuryNotThere: the jury is not listening.
    """
    jury, seat = jury_to_sit_in(jury_id, by=by, at=at)
    text = _words(text, "text")
    made = Statement.objects.filter(seat=seat).first()
    if made is not None and made.text == text:
        return made
    if made is not None:
        raise StatementMade(_("You have said what you think. Answer those who say it back to you."))
    must_be(jury, JuryState.ROUND)
    statement = Statement.objects.create(seat=seat, text=text, made_at=at)
    record(None, "jury.statement_made", jury, at=at, number=seat.number)
    go_on_if_understood(jury, sitting_in(jury), at=at)
    return statement


@transaction.atomic
def restate(*, jury_id: int, statement_id: int, by: Person, text: str, at: datetime) -> Restatement:
    """Say back in one's own words what another juror said. The same words twice change nothing.

    Raises:
        NotAMember, JuryNotFound, NotAJuror: as `jury_to_sit_in`. BadInput: no text, or one too long.
        StatementNotFound: no other juror has said this.
        SaidBack: what was said back before waits for an answer, or was confirmed.
        JuryNotThere: the jury is not listening.
    """
    jury, seat = jury_to_sit_in(jury_id, by=by, at=at)
    text = _words(text, "text")
    statement = statement_in(jury, statement_id)
    if statement.seat_id == seat.pk:
        raise SaidBack(_("This is what you said yourself. The others say it back to you."))
    before = Restatement.objects.filter(statement=statement, by=seat).order_by("-pk").first()
    if before is not None and before.text == text and before.understood is not False:
        return before
    must_be(jury, JuryState.ROUND)
    if before is not None and before.understood is not False:
        raise SaidBack(
            _("You have been understood in this already.")
            if before.understood
            else _("What you said back waits for an answer. Say it again if it was not what they meant.")
        )
    restatement = Restatement.objects.create(statement=statement, by=seat, text=text, said_at=at)
    record(None, "jury.said_back", jury, at=at, number=seat.number)
    return restatement


@transaction.atomic
def answer_restatement(
    *, jury_id: int, restatement_id: int, by: Person, understood: bool, missed: str, at: datetime
) -> Restatement:
    """Say whether what was said back is what one meant, and if not, what was missed.

    Nobody moves on until all were understood by all. The same answer twice changes nothing.

    Raises:
        NotAMember, JuryNotFound, NotAJuror: as `jury_to_sit_in`.
        RestatementNotFound: it was not said back to `by`. BadInput: a no without what was missed.
        RestatementAnswered: it was answered otherwise. JuryNotThere: the jury is not listening.
    """
    jury, seat = jury_to_sit_in(jury_id, by=by, at=at)
    restatement = restatement_of(jury, seat, restatement_id)
    missed = "" if understood else _words(missed, "missed")
    if (restatement.understood, restatement.missed) == (understood, missed):
        return restatement
    if restatement.understood is not None:
        raise RestatementAnswered(_("You have answered this already."))
    must_be(jury, JuryState.ROUND)
    restatement.understood, restatement.missed, restatement.answered_at = understood, missed, at
    restatement.save(update_fields=["understood", "missed", "answered_at"])
    record(None, "jury.answered", jury, at=at, number=seat.number, understood=understood)
    go_on_if_understood(jury, sitting_in(jury), at=at)
    return restatement


def _words(text: str, field: str) -> str:
    text = text.strip()
    if not 1 <= len(text) <= LONGEST_WORDS or "\0" in text:
        sentence = _("Say it in words, at most 2,000 characters.")
        raise BadInput(
            _("Some of what you entered cannot be accepted. Nothing was kept."), errors={field: sentence}
        )
    return text
