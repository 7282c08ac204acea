"""Situations of contested levels, refusals to admit somebody, and the statistics on justice."""

from datetime import timedelta

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.guilds import guild, work_for
from tests.api.scenarios.registry import says
from tests.guilds.crafts import by_rules
from tests.guilds.reviewed import review_of
from tests.membership.members import admitted
from tests.work.duties import fill_fund

from canut.guilds.models import LevelDecision, Member
from canut.membership.models import AdmissionRefusal
from canut.membership.usecases.ask_admission import ask_admission
from canut.membership.usecases.refuse_admission import refuse_admission


def decided(cast: Cast, verdict: int = 1, *, days_ago: int = 0) -> LevelDecision:
    """A decision on the worker's level in a guild, by one review."""
    at = cast.at - timedelta(days=days_ago)
    fill_fund(100_000)
    by_rules(draw_items=1, window_reviews=1, scarce_members=100, at=at - timedelta(hours=1))
    craft = guild(cast, founders={cast.worker.screen_name: 1, cast.peer.screen_name: 2}, at=at)
    author = Member.objects.get(guild=craft, person=cast.worker)
    review_of(author, cast.peer, verdict, project=work_for(cast, craft), at=at)
    return LevelDecision.objects.get(member=author)


def contest(cast: Cast, guild_id: int, *, items: list[int]) -> Call:
    path = f"/guilds/{guild_id}/membership/decisions/1/contest"
    return cast.post(cast.worker, path, {"items": items, "words": "It was as asked."})


says("contest_a_level", "200")(lambda cast: contest(cast, decided(cast).member.guild_id, items=[1]))
says("contest_a_level", "bad_input")(lambda cast: contest(cast, decided(cast).member.guild_id, items=[9]))
says("contest_a_level", "level_rose")(lambda cast: contest(cast, decided(cast, 4).member.guild_id, items=[1]))
says("contest_a_level", "guild_not_found")(lambda cast: contest(cast, 987654321, items=[1]))


@says("contest_a_level", "not_a_guild_member")
def _(cast: Cast) -> Call:
    return contest(cast, guild(cast).pk, items=[1]).but(by=cast.peer)


@says("contest_a_level", "level_decision_not_found")
def _(cast: Cast) -> Call:
    return contest(cast, guild(cast).pk, items=[1])


@says("contest_a_level", "level_contest_too_late")
def _(cast: Cast) -> Call:
    return contest(cast, decided(cast, days_ago=15).member.guild_id, items=[1])


def refused(cast: Cast) -> AdmissionRefusal:
    """A refusal to admit the worker."""
    request = ask_admission(by=cast.worker, at=cast.at)
    return refuse_admission(
        request_id=request.pk, by=cast.operator, ground="identity", reason="Not seen.", at=cast.at
    )


def object_to(cast: Cast, refusal_id: int) -> Call:
    return cast.post(cast.worker, f"/membership/refusals/{refusal_id}/contest", {"words": "I was seen."})


@says("list_admission_refusals", "200")
def _(cast: Cast) -> Call:
    refused(cast)
    return cast.get(cast.worker, "/membership/refusals")


says("contest_an_admission_refusal", "200")(lambda cast: object_to(cast, refused(cast).pk))
says("contest_an_admission_refusal", "admission_refusal_not_found")(
    lambda cast: object_to(cast, refused(cast).pk).but(by=cast.stranger)
)


@says("contest_an_admission_refusal", "already_admitted")
def _(cast: Cast) -> Call:
    refusal = refused(cast)
    admitted(cast.worker, at=cast.at)
    return object_to(cast, refusal.pk)


@says("contest_an_admission_refusal", "refusal_contest_too_late")
def _(cast: Cast) -> Call:
    request = ask_admission(by=cast.worker, at=cast.at - timedelta(days=31))
    refusal = refuse_admission(
        request_id=request.pk,
        by=cast.operator,
        ground="identity",
        reason="Not seen.",
        at=cast.at - timedelta(days=31),
    )
    return object_to(cast, refusal.pk)


says("list_statistics_years", "200")(lambda cast: cast.get(None, "/justice/statistics"))
says("get_statistics_year", "200")(lambda cast: cast.get(None, f"/justice/statistics/{cast.at.year}"))
says("get_statistics_year", "statistics_year_not_found")(
    lambda cast: cast.get(None, "/justice/statistics/1900")
)
