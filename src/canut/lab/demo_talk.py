"""What people have said to each other in the demo: questions, an answer to all, a dispute, a discussion.

The visitor's worker has asked the requester about the answer that came back, and finds a reply not read yet
and a note with the task; their guild discusses a question, whose first round waits for them. The visitor's
requester finds a question to answer, and a dispute just begun.
"""

from datetime import datetime, timedelta

from canut.discussion.facilitated.states import Part
from canut.discussion.models import SubjectKind
from canut.discussion.usecases.follow_thread import note_reading
from canut.forums.access import place_about, place_of_thread
from canut.forums.conversations.models import Conversation
from canut.forums.conversations.usecases.tell_all import tell_all
from canut.forums.conversations.usecases.write_message import begin_conversation, write_message
from canut.forums.discussions import place_before
from canut.forums.usecases.discuss_in_guild import discuss_in_guild
from canut.forums.usecases.take_part import answer_call, call_for_part
from canut.forums.usecases.write_in_thread import write_in_thread
from canut.guilds.models import Guild
from canut.justice.mediation.states import Topic
from canut.justice.mediation.usecases.begin_dispute import begin_dispute
from canut.people.models import Person
from canut.work.models import Assignment
from canut.work.states import AssignmentState


def talk_in_demo(*, at: datetime) -> None:
    """Have the demo's people write to each other. To be called after `load_demo`; once is enough."""
    if Conversation.objects.exists():
        return
    requester = Person.objects.get(username="requester")
    worker = Person.objects.get(username="worker")
    returned = Assignment.objects.filter(
        worker=worker, project__owner_id=requester.pk, state=AssignmentState.RETURNED
    ).select_related("task")
    for assignment in returned[:1]:
        _ask_about(assignment, requester, worker, at=at - timedelta(minutes=25))
    asking, disputing = (Person.objects.get(username=f"simulated-{number}") for number in (6, 7))
    theirs = Assignment.objects.filter(worker=asking, project__owner_id=requester.pk, project__kind="paid")
    last = theirs.select_related("task").latest("pk")
    begin_conversation(
        project_id=last.project_id,
        by=asking,
        text="The English says *you* and the French says **tu**. Is that right for this site? "
        "(This worker is simulated.)",
        task=last.task.position,
        at=at - timedelta(minutes=12),
    )
    begin_dispute(
        by=disputing,
        screen_name=requester.screen_name,
        topic=Topic.TASKS,
        happened_on=(at - timedelta(days=1)).date(),
        words="Some sentences have a name in them, and nowhere does it say whether names are translated. "
        "I looked for it for longer than the task pays. (This worker is simulated.)",
        wish="Please say it in the instructions.",
        at=at - timedelta(minutes=8),
    )
    _discuss(Guild.objects.latest("pk"), at=at - timedelta(hours=3))


def _discuss(guild: Guild, *, at: datetime) -> None:
    """Have members of the guild open a discussion, find who leads and records it, and begin to speak."""
    asking, leading, recording, speaking = (
        Person.objects.get(username=f"simulated-{number}") for number in (6, 4, 5, 3)
    )
    discussion = discuss_in_guild(
        guild_id=guild.pk,
        by=asking,
        question="When is a sentence unnatural, and when is it only not how I would say it?",
        text="Reviews differ most over this one word. (Those who speak here are simulated, but for you.)",
        at=at,
    )
    for part, person in ((Part.FACILITATOR, leading), (Part.RAPPORTEUR, recording)):
        there = place_before(discussion.pk, by=asking, at=at)
        call = call_for_part(place=there, part=part, screen_name=person.screen_name, at=at)
        answer_call(place=place_before(discussion.pk, by=person, at=at), call_id=call.pk, accepts=True, at=at)
    for person, text in (
        (speaking, "It is unnatural if nobody would say it unasked. I read it aloud to find out."),
        (recording, "If I must read it twice, it is. What I would merely put otherwise, I leave."),
    ):
        there = place_about(SubjectKind.FACILITATED, discussion.pk, by=person, at=at)
        write_in_thread(place=there, text=text, at=at)


def _ask_about(assignment: Assignment, requester: Person, worker: Person, *, at: datetime) -> None:
    asked = begin_conversation(
        project_id=assignment.project_id,
        by=worker,
        text="You sent this back because of the verb. Is the imperative wrong here, or the person?",
        task=assignment.task.position,
        at=at,
    )
    there = place_of_thread(asked.thread_id, by=requester, at=at + timedelta(minutes=5))
    note_reading(place=there, number=asked.number)
    answer = "Only the person: buttons here say *vous*. I have noted it with the task, for all."
    write_message(place=there, text=answer, at=at + timedelta(minutes=5))
    note = "Buttons speak to the reader as *vous*; a verb in the imperative is right."
    tell_all(place=there, number=asked.number, text=note, at=at + timedelta(minutes=6))
