"""The demo's disputes: a rejection to appeal, an appeal to hear, and a post that two members have flagged.

The visitor's worker finds one rejected answer of their own, and a seat in a jury whose two other members
disagree, so that theirs is the vote that decides. Simulated members who are drawn later vote by themselves.
"""

import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from canut.discussion.hiding.states import HiddenKind
from canut.discussion.models import Post, SubjectKind
from canut.forums.access import place_about
from canut.forums.usecases.write_in_thread import write_in_thread
from canut.justice.flags.states import FlagGround
from canut.justice.flags.usecases.flag_thing import flag_thing
from canut.justice.jury.form import REASON, VOTE
from canut.justice.jury.models import Seat
from canut.justice.jury.states import LIVE, PanelState, SeatState
from canut.justice.jury.usecases.decline_seat import decline_seat
from canut.justice.jury.usecases.follow_panels import follow_panels
from canut.justice.jury.usecases.read_votes import read_votes
from canut.justice.jury.usecases.take_seat import take_seat
from canut.justice.models import Case
from canut.justice.states import CaseState
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.kernel.refusals import Refusal
from canut.lab.demo_law import DAY, MEMBERS
from canut.lab.demo_work import demo_draft
from canut.lab.simulated import simulated_person
from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.people.models import Person
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.models import Assignment, Project, Submission
from canut.work.states import Ground
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

HOUR = timedelta(hours=1)
FINE, NOT_FINE = {"verdict": "right"}, {"verdict": "wrong", "better": "I left it as it was."}
AGREE = 0.75
"""Which share of simulated jurors say what most say of a case."""

WORDS = {
    CaseState.STANDS: "The return said what to change, and the second answer is the first again.",
    CaseState.FALLS: "The answer is right as it stands; the return asked for what the task did not.",
}


def dispute_in_demo(*, at: datetime) -> None:
    """Let simulated requesters reject work, one worker appeal, and members flag a post.

    To be called when `govern_demo` is committed. Does nothing a second time.
    """
    if Case.objects.exists():
        return
    visitor = Person.objects.get(username="worker")
    members = [Person.objects.get(username=f"simulated-{n}") for n in range(1, MEMBERS + 1)]
    worker = Person.objects.get(username=f"simulated-{MEMBERS + 2}")
    _rejected(visitor, number=4, at=at - DAY)
    appealed = _rejected(worker, number=5, at=at - DAY)
    appeal_rejection(
        assignment_id=appealed.pk,
        by=worker,
        words="I changed what the return asked for. (This worker is simulated.)",
        at=at - 2 * HOUR,
    )
    _seat_the_visitor(visitor, at=at - 2 * HOUR)
    _talk(members, at=at - HOUR)


def hear_as_simulated(*, at: datetime) -> int:
    """Have simulated people who were drawn for a jury decide, and return how many did. For demos alone.

    Each says of a case what most of them say of it: three in four agree. The first panel of the demo leaves
    the decision to its visitor.
    """
    seats = Seat.objects.filter(
        state__in=LIVE, panel__state=PanelState.OPEN, person__party__simulated=True
    ).select_related("person", "panel")
    heard = 0
    for seat in seats.order_by("pk"):
        draw = random.Random(seat.panel.case_id)  # noqa: S311 (a simulation, not a secret)
        likely, other = draw.sample([CaseState.FALLS, CaseState.STANDS], 2)
        draw = random.Random(seat.pk)  # noqa: S311 (a simulation, not a secret)
        with suppress(Refusal):  # somebody else decided, or time ran out, at this very moment
            _vote(seat, likely if draw.random() < AGREE else other, at=at)
            heard += 1
    return heard


def _rejected(worker: Person, *, number: int, at: datetime) -> Assignment:
    """Have a worker hand in twice to a simulated requester, who then rejects it at `at`."""
    began = at - 2 * DAY
    owner = simulated_person(
        f"simulated-requester-{number}",
        screen_name=f"Simulated requester {number}",
        at=began - DAY,
        requester=True,
    )
    deposit_play_money(by=owner, amount_minor=1_000, currency="EUR", key=f"demo-{number}", at=began)
    project = demo_draft(
        owner,
        title=f"Two short sentences, {number}",
        description="A very small project of a simulated requester.",
        design=STARTING_DESIGNS["translation-check"].build({}),
        rows=[
            {"english": "The loom is set up.", "french": "Le métier est monté."},
            {"english": "Hand in what you wove.", "french": "Remettez ce que vous avez tissé."},
        ],
        kind="paid",
        cascade_policy="open",
        at=began,
    )
    publish_project(project_id=project.pk, by=owner, at=began)
    held = take_task(by=worker, project_id=project.pk, at=began + HOUR)
    for answer, when in ((NOT_FINE, began + HOUR), (FINE, began + 20 * HOUR)):
        submit_answer(
            assignment_id=held.pk, by=worker, answer=answer, active_seconds=50, at=when + timedelta(minutes=2)
        )
        last = Submission.objects.filter(assignment=held).latest("attempt")
        if last.attempt == 1:
            return_submission(
                submission_id=last.pk, by=owner, reason="Is it really wrong? Read it aloud.", at=when + HOUR
            )
    reject_submission(
        submission_id=last.pk,
        by=owner,
        ground=Ground.RETURN_NOT_ADDRESSED,
        evidence="The second answer says the opposite of the first and gives no reason.",
        reason="I asked to read it aloud, not to turn the answer round.",
        at=at,
    )
    held.refresh_from_db()
    return held


def _seat_the_visitor(visitor: Person, *, at: datetime) -> None:
    """Draw a jury, have simulated members decline until the visitor is in it, and the two others disagree."""
    follow_panels(at=at)
    seats = Seat.objects.filter(state=SeatState.OFFERED, panel__state=PanelState.OPEN).order_by("pk")
    while not seats.filter(person=visitor).exists():
        spare = seats.exclude(person=visitor).last()
        if spare is None:
            return
        decline_seat(seat_id=spare.pk, by=spare.person, at=at)
        follow_panels(at=at)
    votes = (CaseState.FALLS, CaseState.STANDS)
    for seat, vote in zip(seats.exclude(person=visitor).select_related("person"), votes, strict=False):
        _vote(seat, vote, at=at)
    while read_votes(at=at):
        continue


def _vote(seat: Seat, vote: CaseState, *, at: datetime) -> None:
    held = take_seat(seat_id=seat.pk, by=seat.person, at=at)
    words = f"{WORDS[vote]} (This member is simulated.)"
    submit_answer(
        assignment_id=held.pk,
        by=seat.person,
        answer={VOTE: str(vote), REASON: words},
        active_seconds=90,
        at=at,
    )


def _talk(members: Sequence[Person], *, at: datetime) -> None:
    """Have a question asked and answered in the thread of the requester's project, and a post flagged."""
    requester = Person.objects.get(username="requester")
    project = Project.objects.filter(owner_id=requester.pk, kind="paid").earliest("pk")
    said = (
        (members[0], "Does a missing full stop count as wrong?"),
        (requester, "No. Only what changes how the sentence **reads** does."),
        (
            members[7],
            "Forget these sentences: I won 4,000 in one evening at the Golden Wheel casino, and you get 100 "
            "free turns with my code!",
        ),
    )
    written: Post | None = None
    for nth, (person, text) in enumerate(said):
        moment = at + timedelta(minutes=nth)
        place = place_about(SubjectKind.PROJECT, project.pk, by=person, at=moment)
        written = write_in_thread(place=place, text=text, at=moment)
    assert written is not None
    for person in members[1:3]:
        flag_thing(
            kind=HiddenKind.POST,
            subject_id=written.pk,
            ground=FlagGround.SPAM,
            by=person,
            at=at + timedelta(minutes=9),
        )
