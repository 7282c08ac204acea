"""People are told how a facilitated discussion goes on, and what is asked of them. For jobs."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from canut.discussion.facilitated.access import discussion_known
from canut.discussion.facilitated.going_on import who_took_part
from canut.discussion.facilitated.models import Call, Discussion, Mark, Statement
from canut.discussion.facilitated.states import NEEDED_IN, ROUNDS, About, Answer, Lapse, Part, State
from canut.discussion.models import Post, Reader, SubjectKind
from canut.forums.discussions import holder_is_here, readers_among
from canut.guilds.queries.guilds import member_ids
from canut.kernel.later import later
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by, moment

PEOPLE_A_JOB = 500
FOR_ALL = {
    About.GUILD: "forums.tell_guild_of_discussion",
    About.IDEA: "governance.tell_of_discussion",
}
"""The jobs that tell those for whom a discussion is, by what it is about."""


@dataclass(frozen=True, slots=True)
class Said:
    """A subject and what follows it, made once it is known in whose language."""

    subject: str
    text: str = ""


Words = Callable[[Discussion], Said]


@transaction.atomic
def tell_guild(*, discussion_id: int, at: datetime, after: int = 0) -> int:
    """Tell the members of a guild that a question was put to it, or is discussed now; return how many.

    The rest later.
    """
    discussion = discussion_known(discussion_id)
    ids = member_ids(discussion.about_id, after=after, most=PEOPLE_A_JOB)
    told = tell_of_opening(discussion, _people(ids), at=at)
    if len(ids) == PEOPLE_A_JOB:
        later("forums.tell_guild_of_discussion", discussion_id=discussion_id, after=ids[-1])
    return told


def tell_of_opening(discussion: Discussion, people: Iterable[Person], *, at: datetime) -> int:
    """Tell these people that there is a question, or that its first round has begun; return how many."""
    if discussion.state == State.SAYING:
        return _tell(discussion, people, _now(discussion, State.SAYING), _round, at=at)
    if discussion.state != State.GATHERING:
        return 0
    others = [person for person in people if person.pk != discussion.opened_by_id]
    return _tell(discussion, others, "opened", _opened, at=at)


@transaction.atomic
def tell_of_step(*, discussion_id: int, what: str, at: datetime, after: int = 0) -> int:
    """Tell those who follow a discussion what it has come to; return how many. The rest later.

    `what` is the state it came to, or the part that somebody gave back. Of what it has left since nobody is
    told any more, nor of a part that has nothing to do any more.
    """
    discussion = discussion_known(discussion_id)
    is_state = what in State.values
    if is_state and what != discussion.state:
        return 0
    if not is_state and discussion.state not in NEEDED_IN[Part(what)]:
        return 0
    wanted = discussion.waits_for if is_state else Part(what)
    holder = _holder(discussion, wanted, at=at)
    if holder is not None:
        holders = _people([holder] if is_state else [])  # a part given back was taken again meanwhile
        return _tell(discussion, holders, _now(discussion, what), _wanted_of_holder, at=at)
    words = _LOOKED_FOR[wanted] if wanted is not None else _STEPS.get(State(what))
    if words is None:
        return 0
    if what == State.SAYING and not after:  # whoever it is for, whether they follow it or not
        later(FOR_ALL[About(discussion.about_kind)], discussion_id=discussion_id)
    people = list(_concerned(discussion).filter(pk__gt=after).order_by("pk")[:PEOPLE_A_JOB])
    key = _now(discussion, what) if is_state else _vacancy(discussion, what)
    told = _tell(discussion, people, key, words, at=at)
    if len(people) == PEOPLE_A_JOB:
        later("facilitated.tell", discussion_id=discussion_id, what=what, after=people[-1].pk)
    return told


@transaction.atomic
def remind(*, discussion_id: int, state: str, at: datetime) -> int:
    """Remind those from whom something is waited for that the time is nearly over; return how many."""
    discussion = discussion_known(discussion_id)
    if discussion.state != state:
        return 0
    part = discussion.waits_for
    holder = _holder(discussion, part, at=at)
    if part is not None and holder is not None:
        people: Iterable[Person] = _people([holder])
        words: Words = _wanted_of_holder
    elif part is not None:
        people, words = _concerned(discussion), _LOOKED_FOR[part]
    elif discussion.state == State.GATHERING:
        people, words = _people([discussion.opened_by_id]), _nobody_yet
    else:
        people, words = _silent(discussion), _ends_soon
    return _tell(discussion, people, _now(discussion, f"remind:{state}"), words, at=at)


@transaction.atomic
def tell_of_call(*, call_id: int, at: datetime, answer: str = Answer.OPEN) -> bool:
    """Tell somebody that they are asked to take a part, or what came of their asking; return whether.

    `answer` is the call's when this was ordered: of what was answered since, nobody is told that it is open.
    """
    call = Call.objects.select_related("discussion", "person__party", "by__party").get(pk=call_id)
    is_offer = call.person_id == call.by_id
    if call.answer != answer:
        return False
    if call.answer == Answer.OPEN:
        to = call.discussion.opened_by if is_offer else call.person
    elif call.answer in (Answer.YES, Answer.NO):
        to = call.by
    else:
        return False
    return bool(
        _tell(
            call.discussion,
            [Person.objects.select_related("party").get(pk=to.pk)],
            f"call:{call.pk}:{call.answer}",
            lambda _discussion: _of_call(call, is_offer=is_offer),
            at=at,
        )
    )


def _tell(discussion: Discussion, people: Iterable[Person], key: str, words: Words, *, at: datetime) -> int:
    told = 0
    for person in readers_among(discussion, people, at=at):
        with as_read_by(person):
            said = words(discussion)
            notice = tell(
                person,
                NoticeKind.FACILITATED,
                said.subject,
                said.text,
                path=f"/discussions/{discussion.pk}/",
                at=at,
                topic=f"discussion:{discussion.pk}",
                key=f"discussion:{discussion.pk}:{key}",
            )
        told += notice is not None
    return told


def _holder(discussion: Discussion, part: Part | None, *, at: datetime) -> int | None:
    """Return who has a part and can still do it."""
    if part is None or not holder_is_here(discussion, part, at=at):
        return None
    return discussion.holder_of(part)


def _now(discussion: Discussion, what: str) -> str:
    """Return the key of what is told once while a discussion is in its present state."""
    return f"{what}:{int(discussion.state_since.timestamp())}"


def _vacancy(discussion: Discussion, part: str) -> str:
    """Return the key of what is told once while nobody has a part; who takes it has accepted a call."""
    return f"{part}:{discussion.calls.filter(part=part, answer=Answer.YES).count()}"


def _people(ids: Iterable[int]) -> "QuerySet[Person]":
    return Person.objects.select_related("party").filter(pk__in=list(ids), is_active=True).order_by("pk")


def _concerned(discussion: Discussion) -> "QuerySet[Person]":
    """Return who follows a discussion, who opened it, and who has a part in it."""
    readers = Reader.objects.filter(
        thread__subject_kind=SubjectKind.FACILITATED, thread__subject_id=discussion.pk, follows=True
    )
    its_own = [discussion.opened_by_id, discussion.facilitator_id, discussion.rapporteur_id]
    people = Person.objects.select_related("party").filter(is_active=True)
    return people.filter(Q(pk__in=readers.values("person_id")) | Q(pk__in=[pk for pk in its_own if pk]))


def _silent(discussion: Discussion) -> Iterable[Person]:
    """Return who follows a discussion and has not said in its present round what they can say in it."""
    people = _concerned(discussion).exclude(pk=discussion.facilitator_id or 0)
    round_now = discussion.rounds.latest("number")
    if discussion.state == State.WEIGHING:
        live = Statement.objects.filter(discussion=discussion, post__withdrawn_at__isnull=True)
        count = live.count()
        marks = Mark.objects.filter(statement__in=live).values_list("person_id", flat=True)
        given = Counter(marks)
        return [person for person in people if given[person.pk] < count]
    said = Post.objects.filter(
        thread__subject_kind=SubjectKind.FACILITATED,
        thread__subject_id=discussion.pk,
        number__gt=round_now.fixed_to,
        withdrawn_at__isnull=True,
    )
    return people.exclude(pk__in=said.values("author_id"))


def _opened(discussion: Discussion) -> Said:
    return Said(
        _("A question to discuss: %(question)s") % {"question": discussion.question},
        _(
            "It is discussed in three rounds once a facilitator and a rapporteur are found. Offer to do one "
            "of the two on its page, and follow it there to be told when the first round begins."
        ),
    )


def _round(discussion: Discussion) -> Said:
    number = ROUNDS[State(discussion.state)]
    until = {"until": moment(discussion.rounds.get(number=number).ends_at)}
    subject = _("Round %(number)s has begun: %(question)s") % {
        "number": number,
        "question": discussion.question,
    }
    body = {
        1: _("Say in one post how you see it, until %(until)s. Nobody is answered yet."),
        2: _("Read the summary, and answer one another, until %(until)s."),
        3: _("Put up what all could live with, and mark what others put up, until %(until)s."),
    }[number]
    return Said(subject, body % until)


def _objecting(discussion: Discussion) -> Said:
    count = len(who_took_part(discussion))
    return Said(
        _("The record can be read: %(question)s") % {"question": discussion.question},
        _("%(count)s people took part. Those who did can object to its wording until %(until)s.")
        % {"count": count, "until": moment(_due(discussion))},
    )


def _published(discussion: Discussion) -> Said:
    return Said(
        _("The record is published: %(question)s") % {"question": discussion.question},
        _("It is not changed any more. Objections to its wording stand beside it."),
    )


def _lapsed(discussion: Discussion) -> Said:
    return Said(
        _("The discussion ended without a record: %(question)s") % {"question": discussion.question},
        _("The reason: %(why)s. What was said can still be read.")
        % {"why": Lapse(discussion.lapsed_for).label},
    )


_STEPS: dict[State, Words] = {
    State.SAYING: _round,
    State.ANSWERING: _round,
    State.WEIGHING: _round,
    State.OBJECTING: _objecting,
    State.PUBLISHED: _published,
    State.LAPSED: _lapsed,
}


def _facilitator_looked_for(discussion: Discussion) -> Said:
    return Said(
        _("A facilitator is looked for: %(question)s") % {"question": discussion.question},
        _("Without one it ends. If you would do it, offer so on its page."),
    )


def _rapporteur_looked_for(discussion: Discussion) -> Said:
    return Said(
        _("A rapporteur is looked for: %(question)s") % {"question": discussion.question},
        _("Without one there is no record. If you would write it, offer so on its page."),
    )


_LOOKED_FOR: dict[Part, Words] = {
    Part.FACILITATOR: _facilitator_looked_for,
    Part.RAPPORTEUR: _rapporteur_looked_for,
}


def _wanted_of_holder(discussion: Discussion) -> Said:
    until = {"until": moment(_due(discussion))}
    if discussion.state == State.RECORDING:
        return Said(
            _("The record is waited for from you: %(question)s") % {"question": discussion.question},
            _("Write what was asked, said, agreed and left open by %(until)s. Else it ends without a record.")
            % until,
        )
    return Said(
        _("Your summary is waited for: %(question)s") % {"question": discussion.question},
        _("The next round begins with it. Write it by %(until)s. Else the discussion ends.") % until,
    )


def _nobody_yet(discussion: Discussion) -> Said:
    return Said(
        _("Nobody has taken both parts yet: %(question)s") % {"question": discussion.question},
        _("Ask people by name on its page. Without a facilitator and a rapporteur it ends on %(until)s.")
        % {"until": moment(_due(discussion))},
    )


def _ends_soon(discussion: Discussion) -> Said:
    return Said(
        _("Round %(number)s is nearly over: %(question)s")
        % {"number": ROUNDS[State(discussion.state)], "question": discussion.question},
        _("There is something you have not said yet. It ends on %(until)s.")
        % {"until": moment(_due(discussion))},
    )


def _of_call(call: Call, *, is_offer: bool) -> Said:
    who = (call.person if is_offer or call.answer != Answer.OPEN else call.by).screen_name
    facts = {"who": who, "question": call.discussion.question, "part": Part(call.part).label}
    if call.answer == Answer.OPEN and is_offer:
        return Said(
            _("%(who)s offers to be %(part)s: %(question)s") % facts, _("Accept it on its page, or decline.")
        )
    if call.answer == Answer.OPEN:
        return Said(
            _("%(who)s asks you to be %(part)s: %(question)s") % facts,
            _("Its page says what that means. Accept it there, or decline; nobody is told why."),
        )
    if is_offer:
        return Said(
            _("You are %(part)s now: %(question)s") % facts
            if call.answer == Answer.YES
            else _("Your offer was not taken up: %(question)s") % facts
        )
    return Said(
        _("%(who)s is %(part)s now: %(question)s") % facts
        if call.answer == Answer.YES
        else _("%(who)s declines to be %(part)s: %(question)s") % facts
    )


def _due(discussion: Discussion) -> datetime:
    return discussion.due_at or discussion.state_since
