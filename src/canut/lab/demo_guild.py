"""The demo's guild: people who check translations, and each other.

Its members are simulated, but for the visitor's worker, who is one of them and finds a review of their own
work, a level with what the next change needs, and a review to do.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from canut.guilds.models import Guild, Review
from canut.guilds.review_form import ACCEPT, ADVICE, VERDICT
from canut.guilds.states import ReviewState
from canut.guilds.usecases.follow_work import follow_work
from canut.guilds.usecases.found_guild import found_guild
from canut.guilds.usecases.join_guild import join_guild
from canut.guilds.usecases.widen_reviews import widen_reviews
from canut.kernel.refusals import Refusal
from canut.lab.demo_work import some_answer
from canut.ledger.models import Kind
from canut.ledger.usecases.give_to_fund import give_to_fund
from canut.people.models import Person
from canut.reputation.models import ScaleKind
from canut.work.models import Project, Submission
from canut.work.states import AssignmentState
from canut.work.usecases.approve_submission import approve_submissions
from canut.work.usecases.require_standings import Wanted, require_standings
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

NAME = "Readers of translations"
GIFT_MINOR = 5_000
ITEMS_EACH = 10
"""So many items each member of the demo completes: as many as one is drawn from."""
DRAWN_BEFORE = timedelta(hours=3)
"""So long ago it was drawn that by now its reviews are open to all who may do them, the visitor too."""
NEWCOMERS = (*range(2), *range(6, 10))
"""Which of the crowd begin at the first level: more than five, so that what they earned an hour is told."""

_SAID = (
    ("2", "yes", "Right as it is; say in a word why a sentence sounds unnatural."),
    ("3", "yes", "Careful work. Offer a better sentence wherever you call one wrong."),
    ("2", "no", "Read the English once more before you answer: “may” is not “must”."),
)


def found_demo_guild(
    operator: Person, requester: Person, visitor: Person, crowd: Sequence[Person], *, at: datetime
) -> Guild:
    """Found the guild with simulated members at all levels and the visitor at the second; fill its fund."""
    founders = {visitor: 2, crowd[2]: 2, crowd[3]: 3, crowd[4]: 3, crowd[5]: 4}
    guild = found_guild(
        by=operator,
        name=NAME,
        screen_name=NAME,
        craft="checking translations",
        charter_text=(
            "We read what others translated, and say what is wrong so that it can be put right.\n\n"
            "We judge the work and not the person. We say what would make it better. Its members but for one"
            " are simulated."
        ),
        decision="The demo begins with it, so that there is something to look at.",
        founders={person.screen_name: level for person, level in founders.items()},
        at=at,
    )
    for number in NEWCOMERS:
        join_guild(guild_id=guild.pk, by=crowd[number], at=at)
    give_to_fund(
        by=requester, fund=Kind.GUILD_FUND, amount_minor=GIFT_MINOR, currency="EUR", key="demo", at=at
    )
    return guild


def ask_for_guild(project: Project, guild: Guild, requester: Person, *, at: datetime) -> None:
    """Have a project ask for the guild, from the first level on."""
    wanted = [Wanted(ScaleKind.GUILD, guild.pk, value=1)]
    require_standings(project_id=project.pk, by=requester, wanted=wanted, at=at)


def do_guild_work(
    project: Project, members: Sequence[Person], *, each: int = ITEMS_EACH, began: datetime
) -> None:
    """Let each of the members do so many tasks, one after the other, in less time than is paid."""
    draw = random.Random(1834)  # noqa: S311 (a simulation, not a secret)
    moment = began
    for worker in list(members) * each:
        moment += timedelta(seconds=draw.randint(20, 40))
        try:
            held = take_task(by=worker, project_id=project.pk, at=moment)
        except Refusal:
            continue
        took = draw.randint(25, 50)
        submit_answer(
            assignment_id=held.pk,
            by=worker,
            answer=some_answer(draw, 0.9, of=held.task_id),
            active_seconds=took,
            at=moment + timedelta(seconds=took),
        )


def approve_guild_work(project: Project, requester: Person, visitor: Person, *, at: datetime) -> None:
    """Approve what simulated members did, so that there is something to tell of what the guild earns."""
    theirs = Submission.objects.filter(project=project, assignment__state=AssignmentState.SUBMITTED)
    ids = list(theirs.exclude(assignment__worker=visitor).order_by("pk").values_list("pk", flat=True))
    approve_submissions(project_id=project.pk, submission_ids=ids, by=requester, at=at)


def review_demo_work(*, at: datetime) -> None:
    """Draw from what members did, and let simulated ones review the visitor's work and one more.

    What the visitor can review is left to them. Does nothing in a demo without guild, or a second time.
    """
    guild = Guild.objects.filter(party__name=NAME).first()
    if guild is None or Review.objects.filter(guild=guild, state=ReviewState.DONE).exists():
        return
    while follow_work(at=at - DRAWN_BEFORE):
        continue
    widen_reviews(at=at)
    visitor = Person.objects.get(username="worker")
    reviews = Review.objects.filter(guild=guild, state=ReviewState.OPEN).order_by("pk")
    for_visitor = reviews.exclude(author__person=visitor).filter(item__level=1)[:1]
    for number, review in enumerate(reviews.exclude(pk__in=[review.pk for review in for_visitor])):
        _review(review, said=_SAID[number % len(_SAID)], at=at)
    while follow_work(at=at):
        continue


def _review(review: Review, *, said: tuple[str, str, str], at: datetime) -> None:
    verdict, accept, advice = said
    for member in review.guild.members.filter(person__party__simulated=True).order_by("-level", "pk"):
        try:
            held = take_task(
                by=member.person, project_id=review.task.project_id, task_id=review.task_id, at=at
            )
        except Refusal:
            continue
        submit_answer(
            assignment_id=held.pk,
            by=member.person,
            answer={VERDICT: verdict, ACCEPT: accept, ADVICE: advice},
            active_seconds=50,
            at=at,
        )
        return
