"""An operator voids a review that must not count: levels are what they would be without it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.guilds.credentials.models import RevokedFor
from canut.guilds.models import LevelContest, Member, Review
from canut.guilds.states import ReviewState
from canut.guilds.usecases.decide_levels import decide_levels
from canut.kernel.events import record
from canut.kernel.refusals import BadInput, NotAllowed, NotFound, Refusal
from canut.people.models import Person
from canut.work.access import require_operator

LONGEST_REASON = 2_000


class ReviewNotFound(NotFound):
    code = "review_not_found"


class ReviewNotDone(Refusal):
    """There is nothing to void: the review waits for a reviewer, or lapsed."""

    code = "review_not_done"


class PartInReview(NotAllowed):
    """Whoever wrote a review, or whose work it is about, does not decide whether it counts."""

    code = "part_in_review"


@transaction.atomic
def void_review(*, review_id: int, by: Person, reason: str, at: datetime) -> Review:
    """Let a review count no more, and recompute its author's windows, level, standing and badges.

    What was decided and does not follow from the other reviews is superseded, and kept to be looked at. The
    reviewer is paid all the same. Voiding twice is safe: the first reason stands.

    Raises:
        OperatorRoleMissing: `by` is no operator. PartInReview: it is theirs, or about their work.
        ReviewNotFound: there is none. ReviewNotDone: nobody has done it.
        BadInput: without a reason, or with one that is too long.
    """
    require_operator(by)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\0" in reason:
        raise BadInput(
            _("Say why the review must not count. Nothing was changed."),
            errors={"reason": _("Give a reason of at most 2,000 characters.")},
        )
    found = Review.objects.filter(pk=review_id).first() if 0 < review_id < 2**63 else None
    if found is None:
        raise ReviewNotFound(_("There is no such review."))
    author = Member.objects.select_for_update(no_key=True).get(pk=found.author_id)
    rows = Review.objects.select_for_update(of=("self",), no_key=True).select_related("reviewer")
    review = rows.get(pk=found.pk)
    if review.state != ReviewState.DONE or review.reviewer is None:
        raise ReviewNotDone(_("Nobody has done this review, so there is nothing to void."))
    if by.pk in (author.person_id, review.reviewer.person_id):
        raise PartInReview(_("You took part in this review. Another operator must decide whether it counts."))
    if review.voided_at is not None:
        return review
    review.voided_at, review.voided_by, review.void_reason = at, by, reason
    review.save(update_fields=["voided_at", "voided_by", "void_reason"])
    record(by, "guild.review_voided", review, at=at, guild_id=review.guild_id)
    decide_levels(member=author, at=at, because=RevokedFor.REVIEW_VOIDED)
    return review


def void_contested_reviews(contest: LevelContest, *, at: datetime) -> None:
    """Let the reviews that a won contest was about count no more, and recompute their author's level.

    The member's row must be locked. One that an operator has voided meanwhile stays as it was.
    """
    reviews = Review.objects.filter(pk__in=contest.review_ids, state=ReviewState.DONE, voided_at__isnull=True)
    for review in reviews.select_for_update(no_key=True).order_by("pk"):
        review.voided_at, review.voided_in = at, contest
        review.save(update_fields=["voided_at", "voided_in"])
        record(None, "guild.review_voided", review, at=at, guild_id=review.guild_id)
    decide_levels(member=contest.decision.member, at=at, because=RevokedFor.REVIEW_VOIDED)
