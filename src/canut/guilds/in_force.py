"""The charter's numbers for guilds at one moment, as the rules take them."""

from datetime import datetime

from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.guilds.rules_levels import LevelRule
from canut.guilds.rules_reviewers import ReviewerRule


def level_rule(guild_id: int, *, at: datetime) -> LevelRule:
    """Return by which numbers levels move in a guild at `at`."""
    scope = Scope(guild=guild_id)
    return LevelRule(
        window=in_force("guild.window_reviews", at=at, scope=scope),
        rise_two=in_force("guild.rise_two_review", at=at, scope=scope),
        rise_one=in_force("guild.rise_one_review", at=at, scope=scope),
        fall=in_force("guild.fall_review", at=at, scope=scope),
        lowest=in_force("guild.first_level", at=at),
        highest=in_force("guild.highest_level", at=at),
    )


def reviewer_rule(guild_id: int, *, at: datetime) -> ReviewerRule:
    """Return by which numbers reviewers are found in a guild at `at`."""
    scope = Scope(guild=guild_id)
    return ReviewerRule(
        reviewer_levels_above=in_force("guild.reviewer_levels_above", at=at, scope=scope),
        neighbour_levels_above=in_force("guild.neighbour_levels_above", at=at, scope=scope),
        scarce_members=in_force("guild.scarce_members", at=at, scope=scope),
        reciprocity_least_members=in_force("guild.reciprocity_least_members", at=at, scope=scope),
        first_offer_members=in_force("guild.first_offer_members", at=at, scope=scope),
        offer_all_hours=in_force("guild.offer_all_hours", at=at, scope=scope),
        offer_neighbours_hours=in_force("guild.offer_neighbours_hours", at=at, scope=scope),
        review_lapse_days=in_force("guild.review_lapse_days", at=at, scope=scope),
    )
