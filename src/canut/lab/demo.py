"""The demo's work: checking Canut's own sentences, English beside French.

The sentences are those of Canut's own catalogue; the people who have worked on them before the first
visitor comes are simulated.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import polib
from django.db import transaction

import canut
from canut.kernel.refusals import Refusal
from canut.lab.demo_guild import (
    NEWCOMERS,
    approve_guild_work,
    ask_for_guild,
    do_guild_work,
    found_demo_guild,
)
from canut.lab.demo_law import BEGAN, work_for_weeks
from canut.lab.demo_work import demo_draft, some_answer
from canut.lab.simulated import simulated_person
from canut.lab.trying import fill_round
from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.people.documents import IN_FORCE
from canut.people.models import Person
from canut.people.usecases.activate_person import activate_person
from canut.people.usecases.appoint_operator import appoint_operator
from canut.people.usecases.register_person import register_person
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.models import Project, Submission
from canut.work.usecases.approve_submission import approve_submissions
from canut.work.usecases.launch_project import launch_project
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.rate_worker import rate_worker
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

PASSWORD = "canut-demo-1831"  # noqa: S105 (of the demo's three accounts, printed at its start)
CATALOGUE = Path(canut.__file__).parent / "locale" / "fr" / "LC_MESSAGES" / "django.po"
MOST_SENTENCES = 120
MONEY_MINOR = 50_000
CROWD, TURNS = 24, 5
"""How many simulated workers there are, and how often each comes. Of ten and more, replays can tell."""


@dataclass(frozen=True, slots=True)
class Account:
    """One of the demo's accounts, for a visitor to sign in with."""

    username: str
    screen_name: str
    role: str
    does: str


ACCOUNTS = (
    Account("worker", "Jeanne at the loom", "worker", "takes tasks and is paid for them"),
    Account(
        "requester", "Croix-Rousse workshop", "requester", "publishes tasks, reviews them, reads the results"
    ),
    Account("operator", "Night watch", "operator", "looks at flags and answers for sanctions"),
)


@transaction.atomic
def load_demo(*, at: datetime) -> bool:
    """Make the demo's people, projects and first answers; return whether there was anything to do.

    The same sentences on every machine, and for each the same simulated opinion of it; which of them a
    worker gets is drawn by lot, as for everybody.
    """
    if Person.objects.filter(username="requester").exists():
        return False
    began = at - timedelta(hours=5)
    people = {account.role: _visitor(account, at=at - BEGAN) for account in ACCOUNTS}
    appoint_operator(person_id=people["operator"].pk, by=None, at=at - BEGAN)
    people["operator"].refresh_from_db()
    requester = people["requester"]
    deposit_play_money(by=requester, amount_minor=MONEY_MINOR, currency="EUR", key="demo", at=began)
    crowd = [
        simulated_person(f"simulated-{n}", screen_name=f"Simulated worker {n}", at=at - BEGAN, worker=True)
        for n in range(1, CROWD + 1)
    ]
    sentences = list(catalogue_sentences())
    work_for_weeks(requester, people["worker"], crowd, sentences, at=at)
    paid = _published(
        requester,
        title="Is Canut's French right?",
        description="Compare the sentences of this very site in English and in French. "
        "The first answers come from simulated workers of the lab.",
        design=STARTING_DESIGNS["translation-check"].build({}),
        rows=sentences[:MOST_SENTENCES],
        kind="paid",
        at=began,
    )
    second = _published(
        requester,
        title="A second look, for the love of it",
        description="The same question without pay, for volunteers who care about this site's French.",
        design=STARTING_DESIGNS["translation-check"].build({}),
        rows=sentences[MOST_SENTENCES : MOST_SENTENCES + 20] or sentences[:20],
        kind="volunteer",
        at=began,
    )
    tried_at = _try_first(paid, crowd, began=began)
    launch_project(project_id=paid.pk, by=requester, at=tried_at)
    _first_answers(paid, crowd, people["worker"], began=tried_at)
    _try_first(second, crowd, began=tried_at, most=2)  # the rest of this round is the visitor's to see
    _first_decisions(paid, requester, people["worker"], at=at - timedelta(minutes=30))
    _first_ratings(paid, requester, crowd, at=at - timedelta(minutes=20))
    opening = _published(
        requester,
        title="More of Canut's French, the best rated first",
        description="The same question about other sentences. It opens as far as it falls behind the other "
        "projects, first to those whom this requester rates best.",
        design=STARTING_DESIGNS["translation-check"].build({}),
        rows=sentences[MOST_SENTENCES + 20 : MOST_SENTENCES + 50] or sentences[-30:],
        kind="paid",
        cascade_policy="share",
        at=began,
    )
    _try_first(opening, crowd, began=began)
    launch_project(project_id=opening.pk, by=requester, at=at)
    guild = found_demo_guild(people["operator"], requester, people["worker"], crowd, at=began)
    for_guild = demo_draft(
        requester,
        title="Sentences for readers of translations",
        description="The same question, for members of the guild alone. One of every ten answers of a member "
        "is reviewed by a member one level up, and neither knows who the other is.",
        design=STARTING_DESIGNS["translation-check"].build({}),
        rows=sentences[MOST_SENTENCES + 50 : MOST_SENTENCES + 80] or sentences[-30:],
        kind="paid",
        cascade_policy="open",
        at=began,
    )
    ask_for_guild(for_guild, guild, requester, at=began)
    publish_project(project_id=for_guild.pk, by=requester, at=began)
    members = [people["worker"], *crowd[:3]]
    tried_at = _try_first(for_guild, crowd[2:6], began=began)
    launch_project(project_id=for_guild.pk, by=requester, at=tried_at)
    do_guild_work(for_guild, members, began=tried_at)
    do_guild_work(for_guild, [crowd[number] for number in NEWCOMERS[2:]], each=2, began=tried_at)
    approve_guild_work(for_guild, requester, people["worker"], at=at - timedelta(minutes=10))
    return True


def catalogue_sentences() -> Iterator[dict[str, str]]:
    """Yield Canut's own sentences in English and French, in an order that is the same everywhere."""
    entries = [
        entry
        for entry in polib.pofile(str(CATALOGUE))
        if entry.msgstr and not entry.obsolete and not entry.fuzzy and len(entry.msgid) > 20
    ]
    for entry in sorted(entries, key=lambda one: sha256(one.msgid.encode()).digest()):
        yield {"english": entry.msgid, "french": entry.msgstr}


def _visitor(account: Account, *, at: datetime) -> Person:
    person = register_person(
        username=account.username,
        email=f"{account.username}@demo.invalid",
        password=PASSWORD,
        screen_name=account.screen_name,
        country="FR",
        working_status="self_employed",
        languages=["en", "fr"],
        age_stated=18,
        consents=IN_FORCE,
        at=at,
        time_zone="Europe/Paris",
        worker=account.role == "worker",
        requester=account.role == "requester",
    )
    return activate_person(person_id=person.pk, at=at)


def _published(owner: Person, *, at: datetime, **details: Any) -> Project:
    project = demo_draft(owner, at=at, **details)
    return publish_project(project_id=project.pk, by=owner, at=at)


def _try_first(
    project: Project, crowd: Sequence[Person], *, began: datetime, most: int | None = None
) -> datetime:
    """Let the crowd try the design in its prototype round, and return when they had."""
    draw = random.Random(1793)  # noqa: S311 (a simulation, not a secret)
    words = (
        "I like that the two sentences stand side by side.",
        "I wish it said whether a full stop may differ.",
        "What if a sentence has a name in it? I left names as they were.",
    )
    return fill_round(
        project,
        crowd,
        answer=lambda _worker, task_id: some_answer(draw, 0.9, of=task_id),
        words=words,
        began=began,
        most=most,
    )


def _first_answers(project: Project, crowd: Sequence[Person], visitor: Person, *, began: datetime) -> None:
    """Let the crowd do about half of the work, and the visitor's worker two tasks."""
    draw = random.Random(1831)  # noqa: S311 (a simulation, not a secret)
    moment = began + timedelta(minutes=3)
    careful = {worker.pk: draw.uniform(0.75, 0.97) for worker in crowd}
    for worker in [*(list(crowd) * TURNS), visitor, visitor]:
        moment += timedelta(seconds=draw.randint(20, 60))
        try:
            held = take_task(by=worker, project_id=project.pk, at=moment)
        except Refusal:
            continue
        took = draw.randint(15, 110)
        answer = some_answer(draw, careful.get(worker.pk, 1.0), of=held.task_id)
        submit_answer(
            assignment_id=held.pk,
            by=worker,
            answer=answer,
            active_seconds=took,
            at=moment + timedelta(seconds=took),
        )


def _first_ratings(project: Project, requester: Person, crowd: Sequence[Person], *, at: datetime) -> None:
    """Rate what each of the crowd did first: three of them best, and the others middling."""
    for nth, worker in enumerate(crowd):
        done = Submission.objects.filter(
            project=project, assignment__worker=worker, assignment__round__isnull=True
        )
        first = done.order_by("pk").first()
        if first is not None:
            value = Decimal(3) if nth < 3 else Decimal(2)
            rate_worker(submission_id=first.pk, by=requester, value=value, at=at)


def _first_decisions(project: Project, requester: Person, visitor: Person, *, at: datetime) -> None:
    """Approve the older half, and send one answer back to the visitor's worker."""
    waiting = Submission.objects.filter(project=project).order_by("pk")
    ids = list(waiting.exclude(assignment__worker=visitor).values_list("pk", flat=True))
    approve_submissions(project_id=project.pk, submission_ids=ids[: len(ids) // 2], by=requester, at=at)
    theirs = waiting.filter(assignment__worker=visitor).first()
    if theirs is not None:
        return_submission(
            submission_id=theirs.pk,
            by=requester,
            reason="Please read the French aloud once more: is the verb right?",
            at=at,
        )
