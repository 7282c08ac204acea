"""What the reviews of a member's work say, as the rules of levels take it."""

from canut.guilds.in_force import level_rule
from canut.guilds.models import Member, Review
from canut.guilds.rules_levels import Verdict
from canut.guilds.states import ReviewState


def verdicts_of(member: Member) -> list[Verdict]:
    """Return every review of a member's work that was handed in, in the order they came.

    Each with the rule that was in force in the guild when it came, and voided ones marked.
    """
    rows = Review.objects.filter(author=member, state=ReviewState.DONE).order_by("ended_at", "pk")
    return [
        Verdict(pk, verdict, level_rule(member.guild_id, at=ended_at), is_voided=voided_at is not None)
        for pk, verdict, ended_at, voided_at in rows.values_list("pk", "verdict", "ended_at", "voided_at")
        if verdict is not None and ended_at is not None
    ]
