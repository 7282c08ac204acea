"""A review was handed in: it counts for its author's level at once."""

from datetime import datetime, timedelta

from canut.guilds.models import Member, Review
from canut.guilds.review_form import said_in
from canut.guilds.states import ReviewState
from canut.guilds.usecases.decide_levels import decide_levels
from canut.guilds.usecases.widen_reviews import keep_out_the_reviewed
from canut.kernel.events import record
from canut.work.models import Assignment, Submission

LATER = timedelta(microseconds=1)


def read_review(assignment: Assignment, *, at: datetime) -> Review | None:
    """Take what a reviewer handed in as the review it is, and decide the author's level if a window is full.

    Returns None if it is read already, or came for a review that has ended. Reviews of one author's work
    have their order by when they came, no two at the same moment.
    """
    found = Review.objects.filter(task_id=assignment.task_id, state=ReviewState.OPEN).first()
    if found is None:
        return None
    reviewers = Member.objects.filter(guild_id=found.guild_id, person_id=assignment.worker_id)
    reviewer_id = reviewers.values_list("pk", flat=True).get()
    locked = Member.objects.select_for_update(no_key=True).filter(pk__in=[found.author_id, reviewer_id])
    members = {member.pk: member for member in locked.order_by("pk")}
    review = Review.objects.select_for_update(no_key=True).get(pk=found.pk)
    if review.state != ReviewState.OPEN:
        return None
    said = said_in(Submission.objects.get(assignment=assignment, attempt=1).answer)
    last = (
        Review.objects.filter(author=review.author_id, state=ReviewState.DONE).order_by("-ended_at").first()
    )
    ended_at = max(assignment.submitted_at or at, review.opened_at)
    if last is not None and last.ended_at is not None:
        ended_at = max(ended_at, last.ended_at + LATER)
    review.state, review.ended_at, review.next_stage_at = ReviewState.DONE, ended_at, None
    review.reviewer_id, review.assignment = reviewer_id, assignment
    review.verdict, review.would_accept, review.advice = said.verdict, said.would_accept, said.advice
    review.save(
        update_fields=[
            "state",
            "ended_at",
            "next_stage_at",
            "reviewer",
            "assignment",
            "verdict",
            "would_accept",
            "advice",
        ]
    )
    record(None, "guild.review_done", review, at=at, guild_id=review.guild_id)
    decide_levels(member=members[review.author_id], at=at)
    keep_out_the_reviewed(reviewer_id=reviewer_id, at=at)
    return review
