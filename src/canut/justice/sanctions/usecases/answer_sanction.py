"""The one a sanction touches answers, or asks that another person look at it again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.justice.files import SentFile
from canut.justice.sanctions.access import own_sanction
from canut.justice.sanctions.models import LONGEST_TEXT, Answer, Review, Sanction
from canut.justice.sanctions.refusals import (
    SanctionEnded,
    SanctionIncomplete,
    SanctionNotDelivered,
    TooManySanctionAnswers,
)
from canut.justice.sanctions.states import Ended
from canut.justice.sanctions.usecases.keep_file import keep_files
from canut.kernel.events import record
from canut.kernel.later import later
from canut.ledger.usecases.refuse_payment import let_payment_refusal_lapse
from canut.people.models import Person
from canut.people.usecases.restrict_person import let_restriction_lapse

MOST_ANSWERS = 20


@transaction.atomic
def answer_sanction(
    *, sanction_id: int, words: str, files: Sequence[SentFile] = (), by: Person, at: datetime
) -> Answer:
    """Say something to a sanction, with files if one likes. The same words again are kept once.

    Whoever is shut out answers too: the link in the mail is enough.

    Raises:
        SanctionNotFound: it touches somebody else. SanctionEnded: it holds no more.
        SanctionIncomplete: nothing is said, or too much. TooManySanctionAnswers: there are twenty.
        CaseFile…, TooManySanctionFiles: a file cannot be kept.
    """
    sanction = own_sanction(sanction_id, by=by, lock=True)
    words = words.replace("\0", "").strip()
    again = Answer.objects.filter(sanction=sanction, words=words).first() if words and not files else None
    if again is not None:
        return again
    _must_hold(sanction)
    if not words or len(words) > LONGEST_TEXT:
        said = (
            _("At most %(count)s characters.") % {"count": LONGEST_TEXT}
            if words
            else _("Write something; files go along with words.")
        )
        raise SanctionIncomplete(said, errors={"words": [said]})
    if sanction.answers.count() >= MOST_ANSWERS:
        raise TooManySanctionAnswers(
            _("You have answered %(count)s times, which is as often as one can.") % {"count": MOST_ANSWERS}
        )
    keep_files(sanction, files, is_evidence=False, at=at)
    made = Answer.objects.create(sanction=sanction, words=words, given_at=at)
    record(by, "sanction.answered", sanction, at=at)
    return made


@transaction.atomic
def ask_review(*, sanction_id: int, words: str = "", by: Person, at: datetime) -> Review:
    """Ask that another person look at a sanction again. Asking twice changes nothing.

    From now on it ends by itself unless somebody else says in time that it stands.

    Raises:
        SanctionNotFound: it touches somebody else. SanctionEnded: it holds no more.
        SanctionNotDelivered: its reasons have not been delivered.
    """
    sanction = own_sanction(sanction_id, by=by, lock=True)
    asked = Review.objects.filter(sanction=sanction).first()
    if asked is not None:
        return asked
    _must_hold(sanction)
    if sanction.delivered_at is None:
        raise SanctionNotDelivered(_("Its reasons are on their way to you. Read them first, then ask."))
    days = in_force("sanction.review_days", at=at, scope=Scope(country=sanction.person.country))
    review_by = at + timedelta(days=days)
    made = Review.objects.create(
        sanction=sanction,
        words=words.replace("\0", "").strip()[:LONGEST_TEXT],
        asked_at=at,
        review_by=review_by,
    )
    let_restriction_lapse(sanction_id=sanction.pk, lapses_at=review_by, at=at)
    let_payment_refusal_lapse(sanction_id=sanction.pk, lapses_at=review_by, at=at)
    record(by, "sanction.review_asked", sanction, at=at)
    later("justice.tell_sanction_reviewers", sanction_id=sanction.pk)
    return made


def _must_hold(sanction: Sanction) -> None:
    if sanction.ended_at is not None:
        raise SanctionEnded(
            _("This sanction holds no more: %(how)s.") % {"how": Ended(sanction.ended_how).label},
            ended_how=sanction.ended_how,
        )
