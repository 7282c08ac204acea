"""Facilitated discussions as tests need them: people of a guild, and one brought as far as wanted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob
from tests.builders import NOON, a_worker
from tests.guilds.crafts import a_guild, a_member

from canut.discussion.facilitated.models import Discussion
from canut.discussion.facilitated.states import Part, State
from canut.discussion.facilitated.usecases.fill_part import call_for_part as called
from canut.discussion.facilitated.usecases.follow_discussions import follow_discussions
from canut.discussion.facilitated.usecases.weigh import mark_statement, put_statement
from canut.discussion.facilitated.usecases.write_record import write_record
from canut.discussion.facilitated.usecases.write_summary import write_summary
from canut.discussion.models import Post
from canut.discussion.place import Place
from canut.forums.access import place_of_thread
from canut.forums.discussions import place_before
from canut.forums.usecases import tell_of_discussions
from canut.forums.usecases.discuss_in_guild import discuss_in_guild
from canut.forums.usecases.take_part import answer_call, call_for_part
from canut.forums.usecases.write_in_thread import write_in_thread
from canut.guilds.models import Guild
from canut.people.models import Person
from canut.people.notices.models import Notice

A_WEEK = timedelta(days=7)
A_DAY = timedelta(days=1)
RECORD = {
    "asked": "What is a fair rate?",
    "said": "Most count the time it takes.",
    "agreed": "Nobody works under the floor.",
    "left_open": "Who measures.",
}
RUN: dict[str, Any] = {
    "facilitated.tell": tell_of_discussions.tell_of_step,
    "facilitated.tell_of_call": tell_of_discussions.tell_of_call,
    "facilitated.remind": tell_of_discussions.remind,
    "forums.tell_guild_of_discussion": tell_of_discussions.tell_guild,
}


@dataclass
class Talk:
    """A guild's discussion: `ada` opened it, `fay` facilitates, `rex` records; `bo`, `cy`, `dot` speak."""

    guild: Guild
    people: dict[str, Person]
    id: int
    at: datetime = NOON

    @property
    def row(self) -> Discussion:
        return Discussion.objects.get(pk=self.id)

    @property
    def state(self) -> State:
        return State(self.row.state)

    def place(self, name: str) -> Place:
        """Where somebody stands before the discussion."""
        return place_before(self.id, by=self.people[name], at=self.at)

    def thread(self, name: str) -> Place:
        """Where somebody stands in its thread."""
        thread_id = self.place(name).thread_id
        assert thread_id is not None
        return place_of_thread(thread_id, by=self.people[name], at=self.at)

    def says(self, name: str, text: str, **details: Any) -> Post:
        return write_in_thread(place=self.thread(name), text=text, at=self.at, **details)

    def asks(self, name: str, part: Part, whom: str = "") -> Any:
        screen_name = self.people[whom].screen_name if whom else ""
        return call_for_part(place=self.place(name), part=part, screen_name=screen_name, at=self.at)

    def answers(self, name: str, call: Any, accepts: bool = True) -> Any:
        return answer_call(place=self.place(name), call_id=call.pk, accepts=accepts, at=self.at)

    def gathered(self) -> "Talk":
        """Let the two parts be taken, so that the first round begins."""
        for part, name in ((Part.FACILITATOR, "fay"), (Part.RAPPORTEUR, "rex")):
            self.answers(name, self.asks("ada", part, name))
        return self

    def later(self, time: timedelta) -> "Talk":
        self.at += time
        follow_discussions(at=self.at)
        return self

    def said(self) -> "Talk":
        """Let three speak in the first round, and the round end."""
        for name in ("bo", "cy", "dot"):
            self.says(name, f"I am {name}, and see it so.")
        return self.later(A_WEEK)

    def summed(self, text: str = "Time counts, most say.", *, by: str = "fay") -> "Talk":
        write_summary(place=self.place(by), text=text, at=self.at)
        return self

    def weighing(self) -> "Talk":
        """Bring it into the third round."""
        self.gathered().said().summed().later(A_WEEK)
        return self.summed("Nobody works under the floor, most say.")

    def stated(self, name: str = "bo", text: str = "Nobody works under the floor.") -> int:
        return put_statement(place=self.place(name), text=text, at=self.at).post.number

    def marks(self, name: str, number: int, *, can: bool = True, why: str = "") -> Any:
        return mark_statement(place=self.place(name), number=number, can_live=can, why=why, at=self.at)

    def recording(self) -> "Talk":
        """Bring it to where the record is waited for; one statement that `cy` could not live with."""
        number = self.weighing().stated()
        self.marks("cy", number, can=False, why="Not for practice.")
        self.marks("dot", number)
        return self.later(A_WEEK)

    def recorded(self, by: str = "rex", **pieces: Any) -> Any:
        return write_record(place=self.place(by), at=self.at, **(RECORD | pieces))


def a_talk(at: datetime = NOON, **details: Any) -> Talk:
    """Return a discussion that waits for its two people."""
    guild = a_guild()
    people = {name: a_worker(at=at) for name in ("ada", "fay", "rex", "bo", "cy", "dot")}
    for name, person in people.items():
        a_member(guild, level=2 if name == "ada" else 1, person=person, at=at)
    given = {"question": "What is a fair rate?", "text": "Rates were cut.", **details}
    opened = discuss_in_guild(guild_id=guild.pk, by=people["ada"], at=at, **given)
    return Talk(guild, people, opened.pk, at)


def filled(talk: Talk, part: Part, name: str) -> Any:
    """Give a part away as the room itself does, which asks nobody whether they may."""
    return called(
        place=talk.place(name), part=part, person=talk.people[name], holder_is_here=True, at=talk.at
    )


def notices(talk: Talk) -> list[tuple[str, str]]:
    """Run the jobs about discussions that wait; return who was told what by now, the oldest first."""
    for job in ProcrastinateJob.objects.filter(task_name__in=RUN, status="todo").order_by("id"):
        RUN[job.task_name](**job.args, at=talk.at)
    names = {person.pk: name for name, person in talk.people.items()}
    rows = Notice.objects.filter(kind="facilitated").order_by("pk")
    return [(names.get(row.person_id, "?"), row.subject) for row in rows]
