"""What a topic of notices is in words: a guild, a saved search, or else what was last told about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from canut.guilds.access import GuildNotFound, guild_known
from canut.guilds.queries.guilds import memberships_of
from canut.guilds.queries.topics import guild_topic
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.queries import KindChosen
from canut.people.notices.queries_topics import last_told
from canut.web.paging import LARGEST_ID
from canut.work.queries.searches import saved_searches, search_topic

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that notices of a kind can be about, and the page where it stands, if there is one.

    `told` is how it is told of, in words, where that is chosen on its own page.
    """

    topic: str
    name: str
    address: str = ""
    told: str = ""


def topics_of(person: Person, kinds: Iterable[KindChosen]) -> Mapping[NoticeKind, Sequence[Topic]]:
    """Return what a person can choose apart from its kind: guilds, searches, what they chose before.

    A guild stands with reviews once they are in two, or have chosen about it.
    """
    guilds = [
        Topic(guild_topic(one.id), one.name, reverse("guild", args=[one.id]))
        for one in memberships_of(person)
    ]
    searches = [
        Topic(search_topic(one.id), one.name, reverse("change_search", args=[one.id]), one.notice_name)
        for one in (saved_searches(by=person).lines if person.is_worker else [])
    ]
    named = {one.topic: one for one in (*guilds, *searches)}
    chosen = {kind.kind: [one.topic for one in kind.topics][:MOST_SHOWN] for kind in kinds}
    before = last_told(person.pk, {topic for each in chosen.values() for topic in each if topic not in named})
    found: dict[NoticeKind, Sequence[Topic]] = {}
    for kind, topics in chosen.items():
        wanted = dict.fromkeys(topics)
        if kind == NoticeKind.REVIEW and len(guilds) > 1:
            wanted = dict.fromkeys([*(one.topic for one in guilds), *topics])
        if kind == NoticeKind.NEW_WORK:
            wanted = dict.fromkeys(one.topic for one in searches)
        found[kind] = [
            named[topic]
            if topic in named
            else Topic(topic, before[topic].subject, before[topic].path)
            if topic in before
            else Topic(topic, _("One thing alone (%(topic)s)") % {"topic": topic})
            for topic in wanted
        ]
    return found


def public_name(topic: str) -> str:
    """Return what a topic is called for whoever has a mail about it; "" where it has no public name."""
    kind, _colon, number = topic.partition(":")
    if kind != "guild" or not (number.isascii() and number.isdecimal()):
        return ""
    try:
        return guild_known(min(int(number), LARGEST_ID)).party.name
    except GuildNotFound:
        return ""
