"""Whoever leaves takes along what was theirs alone; what others rely on stays, without their name."""

from datetime import timedelta

import pytest
from tests.builders import ANSWER, NOON, a_project, a_submission, a_worker, taken
from tests.discussion.places import a_place
from tests.guilds.crafts import a_guild, a_member
from tests.guilds.journal.entries import an_entry
from tests.membership.members import admitted

from canut.discussion.models import Mention, Post, Reader
from canut.discussion.usecases.follow_thread import follow_thread
from canut.discussion.usecases.write_post import start_thread
from canut.guilds.journal.models import JournalEntry
from canut.guilds.models import Invitation, Member
from canut.guilds.usecases.invite_person import invite_person
from canut.guilds.usecases.join_guild import join_guild
from canut.kernel.models import Event, IdempotentReply
from canut.ledger.models import LedgerEntry
from canut.ledger.queries import party_balances
from canut.ledger.usecases.verify_books import verify_books
from canut.membership.models import Membership
from canut.people.models import Party, Person
from canut.people.usecases.close_account import AccountHasObligations
from canut.reputation.models import ScaleKind, Standing
from canut.rights.usecases.leave_site import leave_site
from canut.work.models import Draft, SavedSearch, Submission, WorkerChoice
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.leave_task import give_back_task

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)


def with_much_of_their_own(person, *, project, guild):
    """Give somebody a guild, a journal, a draft, a search, choices, a membership and a thread to follow."""
    join_guild(guild_id=guild.pk, by=person, at=NOON)
    an_entry(person)
    admitted(person)
    held = taken(worker=person, project=project)
    give_back_task(assignment_id=held.pk, by=person, at=NOON)
    Draft.objects.create(assignment=held, answer=ANSWER, saved_at=NOON)
    SavedSearch.objects.create(worker=person, name="Cats", pace="daily", created_at=NOON, changed_at=NOON)
    WorkerChoice.objects.create(worker=person)
    place = a_place(person, subject_id=guild.pk)
    thread = start_thread(place=place, title="Whiskers", text="Whiskers?", at=NOON).thread
    follow_thread(place=a_place(person, thread), follows=True)
    post = Post.objects.get(thread=thread)
    Mention.objects.create(post=post, person=person)
    IdempotentReply.objects.create(party_id=person.pk, key="k", request_hash="h", recorded_at=NOON)


def what_is_left_of(person):
    """Return of how many kinds of things that were somebody's own there is any."""
    own = {"person_id": person.pk}
    return {
        "journal": JournalEntry.objects.filter(writer=person).count(),
        "drafts": Draft.objects.filter(assignment__worker=person).count(),
        "searches": SavedSearch.objects.filter(worker=person).count(),
        "choices": WorkerChoice.objects.filter(worker=person).count(),
        "threads": Reader.objects.filter(**own).count(),
        "mentions": Mention.objects.filter(**own).count(),
        "replies": IdempotentReply.objects.filter(party_id=person.pk).count(),
        "guilds": Member.objects.filter(**own, left_at__isnull=True).count(),
        "memberships": Membership.objects.filter(**own, ended_at__isnull=True).count(),
        "standings": Standing.objects.filter(
            party_id=person.pk, scale__in=(ScaleKind.GUILD, ScaleKind.MEMBERSHIP)
        ).count(),
    }


def test_every_room_lets_go_of_what_was_theirs_alone_and_of_nobody_elses(requester, worker, peer):
    # Given two people with much of their own
    project, guild = a_project(owner=requester, rows=3), a_guild()
    for person in (worker, peer):
        with_much_of_their_own(person, project=project, guild=guild)
    kept = what_is_left_of(peer)
    assert all(kept.values())
    # When one of them leaves, and asks twice
    for _click in range(2):
        party = leave_site(by=worker, at=LATER)
    # Then nothing of it is left, and the other has what they had
    assert not any(what_is_left_of(worker).values())
    assert what_is_left_of(peer) == kept
    # And what was said to others stays, under the name that is left
    assert Post.objects.get(author=worker.party).text == "Whiskers?"
    assert party.screen_name == f"former-{worker.pk}"
    assert Event.objects.filter(name="account.closed").count() == 1


def test_who_leaves_is_invited_no_more_and_invites_nobody(worker, peer):
    guild = a_guild()
    member = a_member(guild, person=worker)
    invite_person(guild_id=guild.pk, by=worker, screen_name=peer.screen_name, at=NOON)
    other = a_worker()
    invite_person(guild_id=guild.pk, by=a_member(guild).person, screen_name=other.screen_name, at=NOON)
    for person in (worker, other):
        leave_site(by=person, at=LATER)
    assert set(Invitation.objects.values_list("state", flat=True)) == {"withdrawn"}
    member.refresh_from_db()
    assert member.left_at == LATER


def test_the_work_that_was_done_stays_and_so_do_the_books_when_its_money_is_given_up(requester, worker):
    project = a_project(owner=requester)
    work = a_submission(worker=worker, project=project)
    approve_submission(submission_id=work.pk, by=requester, at=NOON + timedelta(minutes=5))
    earned = party_balances(worker.pk)
    with pytest.raises(AccountHasObligations):
        leave_site(by=worker, at=LATER)
    assert party_balances(worker.pk) == earned
    for _click in range(2):
        leave_site(by=worker, at=LATER, gives_up_money=True)
    assert Submission.objects.get(pk=work.pk).assignment.worker_id == worker.pk
    assert Submission.objects.get(pk=work.pk).answer == ANSWER
    assert (party_balances(worker.pk), verify_books(at=LATER)) == ({}, [])
    given = LedgerEntry.objects.get(reason="withdrawal")
    assert {given.currency: given.amount_minor} == earned


def test_while_something_is_open_nothing_is_forgotten(requester, worker):
    project = a_project(owner=requester)
    an_entry(worker)
    taken(worker=worker, project=project)
    with pytest.raises(AccountHasObligations):
        leave_site(by=worker, at=LATER)
    assert JournalEntry.objects.filter(writer=worker).exists()
    assert Party.objects.get(pk=worker.pk).closed_at is None
    assert Person.objects.get(pk=worker.pk).is_active
