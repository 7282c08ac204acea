"""Who may read and write where: both sides of a project, the members of a guild or college, nobody else."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_draft, a_person, a_project, a_requester, a_worker, taken
from tests.discussion.places import a_place
from tests.forums.cast import notices, place, says
from tests.guilds.crafts import a_guild, a_member
from tests.membership.members import a_member_of, admitted
from tests.work.duties import a_duty

from canut.discussion.access import PostOfAnother, ThreadNotFound
from canut.discussion.hiding.models import Hidden
from canut.discussion.hiding.states import HiddenKind
from canut.discussion.hiding.usecases.hide import hide, keep_hidden
from canut.discussion.models import FORUMS, Post, SubjectKind
from canut.discussion.queries import thread_seen
from canut.discussion.queries_search import search_posts
from canut.discussion.usecases.edit_post import edit_post, withdraw_post
from canut.discussion.usecases.follow_thread import follow_thread
from canut.forums.access import place_about, place_before_post, place_of_thread, post_to_read
from canut.forums.conversations.usecases.write_message import take_message_back
from canut.forums.queries import own_posts, talk_of
from canut.forums.stands import NotAReader
from canut.forums.subjects.college import NUMBERS, CollegeNotFound
from canut.forums.subjects.project import BlockedHere, TaskNotCited
from canut.forums.usecases.tell_of_news import send_digest, tell_of_news
from canut.forums.usecases.write_in_thread import start_in_forum
from canut.guilds.access import GuildNotFound, NotAMember
from canut.guilds.usecases.leave_guild import leave_guild
from canut.kernel.doing import doing
from canut.kernel.refusals import Refusal
from canut.membership.access import NotAMember as NotAdmitted
from canut.membership.states import College
from canut.people.access import WorkerRoleMissing
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.choose_notices import choose
from canut.people.notices.usecases.send_notices import send_notices
from canut.people.usecases.block_person import block_person
from canut.people.usecases.close_account import close_account
from canut.people.usecases.unlist_person import unlist_person
from canut.work.queries.taking_part import cited_tasks
from canut.work.refusals import ProjectNotFound
from canut.work.usecases.close_project import close_project

pytestmark = pytest.mark.django_db


def why_not(project, person, at=NOON):
    refusal = place(project, person, at).why_not
    return "" if refusal is None else refusal.code


def test_both_sides_of_a_project_talk_and_nobody_else():
    owner, worker, newcomer = a_requester(), a_worker(), a_worker()
    project = a_project(owner=owner)
    taken(worker=worker, project=project)
    assert [why_not(project, one) for one in (owner, worker, newcomer)] == ["", "", ""]
    with pytest.raises(WorkerRoleMissing):
        place(project, a_requester())
    with pytest.raises(ProjectNotFound):
        place(a_draft(owner=owner), worker)
    with pytest.raises(ProjectNotFound):
        place_about(SubjectKind.PROJECT, 2**80, by=worker, at=NOON)
    close_project(project_id=project.pk, by=owner, at=NOON)
    assert [why_not(project, one) for one in (owner, worker, newcomer)] == ["", "", "not_a_writer"]


def test_whom_a_requester_keeps_away_does_not_write_in_their_projects():
    owner, worker = a_requester(), a_worker()
    project, elsewhere = a_project(owner=owner), a_project(owner=a_requester())
    taken(worker=worker, project=project)
    says(project, worker, "Before")
    block_person(person_id=worker.pk, by=owner, at=NOON)
    with pytest.raises(BlockedHere):
        says(project, worker, "After")
    thread = place(project, worker).thread_id
    with pytest.raises(BlockedHere):
        place_of_thread(thread, by=worker, at=NOON).require_writing()
    assert thread_seen(place(project, worker), at=NOON).posts[0].text == "Before"
    assert why_not(elsewhere, worker) == ""
    unlist_person(person_id=worker.pk, by=owner, at=NOON)
    assert why_not(project, worker) == ""


def test_who_lacks_what_a_project_asks_for_reads_and_does_not_write():
    owner = a_requester()
    project = a_project(owner=owner, allowed_only=True)
    assert why_not(project, a_worker()) == "not_a_writer"


def test_a_duty_has_no_thread():
    """Those who judge work must not find whose it is, nor each other."""
    project = a_duty()
    with pytest.raises(ThreadNotFound):
        place(project, a_worker())


def test_a_task_is_cited_by_its_number_and_nobody_learns_who_worked_on_it():
    owner, worker, other = a_requester(), a_worker(), a_worker()
    project = a_project(owner=owner)
    assignment = taken(worker=worker, project=project)
    post = says(project, worker, "What is meant here?", task=assignment.task.position)
    assert post.cites_id == assignment.task_id
    known = {
        who: cited_tasks(project.pk, [post.cites_id], reader_id=who.pk)[post.cites_id]
        for who in (owner, worker, other)
    }
    assert {one.number for one in known.values()} == {assignment.task.position}
    assert [known[who].assignment_id for who in (owner, worker, other)] == [None, assignment.pk, None]
    assert [bool(known[who].key) for who in (owner, worker, other)] == [True, False, False]
    for number in (0, 999, 2**40):
        with pytest.raises(TaskNotCited):
            says(project, worker, "And here?", task=number)
    guild = a_guild()
    start = start_in_forum(place=_guild_place(guild, a_member(guild).person), title="x", text="y", at=NOON)
    assert post_to_read(post.pk, by=other, at=NOON) == post
    with pytest.raises(ThreadNotFound):
        post_to_read(start.pk, by=other, at=NOON)
    with pytest.raises(ThreadNotFound):
        post_to_read(2**70, by=other, at=NOON)


def _guild_place(guild, person):
    return place_about(SubjectKind.GUILD, guild.pk, by=person, at=NOON)


def test_a_guilds_forum_is_its_members_own():
    guild = a_guild()
    member = a_member(guild)
    post = start_in_forum(place=_guild_place(guild, member.person), title="Rates", text="Hello", at=NOON)
    other = a_member(guild).person
    there = place_of_thread(post.thread_id, by=other, at=NOON)
    assert (there.name, there.may_write, there.may_close) == (guild.party.name, True, False)
    assert place_of_thread(post.thread_id, by=member.person, at=NOON).may_close
    for stranger in (a_worker(), a_requester(), guild.founded_by):
        with pytest.raises(NotAMember):
            _guild_place(guild, stranger)
        with pytest.raises(ThreadNotFound):
            place_of_thread(post.thread_id, by=stranger, at=NOON)
    leave_guild(guild_id=guild.pk, by=other, at=NOON)
    with pytest.raises(NotAMember):
        _guild_place(guild, other)
    with pytest.raises(GuildNotFound):
        place_about(SubjectKind.GUILD, 2**70, by=other, at=NOON)


def test_who_left_reads_no_more_and_still_takes_back_what_they_wrote():
    guild = a_guild()
    member, other = a_member(guild).person, a_member(guild).person
    post = start_in_forum(place=_guild_place(guild, member), title="Rates", text="Hello", at=NOON)
    leave_guild(guild_id=guild.pk, by=member, at=NOON)
    (mine,) = own_posts(member, at=NOON).posts
    assert (mine.where, mine.title, mine.words) == (None, "Rates", "Hello")
    assert own_posts(other, at=NOON).posts == []
    place = place_before_post(post.thread_id, 1, by=member, at=NOON)
    assert (place.may_read, place.may_write) == (False, False)
    for number in (2, 2**70):
        with pytest.raises(ThreadNotFound):
            place_before_post(post.thread_id, number, by=member, at=NOON)
    with pytest.raises(ThreadNotFound):
        place_before_post(post.thread_id, 1, by=a_worker(), at=NOON)
    with pytest.raises(PostOfAnother):
        take_message_back(place=place_before_post(post.thread_id, 1, by=other, at=NOON), number=1, at=NOON)
    with pytest.raises(ThreadNotFound):
        edit_post(place=place, number=1, text="Other words", at=NOON)
    assert take_message_back(place=place, number=1, at=NOON).text == ""
    assert own_posts(member, at=NOON).posts == []


def test_a_colleges_forum_is_its_members_own():
    people = {college: a_member_of(college) for college in College}
    idle = a_member_of(College.WORKERS, active=False)
    for college, number in NUMBERS.items():
        for theirs, person in people.items():
            if theirs == college:
                assert place_about(SubjectKind.COLLEGE, number, by=person, at=NOON).may_write
            else:
                with pytest.raises(NotAReader):
                    place_about(SubjectKind.COLLEGE, number, by=person, at=NOON)
    assert place_about(SubjectKind.COLLEGE, 1, by=idle, at=NOON).may_write
    with pytest.raises(NotAdmitted):
        place_about(SubjectKind.COLLEGE, 1, by=a_worker(), at=NOON)
    with pytest.raises(NotAReader):  # admitted, and of no college yet
        place_about(SubjectKind.COLLEGE, 1, by=_admitted(), at=NOON)
    with pytest.raises(CollegeNotFound):
        place_about(SubjectKind.COLLEGE, 4, by=idle, at=NOON)


def _admitted():
    person = a_person()
    admitted(person)
    return person


def test_what_is_hidden_is_shown_to_nobody_and_not_found():
    owner, worker = a_requester(), a_worker()
    project = a_project(owner=owner)
    post = says(project, worker, "Visit our casino")
    says(project, owner, "No", quotes=1)
    Hidden.objects.create(
        subject_kind="post", subject_id=post.pk, since=NOON, until=NOON + timedelta(hours=72)
    )
    first, second = thread_seen(place(project, owner), at=NOON).posts
    assert (first.is_hidden, first.text, str(first.html), second.quotes.words) == (True, "", "", "")
    assert search_posts(place(project, owner), "casino", at=NOON).found == []
    shown_again = NOON + timedelta(hours=73)
    assert thread_seen(place(project, owner), at=shown_again).posts[0].text == "Visit our casino"


def test_the_requester_is_told_of_questions_and_only_once():
    owner, worker = a_requester(), a_worker()
    project = a_project(owner=owner, title="Cats and dogs")
    says(project, worker, "Is a puppy a dog?")
    says(project, worker, "And a kitten?")
    assert tell_of_news(at=NOON) == 1
    (told,) = notices()
    assert (told.person_id, told.kind, told.path) == (owner.pk, "digest", "/talk/")
    assert told.subject == "2 new posts to read"
    assert "2 new posts in Cats and dogs\n" in told.text
    assert "puppy" not in told.text
    assert tell_of_news(at=NOON) == 0
    assert not send_digest(person_id=owner.pk, at=NOON)
    says(project, owner, "Both, yes.")
    tell_of_news(at=NOON)
    assert notices()[-1].person_id == worker.pk
    choose(by=owner, kind=NoticeKind.DIGEST, mail=False, push=False)
    says(project, worker, "Thanks")
    tell_of_news(at=NOON)
    assert [one.mail for one in notices()] == ["wanted", "wanted", "not_wanted"]


def test_who_may_not_read_any_more_is_told_nothing():
    guild = a_guild()
    ada, jean = (
        a_member(guild, person=a_worker("ada")).person,
        a_member(guild, person=a_worker("jean")).person,
    )
    start_in_forum(place=_guild_place(guild, jean), title="Secret", text="@Ada, look", at=NOON)
    thread = Post.objects.get().thread
    follow_thread(place=place_of_thread(thread.pk, by=ada, at=NOON), follows=True, from_the_start=True)
    leave_guild(guild_id=guild.pk, by=ada, at=NOON)
    tell_of_news(at=NOON)
    assert notices() == []
    assert talk_of(ada, at=NOON).followed == []
    close_account(by=jean, what_is_open=lambda _party: [], at=NOON)
    assert tell_of_news(at=NOON) == 0


def test_somebody_called_by_name_is_told_once_if_they_may_read():
    owner, worker, asker = a_requester("owner"), a_worker("ada"), a_worker("jean")
    project = a_project(owner=owner)
    post = says(project, asker, "@Ada and @Owner, is this right? @Person")
    told = notices()
    assert {one.person_id for one in told} == {owner.pk, worker.pk}
    assert told[0].subject == "Jean calls you by name"
    assert told[0].path == f"/talk/threads/{post.thread_id}/?post=1#post-1"
    assert len(notices()) == 2
    withdraw_post(place=place(project, asker), number=post.number, at=NOON)
    assert notices() == []  # its words are in no notice any more, nor in a mail that waits
    assert not send_notices(person_id=owner.pk, at=NOON)
    taken_back = says(project, asker, "@Owner?")
    withdraw_post(place=place(project, asker), number=taken_back.number, at=NOON)
    assert notices() == []


def test_what_stays_hidden_is_in_no_notice():
    owner, asker = a_requester("owner"), a_worker("jean")
    post = says(a_project(owner=owner), asker, "@Owner, you thief")
    assert len(notices()) == 1
    hide(kind=HiddenKind.POST, subject_id=post.pk, until=NOON + timedelta(days=1), at=NOON)
    assert len(notices()) == 1  # it may be shown again, and they were called
    keep_hidden(kind=HiddenKind.POST, subject_id=post.pk, by=a_person(), at=NOON)
    assert notices() == []
    assert not send_notices(person_id=owner.pk, at=NOON)


def test_what_somebody_has_to_do_with_talk():
    guild = a_guild()
    person = a_member_of(College.WORKERS)
    a_member(guild, person=person)
    start_in_forum(place=_guild_place(guild, person), title="Rates", text="Hello", at=NOON)
    talk = talk_of(person, at=NOON)
    assert [(one.kind, one.college, one.threads) for one in talk.forums] == [
        (SubjectKind.COLLEGE, College.WORKERS, 0),
        (SubjectKind.GUILD, None, 1),
    ]
    (followed,) = talk.followed
    assert (followed.where, followed.thread.title) == (guild.party.name, "Rates")
    assert talk_of(a_person(), at=NOON).forums == []


def test_whoever_may_not_act_at_all_may_not_write_here():
    """The account comes first: what bars somebody from everything bars them from talking."""
    worker = a_worker()
    project = a_project(owner=a_requester())
    worker.activated_at = None
    worker.save(update_fields=["activated_at"])
    with pytest.raises(Refusal) as refused:
        says(project, worker, "Hello")
    assert refused.value.code == "not_activated"
    assert a_place(worker, subject_kind=SubjectKind.PROJECT).subject_kind not in FORUMS


def test_what_was_written_until_a_job_is_done_once_more_is_told_too():
    owner, worker = a_requester(), a_worker()
    project = a_project(owner=owner, title="Cats and dogs")
    for told_by_now, text in enumerate(("Is a puppy a dog?", "And a kitten?"), start=1):
        says(project, worker, text)
        for is_new in (True, False):  # the same job each time: its runner died after the commit
            with doing(7):
                assert send_digest(person_id=owner.pk, at=NOON) is is_new
            assert [one.subject for one in notices() if one.person_id == owner.pk] == [
                "1 new post to read"
            ] * told_by_now
