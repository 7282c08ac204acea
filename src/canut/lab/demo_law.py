"""The demo's members: three weeks of work, a constitution that was ratified, and what they vote on now.

All but the visitor's accounts are simulated. The visitor finds a vote without their own ballot in it, an idea
to support, and a draft that somebody blocks.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.governance.content import Content, SettingWish
from canut.governance.models import Proposal
from canut.governance.usecases.ask_ratification import open_ratification
from canut.governance.usecases.check_sense import check_sense
from canut.governance.usecases.conclude_votes import conclude_vote
from canut.governance.usecases.judge_feasibility import ask_feasibility, say_feasibility
from canut.governance.usecases.open_proposal_vote import open_votes
from canut.governance.usecases.propose_idea import propose_idea
from canut.governance.usecases.support_idea import support_idea
from canut.lab.demo_work import demo_draft, some_answer
from canut.lab.replays.models import Replay
from canut.lab.replays.usecases.begin_replays import begin_replays
from canut.lab.replays.usecases.run_replay import run_replay
from canut.lab.simulated import simulated_person
from canut.lab.trying import fill_round
from canut.membership.states import CheckedBy
from canut.membership.usecases.check_identity import check_identity
from canut.membership.usecases.follow_activity import follow_activity
from canut.people.models import Person
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.usecases.launch_project import launch_project
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

DAY = timedelta(days=1)
BEGAN = 21 * DAY
"""How long before its first visitor the demo's people began: a vote takes two weeks."""

FIRST_DAYS, LATER_DAYS = range(1, 6), range(16, 21)
"""On which days they worked since: before the first vote, and before those that the visitor sees."""

FIRST_MEMBERS, MEMBERS, REQUESTERS, ROWS = 4, 8, 3, 10

FLOOR = Content(
    language="en",
    title="Sixteen euros an hour",
    text="Rents have gone up, and the floor has not. One euro more an hour; the replay below shows whom it "
    "would have cost what. The author and most voters are simulated.",
    translated_title="Seize euros de l’heure",
    translated_text="Les loyers ont monté, et le plancher non. Un euro de plus par heure\u202f; le rejeu "
    "ci-dessous montre à qui cela aurait coûté quoi. La personne qui propose et presque toutes celles qui "
    "votent sont simulées.",
    settings=[SettingWish(parameter="pay.floor_hourly_minor", new=1600)],
)
SILENCE = Content(
    language="en",
    title="Two days of silence are enough",
    text="Work that nobody has looked at for two days is approved. Three is long for whoever waits for it.",
    translated_title="Deux jours de silence suffisent",
    translated_text="Le travail que personne n’a regardé pendant deux jours est approuvé. Trois, c’est "
    "long pour qui attend.",
    settings=[SettingWish(parameter="deciding.silence_hours", new=48)],
)
LEASE = Content(
    language="en",
    title="A little more time for each task",
    text="Three and a half times the expected time instead of three: a doorbell should cost nobody a task.",
    translated_title="Un peu plus de temps pour chaque tâche",
    translated_text="Trois fois et demie le temps prévu au lieu de trois\u202f: un coup de sonnette ne "
    "devrait coûter sa tâche à personne.",
    settings=[SettingWish(parameter="lease.factor", new=Decimal("3.5"))],
)


def work_for_weeks(
    requester: Person,
    visitor: Person,
    crowd: Sequence[Person],
    sentences: Sequence[dict[str, str]],
    *,
    at: datetime,
) -> None:
    """Let the crowd and the visitor's worker do a volunteer task a day for some days, for four requesters."""
    began = at - BEGAN
    owners = [requester, *_requesters(at=began)]
    projects = []
    for number, owner in enumerate(owners):
        rows = [sentences[(number * ROWS + nth) % len(sentences)] for nth in range(ROWS)]
        project = demo_draft(
            owner,
            title=f"A sentence a day, {number + 1}",
            description="One sentence a day, for volunteers. It was done before you came.",
            design=STARTING_DESIGNS["translation-check"].build({}),
            rows=rows,
            kind="volunteer",
            cascade_policy="open",
            at=began,
        )
        publish_project(project_id=project.pk, by=owner, at=began)
        draw = random.Random(number)  # noqa: S311 (a simulation, not a secret)
        tried_at = fill_round(
            project,
            crowd[MEMBERS:],
            answer=partial(_said, draw),
            words=("It is clear to me.",),
            began=began,
        )
        launch_project(project_id=project.pk, by=owner, at=tried_at)
        projects.append(project)
    draw = random.Random(1848)  # noqa: S311 (a simulation, not a secret)
    for day in (*FIRST_DAYS, *LATER_DAYS):
        moment = began + DAY * day
        who = crowd[: FIRST_MEMBERS if day in FIRST_DAYS else MEMBERS]
        for nth, worker in enumerate([visitor, *who]):
            moment += timedelta(minutes=2)
            project = projects[(nth + day) % len(projects)]
            held = take_task(by=worker, project_id=project.pk, at=moment)
            submit_answer(
                assignment_id=held.pk,
                by=worker,
                answer=some_answer(draw, 0.9, of=held.task_id),
                active_seconds=45,
                at=moment + timedelta(minutes=1),
            )


def govern_demo(*, at: datetime) -> None:
    """Admit the demo's people, have them ratify the constitution, and put something before the visitor.

    To be called when the work of `work_for_weeks` is committed. Does nothing a second time.
    """
    if Proposal.objects.exists():
        return
    while follow_activity(at=at):
        continue
    operator, visitor, requester = (
        Person.objects.get(username=name) for name in ("operator", "worker", "requester")
    )
    workers = [Person.objects.get(username=f"simulated-{n}") for n in range(1, MEMBERS + 1)]
    requesters = _requesters(at=at)
    for person in (operator, visitor, requester, *workers, *requesters):
        check_identity(person_id=person.pk, by=None, checked_by=CheckedBy.KNOWN, at=at - 14 * DAY)
    _ratify([*workers[:FIRST_MEMBERS], visitor, *requesters, requester], operator, at=at)
    author, *others = workers
    proposal = _draft_of(author, others, FLOOR, at=at - 6 * DAY)
    ask_feasibility(proposal_id=proposal.pk, by=author, at=at - 5 * DAY)
    say_feasibility(proposal_id=proposal.pk, by=operator, feasible=True, at=at - 4 * DAY)
    draft = _draft_of(others[0], others[1:], SILENCE, at=at - 3 * DAY)
    for person, stance, reason in _said_of_draft(others[1:], requesters):
        check_sense(proposal_id=draft.pk, by=person, stance=stance, reason=reason, at=at - 2 * DAY)
    idea = propose_idea(by=others[5], content=LEASE, at=at - DAY)
    support_idea(proposal_id=idea.pk, by=others[6], at=at - DAY)
    begin_replays(at=at)
    for replay in Replay.objects.order_by("pk"):
        run_replay(replay_id=replay.pk, at=at)
    open_votes(at=at)
    proposal.refresh_from_db()
    if proposal.vote_id is not None:
        said = [*(["yes"] * 5), "no", "no", "abstain"]
        for person, choice in zip([*workers, *requesters], [*said, "yes", "yes", "no"], strict=True):
            cast_ballot(vote_id=proposal.vote_id, by=person, choice=choice, at=at)


def _said(draw: random.Random, _worker: Person, task_id: int) -> dict[str, str]:
    return some_answer(draw, 0.9, of=task_id)


def _requesters(*, at: datetime) -> list[Person]:
    return [
        simulated_person(
            f"simulated-requester-{n}", screen_name=f"Simulated requester {n}", at=at, requester=True
        )
        for n in range(1, REQUESTERS + 1)
    ]


def _ratify(people: Sequence[Person], operator: Person, *, at: datetime) -> None:
    """Have all but one of the members say yes to the constitution, in a vote that ends now."""
    opened_at = at - 14 * DAY
    question = open_ratification(by=operator, at=opened_at)
    assert question.vote_id is not None
    for nth, person in enumerate(people):
        cast_ballot(
            vote_id=question.vote_id,
            by=person,
            choice="abstain" if nth == 0 else "yes",
            at=opened_at + timedelta(hours=nth + 1),
        )
    conclude_vote(proposal_id=question.pk, at=at)


def _draft_of(author: Person, others: Sequence[Person], content: Content, *, at: datetime) -> Proposal:
    """Return what members have supported so far that it is a draft."""
    proposal = propose_idea(by=author, content=content, at=at)
    for person in others:
        if proposal.state != "idea":
            break
        proposal = support_idea(proposal_id=proposal.pk, by=person, at=at)
    return proposal


def _said_of_draft(
    workers: Sequence[Person], requesters: Sequence[Person]
) -> Iterator[tuple[Person, str, str]]:
    yield workers[0], "agree", ""
    yield workers[1], "agree", "I have waited for money over a weekend more than once."
    yield workers[2], "abstain", ""
    yield requesters[0], "disagree", "Three of us share one desk. Somebody has to read all of it."
    yield requesters[1], "block", "We are closed from Friday evening to Monday: two days are our weekend."
