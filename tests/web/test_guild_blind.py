"""Reviews are blind both ways (MECHANISMS 2.5): nothing links a reviewer and a reviewed person.

Whatever either can reach is read, and held against all that would lead to the other: names, ids, moments.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.api.calls import Call, key_of, operations
from tests.builders import a_worker
from tests.guilds.crafts import a_guild, a_member, done, guild_work, heard, say
from tests.guilds.reviewed import everything_drawn
from tests.stories import examples
from tests.told import told
from tests.web.pages import browser_of
from tests.work.duties import fill_fund

from canut.guilds.models import Block, Guild, Item, Member, Review
from canut.guilds.usecases.tell_of_reviews import tell_of_reviews
from canut.kernel import clock
from canut.people.models import Person, Scope
from canut.work.models import Assignment, Project, Submission

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FIRST_ID = 7_310_000_000
TABLES = (
    *("people_party", "work_task", "work_assignment", "work_submission"),
    *("guilds_member", "guilds_block", "guilds_item", "guilds_review"),
)
PAGES_AT_MOST = examples(130, 400)
"""The pages about what is theirs come first."""
ELSEWHERE = ("/static/", "/source/", "/api/", "/account/logout", "/algorithms/", "/charter/", "/problems/")


@dataclass
class Side:
    """One person of the story: all that would lead to them, and the ids that are theirs to ask by."""

    member: Member

    @property
    def person(self) -> Person:
        return self.member.person

    @cached_property
    def names(self) -> set[str]:
        who = self.person
        return {who.screen_name, str(who.username), str(who.email)}

    @cached_property
    def known(self) -> set[int]:
        """Return the numbers that they are told themselves: of themselves and of what they took."""
        own = Assignment.objects.filter(worker_id=self.person.pk)
        submissions = Submission.objects.filter(assignment__worker_id=self.person.pk)
        return {
            self.person.pk,
            *(number for pair in own.values_list("pk", "task_id") for number in pair),
            *submissions.values_list("pk", flat=True),
        }

    @cached_property
    def ids(self) -> set[int]:
        """Return the numbers of everything that is theirs."""
        own = Q(author=self.member) | Q(reviewer=self.member)
        return {
            self.member.pk,
            *self.known,
            *Item.objects.filter(member=self.member).values_list("pk", flat=True),
            *Block.objects.filter(member=self.member).values_list("pk", flat=True),
            *Review.objects.filter(own).values_list("pk", flat=True),
        }

    @cached_property
    def moments(self) -> set[datetime]:
        own = Assignment.objects.filter(worker_id=self.person.pk)
        found = {moment for pair in own.values_list("taken_at", "submitted_at") for moment in pair}
        found |= set(Block.objects.filter(member=self.member).values_list("drawn_at", flat=True))
        found |= set(Review.objects.filter(reviewer=self.member).values_list("ended_at", flat=True))
        for opened_at, lapses_at in Review.objects.filter(author=self.member).values_list(
            "opened_at", "lapses_at"
        ):
            found |= {opened_at, lapses_at}
        return {moment for moment in found if moment is not None}


@dataclass
class Story:
    guild: Guild
    project: Project
    author: Side
    reviewer: Side
    above: Side


@pytest.fixture
def story() -> Story:
    """Return two whose work is reviewed, and who reviewed it; one of them reviews, and that is reviewed too.

    Each does everything at a minute of their own, which nothing else in the story or on a clock has.
    """
    for number, table in enumerate(TABLES):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                [table, FIRST_ID + number * 10_000_000],
            )
    fill_fund(1_000_000)
    now = clock.now().replace(second=0, microsecond=0)

    def at_minute(days: int, later: int) -> datetime:
        return now - timedelta(days=days) + timedelta(minutes=later, seconds=later + 11)

    joined = at_minute(9, 5)
    with everything_drawn():
        guild = a_guild()
        author = Side(a_member(guild, person=a_worker("Aureliaquagga"), at=joined))
        reviewer = Side(a_member(guild, level=2, person=a_worker("Zebulonxyloph"), at=joined))
        above = Side(a_member(guild, level=3, person=a_worker("Octaviuswumbat"), at=joined))
        project = guild_work(guild, at=joined)
        works = [done(author.person, project, at=at_minute(6 - number, 17)) for number in range(3)]
        heard(at=at_minute(3, 17))
        reviews = [Review.objects.get(item__assignment_id=work.assignment_id) for work in works]
        for minute, number in enumerate((1, 2, 0), start=33):  # not in the author's order
            advice = f"Advice number {number}: look closer."
            say(reviews[number], 2, by=reviewer.person, at=at_minute(2, minute), advice=advice)
            heard(at=at_minute(2, minute))
        of_review = Review.objects.get(item__assignment__given_review=reviews[1])
        say(of_review, 3, by=above.person, at=at_minute(1, 52), advice="A review to learn from.")
        heard(at=at_minute(1, 52))
    done(author.person, project, at=at_minute(1, 17))
    heard(at=at_minute(1, 17))
    tell_of_reviews(at=clock.now())
    return Story(guild, project, author, reviewer, above)


def test_neither_side_of_a_review_finds_the_other(story: Story) -> None:
    sides = {
        "author": (story.author, [story.reviewer, story.above]),
        "reviewer": (story.reviewer, [story.author, story.above]),
        "above": (story.above, [story.author, story.reviewer]),
    }
    for name, (who, others) in sides.items():
        read = all_that_is_read_by(who, story, with_pages=name != "above")
        assert len(read) > (80 if name != "above" else 40), name
        found = [
            (name, place, what)
            for place, content in read.items()
            for other in others
            for what in traces(content, of=other, but=who)
        ]
        assert not found, "\n".join(map(str, found))
        assert any("Advice number 1" in content for content in read.values())  # it was there to be read
        assert name == "above" or any(place.startswith("notice") for place in read)


def test_reviews_stand_in_the_order_of_what_they_are_about(story: Story) -> None:
    page = browser_of(story.author.person).get(reverse("guild_mine", args=[story.guild.pk]))
    assert re.findall(r"Advice number (\d)", page.content.decode()) == ["2", "1", "0"]
    token = key_of(story.author.person, Scope.values)
    path = f"/guilds/{story.guild.pk}/membership/items"
    items = Call(story.author.person, "GET", path, token=token).answered().json["items"]
    assert [one["number"] for one in items] == [4, 3, 2, 1]
    assert [one["review"]["advice"][:15] for one in items] == [
        *("", "Advice number 2", "Advice number 1", "Advice number 0")
    ]


def test_a_stranger_a_visitor_and_the_requester_find_neither(story: Story) -> None:
    stranger = Side(a_member(story.guild, person=a_worker("Stranger")))
    read = all_that_is_read_by(stranger, story, with_pages=False)
    visitor, browser = Client(), browser_of(stranger.person)
    for name in ("guild", "guild_draws", "guild_levels", "guild_draws_json", "guild_draws_csv"):
        for who, asks in (("visitor", visitor), ("stranger", browser)):
            answer = asks.get(reverse(name, args=[story.guild.pk]))
            read[f"{who} {name}"] = b"".join(answer).decode()
    for place, content in read.items():
        for other in (story.author, story.reviewer, story.above):
            assert traces(content, of=other, but=stranger) == [], place
    owner = story.project.owner
    ids = Ids(project_id=story.project.pk, guild_id=story.guild.pk)
    for place, content in answers_to(Person.objects.get(pk=owner.pk), ids).items():
        for other in (story.reviewer, story.above):
            assert traces(content, of=other, but=story.author) == [], place


def traces(content: str, *, of: Side, but: Side) -> list[str | int]:
    """Return what in a text leads to somebody, but for what is known to who reads."""
    found: list[str | int] = [name for name in of.names if name.lower() in content.lower()]
    if re.search(r"73[1-9]\d{7}", content):
        numbers = {int(number) for number in re.findall(r"(?<!\d)\d{10}(?!\d)", content)}
        found += sorted(numbers & (of.ids - but.known))
    own = {_minute(moment) for moment in but.moments}
    for moment in of.moments:
        if _minute(moment) in own:
            continue
        clocks = {(moment + timedelta(hours=hours)).strftime("%H:%M") for hours in (0, 1, 2)}
        clocks |= {clock_time.lstrip("0") for clock_time in clocks} - {""}
        if moment.minute == 0:
            clocks = set()  # whole hours stand on pages as examples: "For example 22:00"
        if any(re.search(rf"(?<![\d:]){one}(?!\d)", content) for one in clocks):
            found.append(f"{moment}")
        if str(int(moment.timestamp())) in content:
            found.append(f"{moment} in seconds")
    return found


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def all_that_is_read_by(side: Side, story: Story, *, with_pages: bool) -> dict[str, str]:
    """Return each page and each answer of the API that somebody gets about what is theirs."""
    own = Assignment.objects.filter(worker_id=side.person.pk).order_by("-pk")
    asked: dict[str, int] = {"guild_id": story.guild.pk, "worker_id": side.person.pk}
    asked |= {"person_id": side.person.pk, "requester_id": story.guild.pk, "project_id": story.project.pk}
    if first := own.first():
        asked |= {"assignment_id": first.pk, "task_id": first.task_id, "project_id": first.project_id}
    read = answers_to(side.person, Ids(asked))
    if with_pages:
        read |= pages_of(side.person, asked)
    for one in own[:4]:
        of_one = Ids(asked | {"assignment_id": one.pk, "task_id": one.task_id, "project_id": one.project_id})
        for name, content in answers_to(side.person, of_one, only="assignment_id").items():
            read[f"{name} {one.pk}"] = content
    for notice in told(side.person):
        read[f"notice {notice.pk}"] = f"{notice.subject}\n{notice.text}\n{notice.path}"
    return read


class Ids(dict[str, int]):
    """Ids by the names that addresses give them; one for what the story does not have."""

    def __missing__(self, name: str) -> int:
        return 1


def pages_of(person: Person, asked: dict[str, int]) -> dict[str, str]:
    """Return every page that somebody reaches by links or by an address made of ids that they know."""
    browser, found = browser_of(person), {}
    ahead = ["/", "/feed/", "/work/", "/account/", *sorted(_addresses(asked), key=_says_nothing_by_itself)]
    while ahead and len(found) < PAGES_AT_MOST:
        address = ahead.pop(0)
        if address in found or address.startswith(ELSEWHERE):
            continue
        answer = browser.get(address)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code == 405 or not kind.startswith(("text/", "application/json")):
            continue
        content = answer.getvalue() if answer.streaming else answer.content  # type: ignore[attr-defined]
        found[address] = content.decode()
        for link in re.findall(r'(?:href|hx-get)="([^"#]+)', found[address]):
            parts = urlsplit(link.replace("&amp;", "&"))
            if not parts.netloc and parts.path.startswith("/"):
                ahead.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def _says_nothing_by_itself(address: str) -> tuple[bool, str]:
    """Order addresses: first those with a number of theirs, then the others."""
    return re.search(r"\d", address) is None, address


def _addresses(asked: dict[str, int]) -> set[str]:
    """Return each address of the site that can be made of these ids."""
    found = set()

    def look(resolver: URLResolver, before: str) -> None:
        for pattern in resolver.url_patterns:
            part = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                look(pattern, part)
            elif isinstance(pattern, URLPattern) and not re.search(r"[\^$\\(]", part):
                names = re.findall(r"<(?:\w+:)?(\w+)>", part)
                if set(names) <= set(asked):
                    made = re.sub(r"<(?:\w+:)?(\w+)>", lambda name: str(asked[name[1]]), part)
                    found.add(f"/{made}")

    look(get_resolver(), "")
    return {address for address in found if not address.startswith(("/admin", *ELSEWHERE))}


def answers_to(person: Person, ids: Ids, *, only: str = "") -> dict[str, str]:
    """Return what every address of the API that can be read answers somebody, by ids that are theirs."""
    found, token = {}, key_of(person, Scope.values)
    for name, (method, path, _document) in operations().items():
        if method == "GET" and only in path:
            asked = path.removeprefix("/api/v1").format_map(ids)
            answer = Call(person, "GET", asked, token=token).answered_unchecked()
            found[name] = answer.content.decode(errors="replace")
    return found
