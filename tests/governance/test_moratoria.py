"""Stopping an algorithm: one college at once, then all; what is in force, and who may do what."""

from datetime import timedelta
from random import Random

import pytest
from tests.builders import NOON, a_worker
from tests.governance.ballot_box import as_if_committed
from tests.governance.proposing import BEFORE, ratified, the_members
from tests.membership.members import a_member_of
from tests.promises import broken, run

from canut.charter import log
from canut.charter.models import CharterEntry, Decision
from canut.charter.moratoria import Algorithm, moratorium
from canut.charter.queries import in_force
from canut.governance.ballots.refusals import VoteStillOpen
from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.governance.moratoria.models import Motion
from canut.governance.moratoria.queries import moratoria_page, motion_seen
from canut.governance.moratoria.refusals import (
    AlreadyStopped,
    CollegeMovesNone,
    CollegeTooSmall,
    MoratoriumNotFound,
    MotionRests,
    MotionRuns,
    NotGathering,
    NotTheMover,
    OfAnotherCollege,
)
from canut.governance.moratoria.states import MoratoriumState
from canut.governance.moratoria.usecases.advance_motion import advance_motions
from canut.governance.moratoria.usecases.conclude_motions import (
    conclude_college_vote,
    conclude_keeping,
    conclude_motions,
)
from canut.governance.moratoria.usecases.move_moratorium import move_moratorium
from canut.governance.moratoria.usecases.support_motion import (
    support_motion,
    withdraw_motion,
    withdraw_motion_support,
)
from canut.kernel.refusals import BadInput
from canut.membership.access import NotAMember, NotAnActiveMember
from canut.people.models import Person

pytestmark = pytest.mark.django_db
FEED = "feed_order"


@pytest.fixture
def people(operator: Person) -> list[Person]:
    """Four workers and three requesters whose constitution is ratified."""
    log.lock()
    found = the_members(4, 3)
    ratified(operator, found, at=NOON)
    return found


def moved(by: Person, supporters: list[Person], *, algorithm: str = FEED, at=NOON) -> Motion:
    """Return a motion, with the support of these beside its mover's own."""
    motion = move_moratorium(algorithm=algorithm, reason="It hides new requesters.", by=by, at=at)
    for person in supporters:
        support_motion(motion_id=motion.pk, by=person, at=at)
    motion.refresh_from_db()
    return motion


def all_say(vote_id: int | None, people: list[Person], choice: str, *, at) -> None:
    assert vote_id is not None
    for person in people:
        cast_ballot(vote_id=vote_id, by=person, choice=choice, at=at)


def stopped(people: list[Person], *, at=NOON, algorithm: str = FEED) -> Motion:
    """Return a motion that its college, the workers, has adopted three days after it was moved."""
    motion = moved(people[0], people[1:3], at=at, algorithm=algorithm)
    all_say(motion.vote_id, people[:3], "yes", at=at)
    conclude_motions(at=at + timedelta(days=3))
    as_if_committed()
    motion.refresh_from_db()
    return motion


def test_one_college_stops_an_algorithm_at_once_and_all_keep_it_stopped(people):
    # Given a motion that two more workers support
    motion = moved(people[0], [])
    assert (motion.state, motion.college) == ("gathering", "workers")
    assert motion_seen(motion.pk, by=people[1], at=NOON).mover == ""
    assert motion_seen(motion.pk, by=people[0], at=NOON).mover == people[0].screen_name
    for person in people[1:3]:
        support_motion(motion_id=motion.pk, by=person, at=NOON)
        support_motion(motion_id=motion.pk, by=person, at=NOON)
    motion.refresh_from_db()
    assert motion.state == "vote"
    assert motion_seen(motion.pk, by=None, at=NOON).mover == people[0].screen_name
    # When the workers vote, for three days, and no requester is asked
    all_say(motion.vote_id, people[:3], "yes", at=NOON)
    end = NOON + timedelta(days=3)
    with pytest.raises(VoteStillOpen):
        conclude_college_vote(motion_id=motion.pk, at=end - timedelta(seconds=1))
    assert not in_force("moratorium.feed_order", at=NOON + timedelta(days=2))
    assert conclude_motions(at=end) == 1
    assert conclude_motions(at=end) == 0
    as_if_committed()
    # Then it is stopped that moment, by a decision with a number
    motion.refresh_from_db()
    assert motion.state == "holds"
    held = moratorium(Algorithm.FEED_ORDER, at=end)
    assert (held.decision_number, held.since, held.address) == (
        motion.decision_number,
        end,
        f"/moratoria/{motion.pk}/",
    )
    assert not in_force("moratorium.feed_order", at=end - timedelta(seconds=1))
    entry = CharterEntry.objects.get(parameter="moratorium.feed_order", kind="decision")
    assert (entry.new_value, entry.decision_id) == (True, motion.decision_number)
    # And all are asked whether it stays: two thirds of workers and of requesters say so
    all_say(motion.keep_vote_id, people, "yes", at=end)
    assert conclude_motions(at=end + timedelta(days=14)) == 1
    motion.refresh_from_db()
    assert (motion.state, motion.keep_decision_number) == ("kept", motion.decision_number + 1)
    assert in_force("moratorium.feed_order", at=end + timedelta(days=99))
    assert conclude_keeping(motion_id=motion.pk, at=end + timedelta(days=99)).state == "kept"
    assert CharterEntry.objects.filter(parameter="moratorium.feed_order").count() == 2


@pytest.mark.parametrize("against", ["nobody votes", "requesters", "one third"])
def test_what_all_do_not_keep_stopped_runs_again_by_a_decision_of_its_own(people, against):
    motion = stopped(people)
    end = NOON + timedelta(days=3)
    if against == "requesters":
        all_say(motion.keep_vote_id, people[:4], "yes", at=end)
        all_say(motion.keep_vote_id, people[4:], "no", at=end)
    elif against == "one third":  # two to one is enough, and one to one among requesters is not
        all_say(motion.keep_vote_id, people[:5], "yes", at=end)
        all_say(motion.keep_vote_id, people[5:6], "no", at=end)
    later = end + timedelta(days=14)
    conclude_motions(at=later)
    as_if_committed()
    motion.refresh_from_db()
    assert motion.state == "runs_again"
    assert in_force("moratorium.feed_order", at=later - timedelta(seconds=1))
    assert not in_force("moratorium.feed_order", at=later)
    asked, again = Decision.objects.filter(number__gte=motion.keep_decision_number).order_by("number")
    assert (asked.question_kind, asked.adopted) == ("moratorium_keep", False)
    assert (again.question_kind, again.adopted) == ("moratorium_end", True)
    assert f'"follows_from_decision":{asked.number}' in again.logged.leaf
    # It rests then, for every college
    with pytest.raises(MotionRests) as refused:
        moved(people[4], [], at=later + timedelta(days=1))
    assert refused.value.facts["motion_id"] == motion.pk
    other = moved(people[4], [], algorithm="cascade", at=later + timedelta(days=1))
    assert other.college == "requesters"


def test_a_college_that_says_no_stops_nothing_and_rests(people):
    motion = moved(people[0], people[1:3])
    all_say(motion.vote_id, people[:1], "yes", at=NOON)
    all_say(motion.vote_id, people[1:3], "no", at=NOON)
    conclude_motions(at=NOON + timedelta(days=3))
    as_if_committed()
    motion.refresh_from_db()
    assert motion.state == "rejected"
    assert not Decision.objects.get(number=motion.decision_number).adopted
    assert not in_force("moratorium.feed_order", at=NOON + timedelta(days=4))
    with pytest.raises(MotionRests):
        moved(people[0], [], at=NOON + timedelta(days=4))
    assert moved(people[4], [], at=NOON + timedelta(days=4)).college == "requesters"


def test_of_two_colleges_that_stop_the_same_the_first_does_and_the_second_is_told(people):
    workers = moved(people[0], people[1:3])
    requesters = moved(people[4], people[5:], at=NOON + timedelta(hours=1))
    all_say(workers.vote_id, people[:4], "yes", at=NOON)
    all_say(requesters.vote_id, people[4:], "yes", at=NOON + timedelta(hours=1))
    conclude_motions(at=NOON + timedelta(days=4))
    for motion in (workers, requesters):
        motion.refresh_from_db()
    assert (workers.state, requesters.state) == ("holds", "overtaken")
    assert Decision.objects.get(number=requesters.decision_number).adopted
    with pytest.raises(AlreadyStopped):
        moved(people[4], [], at=NOON + timedelta(days=5))


def test_who_may_move_and_support(people, operator):
    team = a_member_of("team", at=NOON)
    idle = a_member_of("workers", at=NOON, active=False)
    for person, refusal in (
        (a_worker(), NotAMember),
        (idle, NotAnActiveMember),
        (team, CollegeMovesNone),
    ):
        with pytest.raises(refusal):
            move_moratorium(algorithm=FEED, reason="Why not.", by=person, at=NOON)
    for algorithm, reason in (("time", "x"), (FEED, " "), (FEED, "x" * 2001), (FEED, "a\0b")):
        with pytest.raises(BadInput):
            move_moratorium(algorithm=algorithm, reason=reason, by=people[0], at=NOON)
    motion = moved(people[0], [])
    assert moved(people[0], []).pk == motion.pk  # a retry
    with pytest.raises(MotionRuns) as runs:
        moved(people[1], [])
    assert runs.value.facts["motion_id"] == motion.pk
    for person, refusal in (
        (people[4], OfAnotherCollege),
        (idle, NotAnActiveMember),
        (a_worker(), NotAMember),
    ):
        with pytest.raises(refusal):
            support_motion(motion_id=motion.pk, by=person, at=NOON)
    for number in (0, -1, 2**63, motion.pk + 1000):
        with pytest.raises(MoratoriumNotFound):
            support_motion(motion_id=number, by=people[1], at=NOON)
    with pytest.raises(NotTheMover):
        withdraw_motion(motion_id=motion.pk, by=people[1], at=NOON)
    support_motion(motion_id=motion.pk, by=people[1], at=NOON)
    for _each in range(2):
        withdraw_motion_support(motion_id=motion.pk, by=people[1], at=NOON)
    assert motion_seen(motion.pk, by=people[1], at=NOON).supports == 1
    for _each in range(2):
        assert withdraw_motion(motion_id=motion.pk, by=people[0], at=NOON).state == "withdrawn"
    with pytest.raises(NotGathering):
        support_motion(motion_id=motion.pk, by=people[1], at=NOON)
    voted_on = moved(people[0], people[1:3])
    with pytest.raises(NotGathering):
        withdraw_motion(motion_id=voted_on.pk, by=people[0], at=NOON)
    with pytest.raises(NotGathering):
        withdraw_motion_support(motion_id=voted_on.pk, by=people[1], at=NOON)
    page = moratoria_page(by=team, at=NOON)
    assert "operating team" in page.why_not
    assert [card.id for card in page.ended] == [motion.pk]


def test_a_college_of_two_cannot_be_asked(operator):
    log.lock()
    people = the_members(3, 2)
    ratified(operator, people[:3], at=NOON)
    with pytest.raises(CollegeTooSmall):
        moved(people[4], [])


def test_no_vote_opens_before_the_first_and_then_it_opens_by_itself(operator):
    log.lock()
    people = the_members(3, 3)
    motion = moved(people[0], people[1:3], at=BEFORE)
    assert motion.state == "gathering"
    assert motion_seen(motion.pk, by=None, at=BEFORE).waits_for_ratification
    ratified(operator, people, at=NOON, choice="no")
    assert advance_motions(at=NOON) == 1
    motion.refresh_from_db()
    assert motion.state == "vote"


def test_a_motion_without_support_lapses(people):
    motion = moved(people[0], [])
    days = in_force("governance.idea_days", at=NOON)
    assert advance_motions(at=NOON + timedelta(days=days, seconds=-1)) == 0
    assert advance_motions(at=NOON + timedelta(days=days)) == 1
    motion.refresh_from_db()
    assert motion.state == "lapsed"
    # Who is active no more does not count
    other = moved(people[4], people[5:6], at=NOON)
    seen = motion_seen(other.pk, by=None, at=NOON + timedelta(days=400))
    assert (other.state, seen.supports) == ("gathering", 0)


@pytest.mark.parametrize(
    ("promise", "statement"),
    [
        ("moratorium_algorithm_known", "algorithm = 'gravity'"),
        ("moratorium_college_may_move", "college = 'team'"),
        ("moratorium_state_known", "state = 'lost'"),
        ("moratorium_has_reason", "reason = ' '"),
        ("moratorium_voted_has_vote", "vote_id = 7"),
        ("moratorium_voted_has_vote", "state = 'vote'"),
        ("moratorium_decided_has_number", "decision_number = 7"),
        ("moratorium_decided_has_number", "state = 'rejected', vote_id = 7, ended_at = moved_at"),
        ("moratorium_stopped_has_vote", "keep_vote_id = 7"),
        ("moratorium_stopped_has_vote", "state = 'holds', vote_id = 7, decision_number = 7"),
        ("moratorium_settled_has_number", "keep_decision_number = 7"),
        (
            "moratorium_settled_has_number",
            "state = 'kept', vote_id = 7, decision_number = 7, keep_vote_id = 8, ended_at = moved_at",
        ),
        ("moratorium_ended_has_time", "ended_at = moved_at"),
        ("moratorium_ended_has_time", "state = 'lapsed'"),
        ("moratorium_ended_has_time", "state = 'lapsed', ended_at = moved_at - interval '1 day'"),
    ],
)
def test_the_database_refuses_a_motion_that_cannot_be(people, promise, statement):
    motion = moved(people[0], [])
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE governance_moratoria_motion DISABLE TRIGGER moratorium_guarded")
    with broken(promise):
        run(f"UPDATE governance_moratoria_motion SET {statement} WHERE id = %s", motion.pk)


def test_motions_stay_as_moved_and_only_go_forward(people):
    motion = moved(people[0], [people[1]])
    update = "UPDATE governance_moratoria_motion SET "
    for statement in ("reason = 'Other.'", "college = 'requesters'", "mover_id = %(other)s"):
        with broken("moratorium_terms_kept"):
            run(update + statement.replace("%(other)s", str(people[2].pk)))
    with broken("moratorium_goes_forward"):
        run(
            update
            + "state = 'kept', vote_id = 1, decision_number = 1, keep_vote_id = 2, keep_decision_number = 2, "
            "ended_at = moved_at"
        )
    with broken("moratorium_one_motion"):
        Motion.objects.create(algorithm=FEED, college="workers", mover=people[1], reason="x", moved_at=NOON)
    with broken("moratorium_support_once"):
        motion.supports.create(person=people[1], given_at=NOON)
    support_motion(motion_id=motion.pk, by=people[2], at=NOON)
    with broken("moratorium_supported_while_gathering"):
        motion.supports.create(person=people[3], given_at=NOON)
    with broken("moratorium_supported_while_gathering"):
        motion.supports.all().delete()
    held = stopped(people, algorithm="cascade")
    with broken("moratorium_one_holds"):
        Motion.objects.create(
            algorithm="cascade",
            college="requesters",
            mover=people[4],
            reason="x",
            state=MoratoriumState.HOLDS,
            moved_at=NOON,
            vote_id=held.vote_id + 1000,
            decision_number=held.decision_number + 1000,
            keep_vote_id=held.vote_id + 1001,
        )


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 30))])
def test_whatever_people_do_what_is_in_force_is_what_motions_say(people, operator, seed):
    """Members move, support, vote and wait as it comes; an algorithm is stopped while a motion holds it."""
    chance, at = Random(seed), NOON
    for _step in range(35):
        at += timedelta(hours=chance.choice([1, 12, 40, 24 * 15]))
        person = chance.choice(people)
        live = list(Motion.objects.filter(ended_at__isnull=True))
        try:
            if not live or chance.random() < 0.3:
                move_moratorium(algorithm=chance.choice(list(Algorithm)), reason="Random.", by=person, at=at)
            else:
                motion = chance.choice(live)
                if motion.state == "gathering":
                    support_motion(motion_id=motion.pk, by=person, at=at)
                else:
                    vote_id = motion.keep_vote_id or motion.vote_id
                    all_say(vote_id, [person], chance.choice(["yes", "yes", "no"]), at=at)
        except Exception as refusal:
            assert hasattr(refusal, "code"), refusal
        conclude_motions(at=at)
        advance_motions(at=at)
        as_if_committed()
        for algorithm in Algorithm:
            last = (
                Motion.objects.filter(algorithm=algorithm, state__in=("holds", "kept", "runs_again"))
                .order_by("-decision_number")
                .first()
            )
            assert in_force(algorithm.parameter, at=at) == (last is not None and last.state != "runs_again")
