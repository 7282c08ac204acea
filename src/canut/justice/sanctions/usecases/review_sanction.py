"""Another person looks at a sanction again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.justice.sanctions.access import sanction_as_operator
from canut.justice.sanctions.models import LEAST_REASON, LONGEST_TEXT, Review
from canut.justice.sanctions.refusals import (
    SanctionEnded,
    SanctionIncomplete,
    SanctionReviewByAnother,
    SanctionReviewed,
    SanctionReviewNotAsked,
)
from canut.justice.sanctions.states import Ended, Outcome
from canut.justice.sanctions.usecases.end_sanction import end
from canut.kernel.events import record
from canut.kernel.later import later
from canut.ledger.usecases.refuse_payment import let_payment_refusal_lapse
from canut.people.models import Person
from canut.people.usecases.restrict_person import let_restriction_lapse


@transaction.atomic
def review_sanction(*, sanction_id: int, outcome: str, reason: str, by: Person, at: datetime) -> Review:
    """Say that a sanction stands or falls. Saying the same twice changes nothing.

    Raises:
        OperatorRoleMissing: `by` does not run the site. SanctionNotFound: there is none.
        SanctionReviewNotAsked: nobody asked for it. SanctionReviewed: another person has said it already.
        SanctionEnded: it holds no more, or its time for this is over.
        SanctionReviewByAnother: `by` decided it, or it touches them.
        SanctionIncomplete: the outcome is unknown or the reason too short.
    """
    sanction = sanction_as_operator(sanction_id, by=by, lock=True)
    review = Review.objects.filter(sanction=sanction).first()
    if review is None:
        raise SanctionReviewNotAsked(_("Whom it touches has not asked for it. They can at any time."))
    if review.outcome and review.reviewer_id == by.pk and review.outcome == outcome:
        return review
    if review.outcome:
        raise SanctionReviewed(
            _("Another person has looked at it and said so: it is done."), outcome=review.outcome
        )
    if by.pk in (sanction.decided_by_id, sanction.person_id):
        raise SanctionReviewByAnother(
            _("You decided this sanction, or it touches you. Another person who runs the site looks at it.")
        )
    if sanction.ended_at is not None or at >= review.review_by:
        raise SanctionEnded(
            _("The time for this is over, or the sanction was taken back: it holds no more."),
            ended_how=sanction.ended_how or str(Ended.LAPSED),
        )
    reason = reason.replace("\0", "").strip()
    errors: dict[str, list[str]] = {}
    if outcome not in Outcome.values:
        errors["outcome"] = [_("Say whether it stands or falls.")]
    if not LEAST_REASON <= len(reason) <= LONGEST_TEXT:
        errors["reason"] = [
            _("Write between %(least)s and %(most)s characters: what you weighed, and why you say so.")
            % {"least": LEAST_REASON, "most": LONGEST_TEXT}
        ]
    if errors:
        raise SanctionIncomplete(_("Nothing was decided: something is missing."), errors=errors)
    review.outcome, review.reason, review.reviewer, review.reviewed_at = outcome, reason, by, at
    review.save(update_fields=["outcome", "reason", "reviewer", "reviewed_at"])
    record(by, "sanction.reviewed", sanction, at=at, outcome=outcome)
    if outcome == Outcome.FALLS:
        end(sanction, Ended.REVERSED, by=by, reason=reason, at=at)
    else:
        let_restriction_lapse(sanction_id=sanction.pk, lapses_at=None, at=at)
        let_payment_refusal_lapse(sanction_id=sanction.pk, lapses_at=None, at=at)
        later("justice.tell_sanction_stands", sanction_id=sanction.pk)
    return review
