"""Members hide what should not be here, persons decide, and authors object."""

from datetime import timedelta

import pytest
from django.core import mail
from tests.builders import NOON, a_person, a_project, a_worker
from tests.justice.flags.flagging import (
    SPAM,
    a_member,
    a_post,
    an_operator,
    changed,
    flagged,
    matter_of,
    members,
    tied,
)
from tests.membership.members import admitted
from tests.told import told
from tests.work.duties import a_duty

from canut.charter.queries import in_force
from canut.discussion.hiding.models import Hidden
from canut.discussion.hiding.queries import hidden_among, hiding_of, is_hidden
from canut.discussion.hiding.states import HiddenKind
from canut.discussion.hiding.usecases.hide import hide
from canut.discussion.models import SubjectKind
from canut.discussion.queries import thread_seen
from canut.forums.access import place_about
from canut.forums.conversations.usecases.write_message import begin_conversation
from canut.forums.usecases.tell_of_news import tell_of_mention, tell_of_message
from canut.justice.flags import refusals
from canut.justice.flags.models import Flag, Matter, Objection
from canut.justice.flags.queries import (
    matter_for_author,
    matter_for_operator,
    matters_about,
    own_flags,
    queue_page,
    to_flag,
)
from canut.justice.flags.states import MatterState, ObjectionState
from canut.justice.flags.usecases.decide_matter import decide_matter
from canut.justice.flags.usecases.flag_thing import flag_thing
from canut.justice.flags.usecases.follow_flags import follow_flags
from canut.justice.flags.usecases.object_to_hiding import answer_objection, object_to_hiding
from canut.justice.flags.usecases.tell_of_flags import tell_flags_count_no_more, tell_of_flags
from canut.kernel.models import Event
from canut.kernel.refusals import BadInput
from canut.membership.access import NotAMember
from canut.people.access import OperatorRoleMissing
from canut.people.models import Person
from canut.people.notices.models import Notice
from canut.people.usecases.change_screen_name import ScreenNameHidden, change_screen_name
from canut.people.usecases.register_person import ScreenNameTaken
from canut.work.queries.admission import asking
from canut.work.queries.assignments import task_page
from canut.work.queries.feed import feed_page
from canut.work.refusals import ProjectHidden, TaskHidden
from canut.work.rules import may_take
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UNTIL = NOON + timedelta(hours=72)


def decided(matter: Matter, by: Person, *, hide: bool, at=NOON, reason="I have read it.") -> Matter:
    return decide_matter(
        matter_id=matter.pk, by=by, hide=hide, ground="spam" if hide else "", reason=reason, at=at
    )


@pytest.mark.parametrize("file", SPAM, ids=lambda file: file.stem)
def test_spam_under_an_article_on_work_is_hidden_by_three_members_and_by_no_fewer(file):
    post = a_post(file.read_text())
    first, second, third, reader = members(4)
    for member in (first, second):
        flagged(member, post)
        flagged(member, post, ground="fraud")  # a second click is the same flag
        assert not is_hidden("post", post.pk, NOON)
    flagged(third, post, words="It has been here all week.")
    assert is_hidden("post", post.pk, NOON)
    assert (hiding := hiding_of("post", post.pk, NOON)) is not None
    assert hiding.until == UNTIL
    assert hidden_among("post", [post.pk, post.pk + 1, -3, 2**70], UNTIL - HOUR) == {post.pk}
    # Readers see a sentence in its place; nobody learns who flagged it
    place = place_about(SubjectKind.PROJECT, post.thread.subject_id, by=reader, at=NOON)
    (seen,) = thread_seen(place, at=NOON).posts
    assert (seen.is_hidden, seen.text) == (True, "")
    assert set(Event.objects.filter(name__startswith="flag.").values_list("by_id", flat=True)) == {None}
    # After 72 hours it is shown again by itself, by the clock and not by the job
    assert not is_hidden("post", post.pk, UNTIL)
    assert follow_flags(at=UNTIL) == 1
    assert follow_flags(at=UNTIL) == 0
    assert matter_of(post).state == MatterState.LAPSED
    # The same three cannot hide it again; three others can
    for member in (first, second, third):
        flagged(member, post, at=UNTIL)
    for number, member in enumerate(members(3)):
        assert is_hidden("post", post.pk, UNTIL) is False, number
        flagged(member, post, at=UNTIL)
    assert is_hidden("post", post.pk, UNTIL)


def test_members_who_have_worked_for_each_other_count_once():
    post = a_post()
    one, other, third, fourth = members(4)
    tied(one, other, at=NOON - 89 * DAY)
    for member in (one, other, third):
        flagged(member, post)
    assert not is_hidden("post", post.pk, NOON)
    flagged(fourth, post)
    assert is_hidden("post", post.pk, NOON)
    # A tie of long ago is none; and whoever is no member any more does not count
    old = a_post("Cheap, cheap, cheap.")
    far, near = members(2)
    tied(far, near, at=NOON - 95 * DAY)
    for member in (far, near, fourth):
        flagged(member, old)
    assert is_hidden("post", old.pk, NOON)


def test_only_members_flag_what_they_see_and_what_is_not_theirs(requester, worker, stranger):
    project = a_project(owner=requester)
    member = a_member()
    with pytest.raises(NotAMember):
        flagged(stranger, project)
    author = a_member()
    own = a_post(author=author)
    with pytest.raises(refusals.FlagsOwn):
        flagged(author, own)
    task = project.tasks.first()
    with pytest.raises(refusals.NothingToFlag):
        flagged(member, task)  # it was never given to them
    with pytest.raises(refusals.NothingToFlag):
        flagged(member, task, kind="picture")
    for kind in HiddenKind.values:
        for nothing in (0, -1, 2**62, 2**80):
            with pytest.raises(refusals.NothingToFlag):
                flag_thing(kind=kind, subject_id=nothing, ground="spam", by=member, at=NOON)
    wrong = (
        {"kind": "guild"},
        {"ground": "ugly"},
        {"words": "w" * 501},
        {"words": "\0"},
        {"kind": "\0", "ground": ""},
    )
    for given in wrong:
        whole = {"kind": "project", "ground": "spam", "subject_id": project.pk, **given}
        with pytest.raises(BadInput):
            flag_thing(by=member, at=NOON, **whole)
    assert Flag.objects.count() == 0
    for _each in range(in_force("flag.most_a_day", at=NOON)):
        flagged(member, a_person())
    with pytest.raises(refusals.TooManyFlags) as refused:
        flagged(member, project, at=NOON + 23 * HOUR)
    assert refused.value.facts["again_at"] == (NOON + DAY).isoformat()
    flagged(member, project, at=NOON + DAY)


def test_a_message_between_two_goes_to_those_who_run_the_site_and_to_nobody_else(requester, worker, operator):
    project = a_project(owner=requester)
    admitted(requester)
    third = a_member()
    post = begin_conversation(project_id=project.pk, by=worker, text="You are a fool.", at=NOON)
    tell_of_message(post_id=post.pk, at=NOON)
    with pytest.raises(refusals.NothingToFlag):
        flagged(third, post)
    assert to_flag(HiddenKind.POST, post.pk, by=requester, at=NOON).thing.between_two
    flagged(requester, post, ground="abuse")
    (card,) = queue_page(by=operator, at=NOON).cards
    assert card.title == f"Message 1 by {worker.screen_name} in a conversation"
    assert matter_for_operator(card.id, by=operator, at=NOON).matter.text == "You are a fool."
    assert not is_hidden("post", post.pk, NOON)
    assert [tell_of_flags(matter_id=card.id, what="flagged", at=NOON) for _twice in range(2)] == [1, 1]
    assert [one.path for one in told(operator, kind="running")] == [f"/justice/flags/queue/{card.id}/"]
    assert told(worker, kind="flag") == []
    decided(matter_of(post), operator, hide=True)
    assert is_hidden("post", post.pk, NOON)
    assert not Notice.objects.filter(person=requester, kind="message").exists()
    assert [one.kind for one in matters_about(by=worker).cards] == [HiddenKind.POST]


def test_words_that_are_hidden_for_a_while_are_in_no_notice_meanwhile(worker):
    called = a_member()
    post = a_post(f"@{called.screen_name}: cheap pills")
    tell_of_mention(mention_id=post.mentions.get().pk, at=NOON)
    assert "cheap pills" in Notice.objects.get(person=called, kind="mention").text
    for member in members(3):
        flagged(member, post)
    notice = Notice.objects.get(person=called, kind="mention")
    assert (notice.text, notice.path) == ("", post.path)
    assert "cheap pills" not in notice.subject


def test_while_a_project_or_a_task_is_hidden_it_is_not_given_out(requester, worker):
    project = a_project(owner=requester, rows=2, answers=9)
    held = take_task(by=worker, project_id=project.pk, at=NOON)
    others = members(3)
    for member in others:
        taken = take_task(by=member, project_id=project.pk, task_id=held.task_id, at=NOON)
        flagged(member, taken.task, ground="harm")
        give_back_task(assignment_id=taken.pk, by=member, at=NOON)
    newcomer = a_worker()
    with pytest.raises(TaskHidden):
        take_task(by=newcomer, project_id=project.pk, task_id=held.task_id, at=NOON)
    (card,) = feed_page(by=newcomer, at=NOON).cards
    assert card.places_left == 1
    assert take_task(by=newcomer, project_id=project.pk, at=NOON).task_id != held.task_id
    # Who has it in hand goes on
    assert task_page(held.pk, by=worker, at=NOON).is_open
    for member in others:
        flagged(member, project, ground="fraud")
    last = a_worker()
    facts = asking(worker_id=last.pk, project_id=project.pk, at=NOON)
    assert may_take(facts) == "project_hidden"
    assert feed_page(by=last, at=NOON).cards == []
    with pytest.raises(ProjectHidden):
        take_task(by=last, project_id=project.pk, at=NOON)
    assert take_task(by=last, project_id=project.pk, at=UNTIL).project_id == project.pk
    # Duties are not hidden by those whom they may displease
    with pytest.raises(refusals.DutyNotFlagged):
        flagged(a_member(), a_duty())


def test_a_hidden_name_gives_way_to_one_that_says_so_and_nobody_else_can_take_it(stranger):
    bearer = a_person("casinoking", screen_name="Casino King")
    for member in members(3):
        flagged(member, bearer)
    bearer.party.refresh_from_db()
    assert bearer.party.screen_name == f"name-hidden-{bearer.pk}"
    with pytest.raises(ScreenNameTaken):
        change_screen_name(by=stranger, screen_name="casino king", at=NOON)
    with pytest.raises(ScreenNameTaken):
        a_person("thief", screen_name="CASINO KING", age_stated=18)  # by the way that everybody takes
    with pytest.raises(ScreenNameHidden):
        change_screen_name(by=bearer, screen_name="CASINO king", at=NOON)
    with pytest.raises(BadInput):
        change_screen_name(by=stranger, screen_name="name-hidden-77", at=NOON)
    follow_flags(at=UNTIL)
    bearer.party.refresh_from_db()
    assert (bearer.party.screen_name, bearer.party.hidden_name) == ("Casino King", "")
    # Another name ends the matter of the first, and a person's decision does not follow them into it
    decided(matter_of(bearer), an_operator(), hide=True, at=UNTIL)
    bearer.refresh_from_db()
    change_screen_name(by=bearer, screen_name="Paula", at=UNTIL)
    assert follow_flags(at=UNTIL) == 1
    assert not is_hidden("screen_name", bearer.pk, UNTIL)
    bearer.party.refresh_from_db()
    assert bearer.party.screen_name == "Paula"
    change_screen_name(by=stranger, screen_name="Casino King", at=UNTIL)


def test_hidden_pictures_are_covered_and_open_to_whoever_wants_to_see_them(requester, worker):
    design = {
        "version": 1,
        "instructions": "",
        "items": [
            {"type": "image", "source": "{{image}}", "alt": "A photo"},
            {"type": "short_text", "name": "seen", "label": "What is it?"},
        ],
    }
    rows = [{"image": "https://pictures.example/1.jpg"}]
    project = a_project(owner=requester, rows=rows, design=design, answers=9)
    given = [take_task(by=member, project_id=project.pk, at=NOON) for member in members(3)]
    for one in given:
        page = task_page(one.pk, by=one.worker, at=NOON)
        assert (page.has_pictures, page.pictures_hidden) == (True, False)
        flagged(one.worker, one.task, kind="picture", ground="harm")
    assert task_page(given[0].pk, by=given[0].worker, at=NOON).pictures_hidden
    assert take_task(by=worker, project_id=project.pk, at=NOON).task_id == given[0].task_id


def test_a_person_confirms_with_a_reason_the_author_objects_and_another_answers(db):
    odile, second = an_operator("odile"), an_operator("second")
    author = a_member("author")
    post = a_post(author=author)
    flaggers = members(3)
    for member in flaggers:
        flagged(member, post, words="An advert")
    matter = matter_of(post)
    assert tell_of_flags(matter_id=matter.pk, what="hidden", at=NOON) == 3
    with pytest.raises(OperatorRoleMissing):
        decided(matter, author, hide=True)
    with pytest.raises(refusals.MatterNotFound):
        decide_matter(matter_id=2**80, by=odile, hide=False, reason="None", at=NOON)
    for bad in ({"ground": ""}, {"ground": "ugly"}, {"reason": "  "}, {"reason": "r" * 2_001}):
        with pytest.raises(BadInput):
            decide_matter(
                **{"matter_id": matter.pk, "ground": "spam", "reason": "An advert.", "hide": True, **bad},
                by=odile,
                at=NOON,
            )
    with pytest.raises(refusals.NothingToObject):
        object_to_hiding(matter_id=matter.pk, words="Why?", by=author, at=NOON)
    decided(matter, odile, hide=True)
    decided(matter, odile, hide=True, at=NOON + HOUR)  # a second click
    with pytest.raises(refusals.MatterDecided):
        decided(matter, second, hide=False)
    with pytest.raises(refusals.FlagDecided):
        flagged(a_member(), post)
    assert is_hidden("post", post.pk, NOON + 400 * DAY)
    # The author reads ground and reason, and nothing of who or how many
    seen = matter_for_author(matter.pk, by=author)
    assert (seen.state, seen.reason, seen.may_object) == (MatterState.CONFIRMED, "I have read it.", True)
    assert [card.members for card in matters_about(by=author).cards] == [0]
    with pytest.raises(refusals.MatterNotFound):
        matter_for_author(matter.pk, by=flaggers[0])
    with pytest.raises(refusals.MatterNotFound):
        object_to_hiding(matter_id=matter.pk, words="No", by=flaggers[0], at=NOON)
    with pytest.raises(BadInput):
        object_to_hiding(matter_id=matter.pk, words="\0", by=author, at=NOON)
    with pytest.raises(refusals.NoObjectionOpen):
        answer_objection(matter_id=matter.pk, by=second, grant=True, answer="Right.", at=NOON)
    object_to_hiding(matter_id=matter.pk, words="It is my own shop.", by=author, at=NOON)
    object_to_hiding(matter_id=matter.pk, words="It is my own shop.", by=author, at=NOON)
    with pytest.raises(refusals.ObjectedAlready):
        object_to_hiding(matter_id=matter.pk, words="And again.", by=author, at=NOON)
    with pytest.raises(refusals.SameModerator):
        answer_objection(matter_id=matter.pk, by=odile, grant=False, answer="No.", at=NOON)
    assert matter_for_operator(matter.pk, by=odile, at=NOON).why_not == "same"
    assert matter_for_operator(matter.pk, by=second, at=NOON).may_answer
    answer_objection(matter_id=matter.pk, by=second, grant=True, answer="You are right.", at=NOON + DAY)
    answer_objection(matter_id=matter.pk, by=second, grant=True, answer="You are right.", at=NOON + DAY)
    assert not is_hidden("post", post.pk, NOON + DAY)
    assert matter_of(post).state == MatterState.RESTORED
    assert tell_of_flags(matter_id=matter.pk, what="answered", at=NOON) == 1
    assert tell_of_flags(matter_id=matter.pk, what="decided", at=NOON) == 1


def test_an_objection_that_nobody_answers_prevails():
    author, odile = a_member(), an_operator()
    post = a_post(author=author)
    flagged(a_member(), post)
    decided(matter_of(post), odile, hide=True)
    object_to_hiding(matter_id=matter_of(post).pk, words="No.", by=author, at=NOON)
    assert follow_flags(at=NOON + 14 * DAY - HOUR) == 0
    assert follow_flags(at=NOON + 14 * DAY) == 1
    assert not is_hidden("post", post.pk, NOON + 14 * DAY)
    assert Objection.objects.get().state == ObjectionState.LAPSED


def test_nobody_decides_on_their_own_and_the_queue_names_nobody_who_flagged():
    odile, other, flagger = an_operator(), an_operator(), an_operator()
    post = a_post(author=a_worker())
    flagged(flagger, post, ground="fraud", words="They wrote to me.")
    matter = matter_of(post)
    with pytest.raises(refusals.DecidesOwnMatter):
        decided(matter, flagger, hide=True)
    flagged(a_member(), odile)
    with pytest.raises(refusals.DecidesOwnMatter):
        decided(matter_of(odile), odile, hide=False)
    cards = queue_page(by=other, at=NOON).cards
    assert [(card.members, card.counting) for card in cards] == [(1, 1), (1, 1)]
    seen = matter_for_operator(matter.pk, by=other, at=NOON)
    assert (seen.words, [(str(g), n) for g, n in seen.grounds]) == (["They wrote to me."], [("fraud", 1)])
    assert flagger.screen_name not in repr(seen)
    decided(matter_of(odile), other, hide=False)
    with pytest.raises(OperatorRoleMissing):
        queue_page(by=a_member(), at=NOON)
    assert [card.id for card in queue_page(by=other, queue="decided", at=NOON).cards] == [matter_of(odile).pk]


def test_whoever_cries_wolf_is_told_and_their_flags_hide_nothing_until_that_is_past():
    odile, wolf = an_operator(), a_member()
    for number in range(5):
        victim = a_post(f"A useful answer, number {number}.")
        flagged(wolf, victim)
        counts = own_flags(by=wolf, at=NOON).trust.counts
        assert counts, number
        decided(matter_of(victim), odile, hide=False)
    page = own_flags(by=wolf, at=NOON)
    assert (page.trust.decided, page.trust.restored, page.trust.counts) == (5, 5, False)
    assert tell_flags_count_no_more(person_id=wolf.pk, at=NOON)
    post = a_post()
    for member in [wolf, *members(2)]:
        flagged(member, post)
    assert not is_hidden("post", post.pk, NOON)
    assert matter_for_operator(matter_of(post).pk, by=odile, at=NOON).counting == 2
    # What is long past is forgiven, and one more flag of anybody counts it
    later = NOON + 181 * DAY
    assert own_flags(by=wolf, at=later).trust.counts
    flagged(a_member(), a_post("Another advert."), at=later)


def test_a_post_that_was_changed_is_another_matter(db):
    post, odile = a_post(), an_operator()
    one, other, third = members(3)
    flagged(one, post)
    decided(matter_of(post), odile, hide=False)
    changed(post, "Something worse.")
    assert to_flag(HiddenKind.POST, post.pk, by=one, at=NOON).flagged_at is None
    for member in (one, other, third):
        flagged(member, post)
    assert is_hidden("post", post.pk, NOON)
    assert Matter.objects.filter(subject_id=post.pk).count() == 2


def test_what_is_hidden_twice_over_stays_hidden_as_long_as_either_says():
    post, odile, other = a_post(author=a_member("author")), an_operator(), an_operator()
    for member in members(3):
        flagged(member, post)
    changed(post, "Other words.")
    later = NOON + 70 * HOUR
    for member in members(3):
        flagged(member, post, at=later)
    first, second = Matter.objects.filter(subject_id=post.pk).order_by("pk")
    assert follow_flags(at=UNTIL) == 1
    assert is_hidden("post", post.pk, UNTIL)
    assert hiding_of("post", post.pk, UNTIL).until == later + timedelta(hours=72)
    decided(second, odile, hide=True, at=UNTIL)
    decided(first, other, hide=False, at=UNTIL)
    assert is_hidden("post", post.pk, UNTIL + 30 * DAY)
    assert Hidden.objects.filter(ended_at__isnull=True).count() == 1
    assert hide(kind=HiddenKind.POST, subject_id=post.pk, until=UNTIL + DAY, at=UNTIL).until is None


def test_authors_and_operators_are_told_and_nobody_else(django_capture_on_commit_callbacks):
    author, odile = a_member("author"), an_operator("odile")
    post = a_post(author=author)
    for member in members(3):
        flagged(member, post)
    assert tell_of_flags(matter_id=matter_of(post).pk, what="hidden", at=NOON) == 2
    follow_flags(at=UNTIL)
    assert tell_of_flags(matter_id=matter_of(post).pk, what="lapsed", at=NOON) == 1
    decided(matter_of(post), odile, hide=True, at=UNTIL)
    assert tell_of_flags(matter_id=matter_of(post).pk, what="decided", at=NOON) == 1
    object_to_hiding(matter_id=matter_of(post).pk, words="No.", by=author, at=UNTIL)
    assert tell_of_flags(matter_id=matter_of(post).pk, what="objected", at=NOON) == 0
    an_operator("second")
    assert tell_of_flags(matter_id=matter_of(post).pk, what="objected", at=NOON) == 1
    assert mail.outbox == []


def test_an_author_does_not_learn_of_a_flag_that_had_no_consequence():
    # Given a post that one member has flagged, and its author, who counts the numbers up
    post = a_post()
    author = Person.objects.get(pk=post.author_id)
    flagged(a_member(), post, words="He sells watches.")
    matter = matter_of(post)
    # Then there is nothing for the author, neither then nor once a person has let it stand
    for act in (lambda: None, lambda: decided(matter, an_operator(), hide=False)):
        act()
        assert not matters_about(by=author).cards
        with pytest.raises(refusals.MatterNotFound):
            matter_for_author(matter.pk, by=author)
        with pytest.raises(refusals.MatterNotFound):
            object_to_hiding(matter_id=matter.pk, words="Why?", by=author, at=NOON)
