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
from tests.builders import NOON, a_project, a_submission
from tests.guilds.journal.entries import an_entry

from canut.kernel.plain_rows import plain_rows
from canut.people.models import Party, Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.models import Notice
from canut.people.notices.states import MailState, PushState
from canut.reputation.models import Rating
from canut.rights.queries import as_json, data_of
from canut.webhooks.queries import data_of as webhooks_of
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
    Rating.objects.create(
        side="worker",
        rater_id=requester.pk,
        rated_id=worker.pk,
        assignment_id=work.assignment_id,
        group_id=project.group_id,
        value="1.00",
        given_at=NOON,
    )
    told = {one.pk: json.loads("".join(as_json(data_of(one.pk)))) for one in (requester, worker)}
    assert [one["rated_screen_name"] for one in told[requester.pk]["reputation"]["ratings_given"]] == [
        worker.screen_name
    ]
    assert told[worker.pk]["reputation"]["ratings_given"] == []


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
