"""A member contests what a window of reviews did to their level; what its peers decide is noted here."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.guilds.access import own_membership
from canut.guilds.models import LevelContest, LevelDecision, Member, Review
from canut.guilds.states import ContestState
from canut.guilds.usecases.void_review import void_contested_reviews
from canut.kernel.events import record
from canut.kernel.refusals import BadInput, NotFound, Refusal
from canut.people.models import Person
from canut.work.states import HeardBy

LONGEST_WORDS = 2_000


class LevelDecisionNotFound(NotFound):
    code = "level_decision_not_found"


class LevelRose(Refusal):
    """Only a level that fell or stayed is contested."""

    code = "level_rose"


class LevelContestTooLate(Refusal):
    code = "level_contest_too_late"


@transaction.atomic
def contest_level(
    *, guild_id: int, number: int, by: Person, items: Collection[int], words: str = "", at: datetime
) -> LevelContest:
    """Contest the decision that has this number now; `items` are those whose reviews must not count.

    Contesting it again returns the first contest.

    Raises:
        GuildNotFound, NotAMember: `by` was never in it. LevelDecisionNotFound: there is none that counts.
        LevelRose: the level rose. LevelContestTooLate: the charter's time for it is over.
        BadInput: no item was named, or one that the decision did not go by; or the words are too long.
    """
    member = own_membership(guild_id, by=by, left_too=True)
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    decision = decision_to_contest(member, number)
    existing = LevelContest.objects.filter(decision=decision).first()
    if existing is not None:
        return existing
    if decision.after > decision.before:
        raise LevelRose(_("This decision lifted your level, so there is nothing to contest."))
    if at >= contest_until(decision):
        raise LevelContestTooLate(_("The time to contest this decision is over."))
    words = words.replace("\0", " ").strip()
    if len(words) > LONGEST_WORDS:
        sentence = _("Say it in at most 2,000 characters.")
        raise BadInput(sentence, errors={"words": sentence})
    contest = LevelContest.objects.create(
        decision=decision, review_ids=_reviews_of(decision, items), words=words, contested_at=at
    )
    record(by, "guild.level_contested", contest, at=at, guild_id=guild_id, reviews=len(contest.review_ids))
    return contest


@transaction.atomic
def end_level_contest(
    *, contest_id: int, state: ContestState, by: HeardBy, reason: str = "", at: datetime
) -> LevelContest:
    """End a contest as its peers said, as nobody did, or because it was taken back. Twice is safe.

    If it falls, the reviews it is about count no more, and the level is what it is without them.
    """
    found = LevelContest.objects.select_related("decision").get(pk=contest_id)
    member = Member.objects.select_for_update(no_key=True).get(pk=found.decision.member_id)
    contest = LevelContest.objects.select_for_update(no_key=True).get(pk=contest_id)
    if contest.state != ContestState.OPEN:
        return contest
    contest.decision.member = member
    contest.state, contest.ended_by, contest.reason, contest.ended_at = state, by, reason, at
    contest.save(update_fields=["state", "ended_by", "reason", "ended_at"])
    if state == ContestState.FALLS:
        void_contested_reviews(contest, at=at)
    record(None, "guild.level_contest_ended", contest, at=at, guild_id=member.guild_id, outcome=str(state))
    return contest


def decision_to_contest(member: Member, number: int) -> LevelDecision:
    """Return the decision on a member's level that has this number now.

    Raises:
        LevelDecisionNotFound: there is none, or it does not count any more.
    """
    rows = LevelDecision.objects.filter(member=member, superseded_at__isnull=True)
    decision = rows.filter(number=number).first() if 0 < number < 2**31 else None
    if decision is None:
        raise LevelDecisionNotFound(_("There is no such decision on your level that counts."))
    return decision


def contest_until(decision: LevelDecision) -> datetime:
    """Return until when a decision may be contested, by the charter in force when it was made."""
    return decision.decided_at + timedelta(days=in_force("jury.level_appeal_days", at=decision.decided_at))


def _reviews_of(decision: LevelDecision, items: Collection[int]) -> list[int]:
    rows = Review.objects.filter(pk__in=decision.review_ids).values_list("item__number", "pk")
    by_item = dict(rows)
    if not items or not set(items) <= set(by_item):
        sentence = _("Choose at least one of the reviews that this decision went by.")
        raise BadInput(sentence, errors={"items": sentence})
    named = {by_item[item] for item in items}
    return [pk for pk in decision.review_ids if pk in named]
