"""What standings projects ask for: said by their requesters, met by workers, and in the order of the feed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.builders import ANSWER, NOON, a_draft, a_project, a_requester, a_submission, taken
from tests.work.asked import a_guild, a_qualification, asks, holds

from canut.kernel.models import Event
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.reputation.access import QualificationIsRetired, QualificationNotFound
from canut.reputation.models import Qualification
from canut.work.models import Project, Requirement
from canut.work.queries.cascading import best_standings
from canut.work.queries.explained_for import explain_to_worker
from canut.work.queries.explanations import explain_access, explain_order
from canut.work.queries.feed import feed_page, project_page
from canut.work.queries.opening import opening_seen, opening_soon
from canut.work.refusals import ProjectClosed, ProjectNotFound, StandingNotMet
from canut.work.rules import suffices
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.close_project import close_project
from canut.work.usecases.duplicate_project import duplicate_project
from canut.work.usecases.require_standings import (
    AskedGuildNotFound,
    SeveralGuildsAsked,
    Wanted,
    require_standings,
)
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def require(project: Project, by: Person, *wanted: Wanted, at: Any = NOON) -> Project:
    return require_standings(project_id=project.pk, by=by, wanted=wanted, at=at)


def asked_of(project: Project) -> list[tuple[str, int, str, Decimal | None]]:
    rows = Requirement.objects.filter(project=project).order_by("pk")
    return list(rows.values_list("scale", "scale_id", "comparator", "value"))


def feed_of(worker: Person) -> list[int]:
    return [card.project_id for card in feed_page(by=worker, at=LATER).cards]


# --- Saying what is asked ---


def test_a_project_asks_at_once_and_what_is_in_hand_stays(requester: Person, worker: Person) -> None:
    guild, skill = a_guild("Scribes"), a_qualification(requester, "French")
    project = a_project(owner=requester, rows=3)
    held = taken(worker=worker, project=project)
    wanted = [Wanted("guild", guild.pk, value=2), Wanted("qualification", skill.pk, "more_than", "9,5")]
    assert require(project, requester, *wanted).asks_standings
    assert asked_of(project) == [
        ("guild", guild.pk, "at_least", Decimal(2)),
        ("qualification", skill.pk, "more_than", Decimal("9.5")),
    ]
    submit_answer(assignment_id=held.pk, by=worker, answer=ANSWER, active_seconds=None, at=NOON)
    assert feed_of(worker) == []
    with pytest.raises(StandingNotMet) as refused:
        take_task(by=worker, project_id=project.pk, at=LATER)
    assert str(refused.value) == (
        "It is for members of the guild “Scribes” from level 2 on. "
        "You are not in this guild; its page says how to join. "
        "It asks for the qualification “French” with more than 9.5. You were not given it."
    )
    assert [one["scale_id"] for one in refused.value.facts["missing"]] == [guild.pk, skill.pk]
    holds(worker, "guild", guild.pk, 2)
    holds(worker, "qualification", skill.pk, 9)
    with pytest.raises(StandingNotMet, match=r"more than 9.5. You have 9.$"):
        take_task(by=worker, project_id=project.pk, at=LATER)
    holds(worker, "qualification", skill.pk, 10)  # as numbers: 10 is more than 9.5
    assert feed_of(worker) == [project.pk]
    assert take_task(by=worker, project_id=project.pk, at=LATER)


def test_the_same_again_changes_nothing_and_none_lets_everybody_in(requester: Person, worker: Person) -> None:
    guild, project = a_guild(), a_project(owner=requester, rows=1)
    for _twice in range(2):
        require(project, requester, Wanted("guild", guild.pk, value=1))
    events = Event.objects.filter(name="project.standings_asked", subject_id=project.pk)
    assert events.get().data["asked"] == [["guild", guild.pk, "at_least", "1.00"]]
    assert feed_of(worker) == []
    assert not require(project, requester).asks_standings
    assert feed_of(worker) == [project.pk]
    assert events.count() == 2


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("platform", 1, "at_least", 2),
        Wanted("guild", 0, "at_least", 2),
        Wanted("guild", 2**64, "at_least", 2),
        Wanted("guild", True, "at_least", 2),
        Wanted("guild", 1, "at_most", 2),
        Wanted("guild", 1, "at_least", None),
        Wanted("guild", 1, "at_least", "1.5"),
        Wanted("guild", 1, "at_least", 0),
        Wanted("guild", 1, "at_least", 5),
        Wanted("qualification", 1, "like", 2),
        Wanted("qualification", 1, "at_least", None),
        Wanted("qualification", 1, "at_least", "1.234"),
        Wanted("qualification", 1, "at_least", "much"),
        Wanted("qualification", 1, "at_least", "1\0"),
        Wanted("qualification", 1, "exists", 2),
    ],
    ids=str,
)
def test_what_has_the_wrong_shape_is_refused(requester: Person, wanted: Wanted) -> None:
    with pytest.raises(BadInput):
        require(a_draft(owner=requester), requester, wanted)


def test_what_cannot_be_asked_for_is_refused_by_name(requester: Person) -> None:
    project, other = a_draft(owner=requester), a_requester()
    own, theirs = a_qualification(requester), a_qualification(other)
    ended = a_qualification(requester)
    Qualification.objects.filter(pk=ended.pk).update(retired_at=NOON)
    some = [Wanted("qualification", own.pk, "at_least", value) for value in range(11)]
    for refusal, wanted in (
        (BadInput, some),
        (BadInput, some[:2]),
        (AskedGuildNotFound, [Wanted("guild", requester.pk, value=1)]),
        (
            SeveralGuildsAsked,
            [Wanted("guild", a_guild().pk, value=1), Wanted("guild", a_guild().pk, value=1)],
        ),
        (QualificationNotFound, [Wanted("qualification", theirs.pk, "exists")]),
        (QualificationNotFound, [Wanted("qualification", 987654321, "exists")]),
        (QualificationIsRetired, [Wanted("qualification", ended.pk, "exists")]),
    ):
        with pytest.raises(refusal):
            require(project, requester, *wanted)
        assert asked_of(project) == []
    with pytest.raises(ProjectNotFound):
        require(project, other)
    close_project(project_id=project.pk, by=requester, at=NOON)
    with pytest.raises(ProjectClosed):
        require(project, requester, Wanted("qualification", own.pk, "missing"))


def test_a_copy_and_a_revision_ask_for_the_same(requester: Person) -> None:
    guild, kept, ended = a_guild(), a_qualification(requester), a_qualification(requester)
    project = a_project(owner=requester, rows=1)
    wanted = [
        Wanted("guild", guild.pk, value=3),
        Wanted("qualification", kept.pk, "exists"),
        Wanted("qualification", ended.pk, "missing"),
    ]
    require(project, requester, *wanted)
    begin_revision(project_id=project.pk, by=requester, at=NOON)
    assert len(asked_of(project)) == 3
    Qualification.objects.filter(pk=ended.pk).update(retired_at=NOON)
    copy = duplicate_project(project_id=project.pk, by=requester, at=NOON)
    assert asked_of(copy) == asked_of(project)[:2]  # nobody can hold what is retired
    assert copy.asks_standings


# --- The order of the feed ---


def test_work_at_ones_own_level_comes_before_lower_levels_within_equal_scores(worker: Person) -> None:
    guild, other = a_guild(), a_guild()
    holds(worker, "guild", guild.pk, 4)
    holds(worker, "guild", other.pk, 2)
    made = {}
    for minutes, (name, of, level) in enumerate(
        [("own", guild, 4), ("open", None, 0), ("two below", guild, 2), ("own of other", other, 2)]
    ):
        made[name] = a_project(owner=a_requester(), rows=1, at=NOON + timedelta(minutes=minutes))
        if of is not None:
            asks(made[name], "guild", of.pk, "at_least", level)
    in_order = [made[name].pk for name in ("own of other", "open", "own", "two below")]
    assert feed_of(worker) == in_order
    seen, cursor = [], ""
    for _page in in_order:
        page = feed_page(by=worker, at=LATER, cursor=cursor, most=1)
        seen += [card.project_id for card in page.cards]
        cursor = page.next_cursor
    assert seen == in_order
    newest = feed_page(by=worker, at=LATER, order="newest").cards
    assert [card.project_id for card in newest] == sorted(made_ids := [one.pk for one in made.values()])[::-1]
    assert made_ids
    found = explain_order(
        worker_id=worker.pk, first=made["two below"], second=made["own"], at=LATER, order="requester"
    )
    assert (found.first.project_id, found.decided_by) == (made["own"].pk, "level")
    assert [found.first.levels_below, found.second.levels_below] == [0, 2]
    assert explain_to_worker(made["two below"].pk, by=worker, at=LATER).order.levels_below == 2


# --- Explanations, and the cascade ---


def test_the_condition_is_named_and_known_of_the_past_as_far_as_it_was_kept(
    requester: Person, worker: Person
) -> None:
    skill, project = a_qualification(requester, "French"), a_project(owner=requester, rows=2)
    require(project, requester, Wanted("qualification", skill.pk, "exists"), at=LATER)
    now = explain_to_worker(project.pk, by=worker, at=LATER)
    assert now.code == "standing_not_met"
    assert {one.name: one.code for one in now.conditions if not one.is_met} == {
        "standings_suffice": "standing_not_met"
    }
    before = explain_access(project=project, worker_id=worker.pk, at=LATER - timedelta(minutes=1))
    assert before.is_open  # nothing was asked then
    after = explain_access(project=project, worker_id=worker.pk, at=LATER)
    assert (after.code, after.unknown) == ("standing_not_met", ())
    require(project, requester, Wanted("guild", a_guild().pk, value=1), at=LATER)
    unknown = explain_access(project=project, worker_id=worker.pk, at=LATER + timedelta(minutes=1))
    assert unknown.unknown == ("standings_suffice",)
    page = project_page(project.pk, by=worker, at=LATER)
    assert [one.is_met for one in page.requirements] == [False]


def test_a_level_in_a_guild_is_no_rating_and_only_who_meets_it_is_waited_for(
    requester: Person, worker: Person, peer: Person
) -> None:
    guild = a_guild()
    for one, value in ((worker, 4), (peer, 1)):
        holds(one, "guild", guild.pk, value)
        a_submission(worker=one, project=a_project(owner=a_requester(), rows=1))  # active
    project = a_project(owner=requester, rows=2, cascade_policy="ladder")
    assert best_standings([project.pk], at=NOON)[project.pk] == Decimal("1.99")  # nobody was rated
    asks(project, "guild", guild.pk, "at_least", 4)
    holds(peer, "platform", 0, 3)
    assert best_standings([project.pk], at=NOON)[project.pk] == Decimal("1.99")
    asks(project, "qualification", a_qualification(requester).pk, "exists")
    assert best_standings([project.pk], at=NOON)[project.pk] is None
    Project.objects.filter(pk=project.pk).update(
        threshold=3, cascade_beat=1, cascade_started_at=NOON, cascade_beat_at=NOON, cascade_next_at=LATER
    )
    for one in (worker, peer):  # what is not theirs anyhow opens to neither soon
        assert opening_soon(by=one, at=NOON).lines in ((), [])
        assert opening_seen(project.pk, by=one, at=NOON) is None


def test_an_unknown_comparison_is_an_error_and_never_a_yes() -> None:
    with pytest.raises(ValueError, match="not compared"):
        suffices("like", standing=Decimal(1), asked=Decimal(1))
    with pytest.raises(ValueError, match="not compared"):
        suffices("at_least", standing=Decimal(1), asked=None)
