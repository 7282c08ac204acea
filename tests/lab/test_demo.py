"""What a visitor of the demo finds."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.builders import NOON
from tests.work.cascades import beats_of

from canut.discussion.facilitated.models import Discussion
from canut.forums.conversations.models import Note
from canut.forums.conversations.queries import conversations_page
from canut.guilds.models import Review
from canut.guilds.queries.earnings import LEAST_PEOPLE, earnings_seen
from canut.justice.jury.models import Seat
from canut.justice.jury.usecases.follow_panels import follow_panels
from canut.justice.jury.usecases.read_votes import read_votes
from canut.justice.mediation.models import Dispute
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.lab.demo import load_demo
from canut.lab.demo_guild import review_demo_work
from canut.lab.demo_justice import dispute_in_demo, hear_as_simulated
from canut.lab.demo_law import govern_demo
from canut.lab.demo_talk import talk_in_demo
from canut.ledger.queries import verify
from canut.people.models import Person
from canut.work.models import Assignment, Project
from canut.work.queries.admission import asking
from canut.work.queries.projects import studio_project
from canut.work.rules import may_take
from canut.work.usecases.move_cascades import mind_cascades, move_cascades
from canut.work.usecases.take_task import take_task


@pytest.mark.django_db
def test_one_of_its_projects_opens_step_by_step_and_goes_on_doing_so(uploads: Path) -> None:
    load_demo(at=NOON)
    assert not load_demo(at=NOON)
    for _time in range(2):
        talk_in_demo(at=NOON)
    unread = {
        name: [one.thread.new for one in conversations_page(who, at=NOON).conversations]
        for name in ("requester", "worker")
        for who in [Person.objects.get(username=name)]
    }
    assert unread == {"requester": [1, 0], "worker": [1]}
    assert Note.objects.get().task.assignments.filter(worker__username="worker", state="returned").exists()
    assert Discussion.objects.get().state == "saying"
    assert Dispute.objects.get().other.screen_name == "Croix-Rousse workshop"
    project = Project.objects.get(cascade_policy="share")
    assert (project.state, project.cascade_started_at) == ("live", NOON)
    visitor = asking(worker_id=Person.objects.get(username="worker").pk, project_id=project.pk, at=NOON)
    assert may_take(visitor) == "not_open_to_you_yet"
    for minutes in (5, 60):
        now = NOON + timedelta(minutes=minutes)
        move_cascades(at=now)
        mind_cascades(at=now)
        project.refresh_from_db()
        assert project.threshold is not None, beats_of(project)
        assert project.threshold < 3


@pytest.mark.usefixtures("committed")
def test_the_visitor_finds_a_guild_a_review_of_theirs_and_one_to_do(uploads: Path) -> None:
    load_demo(at=NOON)
    for _time in range(2):
        review_demo_work(at=NOON)
    visitor = Person.objects.get(username="worker")
    mine = Review.objects.filter(author__person=visitor)
    assert [review.state for review in mine] == ["done"]
    to_do = Review.objects.get(state="open")
    held = take_task(by=visitor, project_id=to_do.task.project_id, at=NOON)
    assert held.task_id == to_do.task_id
    # Its requester is warned, for members of the least level earned more an hour than the project pays
    requester = Person.objects.get(username="requester")
    asks = Project.objects.get(requirements__scale="guild")
    seen = earnings_seen(studio_project(asks.pk, by=requester), asks.requirements.get().scale_id, 1, at=NOON)
    assert seen.under is not None
    assert seen.under.people > LEAST_PEOPLE
    assert seen.under.hourly_minor > seen.pays_minor
    assert verify() == []


@pytest.mark.long
@pytest.mark.usefixtures("committed")
def test_the_visitor_finds_a_seat_in_a_jury_and_a_rejection_that_simulated_members_hear(
    uploads: Path,
) -> None:
    load_demo(at=NOON)
    visitor = Person.objects.get(username="worker")
    govern_demo(at=NOON)
    for _time in range(2):
        dispute_in_demo(at=NOON)
    seat = Seat.objects.get(person=visitor)
    other_votes = Seat.objects.exclude(vote="").values_list("vote", flat=True)
    assert (seat.state, sorted(other_votes)) == ("offered", ["falls", "stands"])
    rejected = Assignment.objects.get(worker=visitor, state="rejected")
    case = appeal_rejection(assignment_id=rejected.pk, by=visitor, at=NOON)
    for hours in range(3):
        follow_panels(at=NOON + timedelta(hours=hours))
        hear_as_simulated(at=NOON + timedelta(hours=hours))
        while read_votes(at=NOON + timedelta(hours=hours)):
            continue
    case.refresh_from_db()
    assert case.decided_by == "jury"
    assert verify() == []
