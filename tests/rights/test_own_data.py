"""Somebody takes along what the site knows of them: all of it, and nothing that is another's."""

import json
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.builders import NOON, a_project, a_submission, a_worker
from tests.guilds.crafts import a_guild, a_member
from tests.guilds.journal.entries import an_entry
from tests.justice.flags.flagging import a_member as a_voter
from tests.justice.flags.flagging import a_post, flagged, matter_of
from tests.work.rounds import fill_round

from canut.guilds.models import LevelDecision
from canut.justice.flags.usecases.decide_matter import decide_matter
from canut.kernel import clock
from canut.kernel.plain_rows import plain_rows
from canut.people.models import Party, Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.models import Notice
from canut.people.notices.states import MailState, PushState
from canut.reputation.models import Rating
from canut.rights.queries import as_json, data_of
from canut.webhooks.queries import data_of as webhooks_of
from canut.work.models import Assignment
from canut.work.usecases.return_submission import return_submission

pytestmark = pytest.mark.django_db

ACTS_OF_OFFICE = {
    "discussion_hiding.Hidden.confirmed_by",
    "guilds.Review.voided_by",
    "justice_flags.Matter.decided_by",
    "justice_flags.Objection.answered_by",
    "justice_mediation.Mediator.appointed_by",
    "justice_sanctions.Proposal.closed_by",
    "justice_sanctions.Review.reviewer",
    "justice_sanctions.Sanction.decided_by",
    "justice_sanctions.Sanction.ended_by",
    "lab_replays.Replay.asked_by",
    "work.Appeal.heard_by",
    "work.BrokenRow.ended_by",
    "work.TopUpContest.decided_by",
    "work.Withdrawal.heard_by",
}
"""Who did a thing because it was theirs to do: it is the other person's, whose export has it."""

KEPT_FROM_THEM = {
    "reputation.Rating.rated",  # Nobody is shown who gave them what.
    "justice_mediation.Look.person",  # When they last looked at a dispute's page.
    "work.TaskBar.worker",  # From what guild reviews they are kept would tell whose work is reviewed.
}
FOLLOWS_FROM_THE_REST = {
    "reputation.Regard.requester",
    "reputation.Regard.worker",
    "reputation.RequesterRegard.requester",
    "reputation.Standing.party",
    "reputation.StandingsRefresh.party",
    "work.NewsTurn.worker",
}
OF_BODIES = {
    "guilds_credentials.IssuedCredential.guild",
    "justice_jury.JuryBody.party",
    "people.Body.party",
}
SAID_ONCE_ALREADY = {
    "discussion.Thread.closed_by",
    "discussion_facilitated.Call.by",
    "people.Listing.person",  # What a requester notes is theirs; they told what the other should know.
    "people.Person.party",
}


def test_whatever_points_at_somebody_is_told_to_them_or_there_is_a_reason_not_to(worker):
    with CaptureQueriesContext(connection) as queries:
        list(as_json({**data_of(worker.pk), "webhooks": webhooks_of(worker.pk)}))
    asked = "\n".join(query["sql"] for query in queries)
    untold = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("canut.")
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.related_model in (Person, Party)
        and not re.search(rf'"{model._meta.db_table}"\."{field.column}" = {worker.pk}\b', asked)
    }
    assert untold == (ACTS_OF_OFFICE | KEPT_FROM_THEM | FOLLOWS_FROM_THE_REST | OF_BODIES | SAID_ONCE_ALREADY)


def test_the_file_has_what_one_did_and_what_one_was_told_and_nothing_of_others(requester, worker, peer):
    # Given work by two, of which one was returned, with a notice and a note in a journal
    project = a_project(owner=requester, rows=2)
    mine, other = a_submission(worker=worker, project=project), a_submission(worker=peer, project=project)
    return_submission(
        submission_id=mine.pk, reason="Too short.", by=requester, at=NOON + timedelta(minutes=5)
    )
    a_notice(worker, "Come back")
    a_notice(peer, "Not for them")
    an_entry(worker)
    # When they take their data along
    data = json.loads("".join(as_json(data_of(worker.pk))))
    # Then it is there, and nobody else's is
    assert data["people"]["account"][0]["email"] == worker.email
    assert [one["id"] for one in data["work"]["answers"]] == [mine.pk]
    assert [one["reason"] for one in data["work"]["decisions_on_answers"]] == ["Too short."]
    assert [one["subject"] for one in data["people"]["notices"]] == ["Come back"]
    assert data["guilds"]["journal"][0]["entries"][0]["text"] == "They have whiskers."
    whole = json.dumps(data)
    assert other.pk not in [one["id"] for one in data["work"]["answers"]]
    assert peer.email not in whole
    assert requester.email not in whole
    # And the requester has the project, the design and the decision
    theirs = json.loads("".join(as_json(data_of(requester.pk))))["work"]
    assert [one["title"] for one in theirs["projects"]] == [project.title]
    assert [one["submission_id"] for one in theirs["decisions_taken"]] == [mine.pk]


def a_notice(person, subject):
    Notice.objects.create(
        person=person,
        kind=NoticeKind.DECISION,
        subject=subject,
        path="/",
        made_at=NOON,
        mail=MailState.NOT_WANTED,
        push=PushState.NOT_WANTED,
    )


def test_who_rated_somebody_is_told_to_the_one_who_rated_alone(requester, worker):
    project = a_project(owner=requester)
    work = a_submission(worker=worker, project=project)
    rated(work.assignment, by=requester)
    told = {one.pk: the_file_of(one) for one in (requester, worker)}
    assert [one["worker_screen_name"] for one in told[requester.pk]["work"]["ratings_of_workers"]] == [
        worker.screen_name
    ]
    assert told[worker.pk]["reputation"]["ratings_of_requesters"] == []
    assert told[worker.pk]["work"]["ratings_of_workers"] == []
    rated(work.assignment, by=worker, side="requester")
    assert [
        one["rated_screen_name"] for one in the_file_of(worker)["reputation"]["ratings_of_requesters"]
    ] == [requester.screen_name]
    assert requester.screen_name not in json.dumps(the_file_of(requester)["work"]["ratings_of_workers"])


def test_who_worked_in_a_round_is_not_named_to_who_rated_them(requester):
    at = clock.now()
    project = a_project(owner=requester, rows=16, untried=True, at=at)
    crowd = [a_worker(f"prudence{number}", at=at) for number in range(4)]
    fill_round(project, crowd=crowd, at=at)
    of_round = Assignment.objects.filter(project=project, round__isnull=False).order_by("pk")
    rated(of_round[0], by=requester)
    file = the_file_of(requester)
    assert [one["worker_screen_name"] for one in file["work"]["ratings_of_workers"]] == [""]
    whole = json.dumps(file)
    assert not [one.screen_name for one in crowd if one.screen_name in whole]


def rated(assignment, *, by, side="worker"):
    owner, worker = assignment.project.owner_id, assignment.worker_id
    Rating.objects.create(
        side=side,
        rater_id=by.pk,
        rated_id=worker if side == "worker" else owner,
        assignment_id=assignment.pk,
        group_id=assignment.project.group_id,
        value="1.00",
        given_at=NOON,
    )


def the_file_of(person):
    return json.loads("".join(as_json(data_of(person.pk))))


def test_of_a_decision_on_a_level_the_day_is_told_and_no_moment(worker):
    """The moment is that at which somebody handed in a review, and theirs to know (MECHANISMS 2.5)."""
    member, decided = a_member(a_guild(), person=worker), NOON + timedelta(minutes=17, seconds=23)
    for superseded_at in (decided + timedelta(days=2), None):
        LevelDecision.objects.create(
            member=member,
            number=1,
            review_ids=[1],
            mean="3.50",
            before=1,
            after=2,
            why="rise_one",
            decided_at=decided,
            superseded_at=superseded_at,
        )
    told = the_file_of(worker)["guilds"]["levels_decided"]
    later = f"{NOON + timedelta(days=2):%Y-%m-%d}"
    assert [(one["decided_on"], one["superseded_on"]) for one in told] == [
        (f"{NOON:%Y-%m-%d}", later),
        (f"{NOON:%Y-%m-%d}", None),
    ]
    assert ":17:" not in json.dumps(told)


def test_what_a_person_hid_at_once_is_told_to_its_author(operator):
    post, flagger = a_post(), a_voter()
    flagged(flagger, post)
    author = post.author
    assert the_file_of(author)["justice"]["hidden_or_flagged"] == []
    decide_matter(
        matter_id=matter_of(post).pk, by=operator, hide=True, ground="spam", reason="It sells.", at=NOON
    )
    (told,) = the_file_of(author)["justice"]["hidden_or_flagged"]
    assert (told["subject_id"], told["hidden_at"], told["reason"]) == (post.pk, None, "It sells.")
    assert the_file_of(flagger)["justice"]["hidden_or_flagged"] == []


def test_more_rows_than_are_held_at_once_come_once_each_and_in_order(worker, monkeypatch):
    monkeypatch.setattr("canut.kernel.plain_rows.AT_ONCE", 3)
    for number in range(7):
        a_notice(worker, f"Number {number}")
    rows = Notice.objects.filter(person=worker)
    assert [one["subject"] for one in plain_rows(rows, "subject")] == [f"Number {n}" for n in range(7)]


def test_the_page_gives_the_file_once_the_password_was_typed_again(worker):
    browser = Client()
    browser.post(reverse("account_login"), {"login": worker.username, "password": "correct horse"})
    assert browser.get(reverse("own_data_file")).status_code == 302
    browser.post(reverse("account_reauthenticate"), {"password": "correct horse"})
    assert reverse("own_data_file") in browser.get(reverse("own_data")).content.decode()
    answer = browser.get(reverse("own_data_file"))
    assert answer["Content-Disposition"].startswith('attachment; filename="canut-data-')
    assert "no-store" in answer["Cache-Control"]
    told = json.loads(b"".join(answer.streaming_content))
    assert told["people"]["account"][0]["username"] == worker.username
    assert told["webhooks"] == {"endpoints": []}
    assert browser.post(reverse("own_data_file")).status_code == 405
