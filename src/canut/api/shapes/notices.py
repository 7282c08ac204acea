"""Notices: what somebody was told, how they want to be told, and whether mail reaches them."""

from collections.abc import Sequence
from datetime import time
from typing import Annotated, Literal, cast

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.people.models import Person
from canut.people.notices.models import MOST_MAILS_A_WEEK
from canut.people.notices.queries import KindChosen, Told, at_a_glance, choices_of, limit_of, trouble_of
from canut.people.notices.rules import Ways
from canut.people.notices.words import address
from canut.people.queries_notices import quiet_hours_of

NoticeGroup = Literal[
    "work", "requests", "guilds", "talk", "decisions", "justice", "membership", "account", "running"
]
NoticeMail = Literal["not_wanted", "wanted", "held", "sent", "failed"]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["22:00"])]
MOST_CHOSEN_AT_ONCE = 100


class Notice(Said):
    """Something that the caller was told."""

    id: int
    kind: str = Field(description="What it is about, such as `decision`; kinds may be added.")
    group: NoticeGroup
    topic: str = Field(description="What it is about within its kind, such as `guild:12`; may be empty.")
    subject: str
    text: str = Field(
        description="Plain text in the caller's language; paragraphs are parted by an empty line."
    )
    address: str = Field(description="The page that it leads to.")
    made_at: Moment
    read_at: Moment | None
    mail: NoticeMail = Field(
        description="Where its mail is; `held` in quiet hours, or when the week is full."
    )


class NoticeGlance(Said):
    """What every page shows of the caller's notices."""

    unread: int = Field(description="How many are unread; 100 stands for as many or more.")
    mail_fails: bool = Field(description="Mails to the caller's address came back, so none are sent.")


class NoticesRead(Said):
    """What marking notices as read did."""

    marked: int = Field(description="How many were unread.")


class NoticeTopicChoice(Said):
    """By which ways the caller is told about one topic of a kind."""

    topic: str
    mail: bool
    push: bool


class NoticeChoice(Said):
    """By which ways the caller is told of a kind, besides the site itself."""

    kind: str
    label: str = Field(description="The kind in words.")
    group: NoticeGroup
    mail: bool
    push: bool
    is_security: bool = Field(description="It always comes by every way, and cannot be turned off.")
    was_chosen: bool = Field(description="False where it is as usual.")
    topics: Sequence[NoticeTopicChoice]


class QuietHours(Said):
    """When the caller is told nothing by mail or in browsers, by the clock of their time zone."""

    starts: str
    ends: str


class NoticeChoices(Said):
    """How the caller is told of what."""

    kinds: Sequence[NoticeChoice]
    mails_a_week: int = Field(description="So many mails a week at most, and as many messages in browsers.")
    quiet_hours: QuietHours | None
    mail_stopped_at: Moment | None = Field(
        description="Since when no mails are sent to the caller's address, for they came back."
    )


class NoticeReadingIn(Sent):
    """Whether a notice counts as read."""

    read: bool


class NoticesReadIn(Sent):
    """Which notices have been read."""

    up_to: int | None = Field(
        default=None,
        ge=1,
        le=2**63 - 1,
        description="The newest that was seen: those that came later stay unread.",
    )
    group: NoticeGroup | None = Field(default=None, description="Those of one group alone.")


class NoticeWaysIn(Sent):
    """By which ways to be told."""

    mail: bool
    push: bool


class NoticeChoiceIn(Sent):
    """How to be told of a kind, or of one topic of it."""

    kind: str = Field(max_length=30)
    topic: str = Field(
        default="", max_length=61, description="Such as `guild:12`; empty for the kind itself."
    )
    ways: NoticeWaysIn | None = Field(description="null: a topic goes as its kind again, a kind as is usual.")


class NoticeChoicesIn(Sent):
    """What is to change; all or nothing is kept."""

    choices: list[NoticeChoiceIn] = Field(min_length=1, max_length=MOST_CHOSEN_AT_ONCE)


class MailLimitIn(Sent):
    """How many mails a week to send at most."""

    mails_a_week: int = Field(ge=0, le=MOST_MAILS_A_WEEK)


class QuietHoursIn(Sent):
    """From when to when to be told nothing; both null: at any time."""

    starts: Clock | None
    ends: Clock | None


def notice_said(told: Told) -> Notice:
    return Notice(
        id=told.id,
        kind=told.kind,
        group=cast(NoticeGroup, told.group.value),
        topic=told.topic,
        subject=told.subject,
        text=told.text,
        address=address(told.path),
        made_at=told.made_at,
        read_at=told.read_at,
        mail=cast(NoticeMail, told.mail.value),
    )


def glance_said(person_id: int) -> NoticeGlance:
    return NoticeGlance.model_validate(at_a_glance(person_id))


def choices_said(person: Person) -> NoticeChoices:
    hours, trouble = quiet_hours_of(person), trouble_of(person)
    return NoticeChoices(
        kinds=[_choice(one) for one in choices_of(person.pk)],
        mails_a_week=limit_of(person.pk),
        quiet_hours=QuietHours(starts=f"{hours.starts:%H:%M}", ends=f"{hours.ends:%H:%M}") if hours else None,
        mail_stopped_at=trouble.stopped_at if trouble else None,
    )


def ways_sent(sent: NoticeWaysIn | None) -> Ways | None:
    return None if sent is None else Ways(mail=sent.mail, push=sent.push)


def time_sent(sent: str | None) -> time | None:
    return None if sent is None else time.fromisoformat(sent)


def _choice(one: KindChosen) -> NoticeChoice:
    return NoticeChoice(
        kind=one.kind,
        label=str(one.kind.label),
        group=cast(NoticeGroup, one.group.value),
        mail=one.mail,
        push=one.push,
        is_security=one.is_security,
        was_chosen=one.was_chosen,
        topics=[NoticeTopicChoice.model_validate(each) for each in one.topics],
    )
