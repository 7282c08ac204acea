"""Settings of guilds: the levels that reviews of the time bring about, and how many reviews are drawn."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from canut.charter.rules import Scope
from canut.guilds.models import Item, Member, Review
from canut.guilds.queries.verdicts import verdicts_of
from canut.guilds.rules_levels import LevelRule, Verdict, decided
from canut.guilds.states import BlockState, ReviewState
from canut.lab.replays.asked import Asked, Found, note
from canut.lab.replays.charters import Charter
from canut.lab.replays.groups import Measured, tabled
from canut.lab.replays.money import TENTHS
from canut.lab.replays.openings_read import incomes
from canut.lab.replays.report import Check, Figure

LEVELS = (
    "guild.window_reviews",
    "guild.rise_two_review",
    "guild.rise_one_review",
    "guild.fall_review",
    "guild.first_level",
    "guild.highest_level",
)
DRAW = "guild.draw_items"


def replay(asked: Asked) -> Found:
    """Return where the reviews that came would have brought the members of guilds."""
    moves = {"up": [0, 0], "down": [0, 0]}
    members: dict[int, Measured] = defaultdict(Measured)
    alike = count = 0
    sizes = incomes(asked.since, asked.until, using=asked.using)
    reviewed = Review.objects.using(asked.using).filter(state=ReviewState.DONE)
    ids = set(reviewed.values_list("author_id", flat=True))
    rows = Member.objects.using(asked.using).filter(pk__in=ids).order_by("pk")
    for member in asked.through(list(rows)):
        given = verdicts_of(member)
        ends = []
        for number, charter in enumerate((asked.was, asked.tried)):
            found = decided(member.first_level, _ruled(member, given, charter, asked))
            ends.append(found[-1].after if found else member.first_level)
            moves["up"][number] += sum(one.after > one.before for one in found)
            moves["down"][number] += sum(one.after < one.before for one in found)
        count, alike = count + 1, alike + (ends[0] == member.level)
        own = members[member.person_id]
        own.size = sizes.get(member.person_id, 0)
        own.before, own.after, own.things = own.before + ends[0], own.after + ends[1], own.things + 1
    return Found(
        family="guilds",
        workers=tabled(
            members, measure="level", unit="level", most_groups=TENTHS, least_people=asked.least_people
        ),
        figures=[
            Figure(code="levels_risen", unit="count", before=moves["up"][0], after=moves["up"][1]),
            Figure(code="levels_fallen", unit="count", before=moves["down"][0], after=moves["down"][1]),
        ],
        checks=[Check(code="levels_kept", unit="count", on_record=count, again=alike)],
        taken_for_granted=[note("reviews_are_the_same")],
        unknown=[note("who_would_review")],
    )


def draws(asked: Asked) -> Found:
    """Return how many reviews would have been drawn of what members completed, and what they cost."""
    items = Item.objects.using(asked.using).filter(
        completed_at__gte=asked.since, completed_at__lt=asked.until
    )
    completed: dict[tuple[int, int], int] = defaultdict(int)
    for member, guild in items.values_list("member_id", "member__guild_id"):
        completed[member, guild] += 1
    drawn = [
        sum(
            number // charter.value(DRAW, at=asked.until, scope=Scope(guild=guild))
            for (_member, guild), number in completed.items()
        )
        for charter in (asked.was, asked.tried)
    ]
    full = Item.objects.using(asked.using).filter(
        completed_at__gte=asked.since,
        completed_at__lt=asked.until,
        block__state=BlockState.DRAWN,
    )
    reviews = Review.objects.using(asked.using).filter(opened_at__gte=asked.since, opened_at__lt=asked.until)
    pay = [one for one in reviews.values_list("task__revision__reward_minor", flat=True) if one is not None]
    each = Decimal(sum(pay)) / len(pay) if pay else Decimal(0)
    return Found(
        family="guilds",
        figures=[
            Figure(code="items_completed", unit="count", before=items.count(), after=items.count()),
            Figure(code="reviews_drawn", unit="count", before=drawn[0], after=drawn[1]),
            Figure(
                code="reviews_cost", unit="minor", before=round(drawn[0] * each), after=round(drawn[1] * each)
            ),
        ],
        checks=[
            Check(
                code="blocks_drawn",
                unit="count",
                on_record=full.values("block").distinct().count(),
                again=drawn[0],
            )
        ],
        taken_for_granted=[note("blocks_begin_anew"), note("reviews_cost_the_mean")],
        unknown=[note("who_would_review")],
    )


def _ruled(member: Member, given: list[Verdict], charter: Charter, asked: Asked) -> list[Verdict]:
    """Return the verdicts with the rule that the charter gives each at the moment that it came."""
    moments = dict(Review.objects.using(asked.using).filter(author=member).values_list("pk", "ended_at"))
    scope = Scope(guild=member.guild_id)
    ruled = []
    for one in given:
        at = moments[one.id]
        assert at is not None
        rule = LevelRule(
            window=charter.value("guild.window_reviews", at=at, scope=scope),
            rise_two=charter.value("guild.rise_two_review", at=at, scope=scope),
            rise_one=charter.value("guild.rise_one_review", at=at, scope=scope),
            fall=charter.value("guild.fall_review", at=at, scope=scope),
            lowest=charter.value("guild.first_level", at=at),
            highest=charter.value("guild.highest_level", at=at),
        )
        ruled.append(replace(one, rule=rule))
    return ruled
