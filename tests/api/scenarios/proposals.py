"""Situations of proposals."""

from datetime import timedelta
from typing import Any

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.charter.log_lines import a_word_changed
from tests.governance.ballot_box import by_rule
from tests.governance.proposing import a_draft_of, an_idea, content
from tests.membership.members import active_on, admitted, members_of

from canut.charter.constitution.models import ArticleVersion
from canut.governance.content import ArticleWish, Content
from canut.governance.models import Proposal
from canut.governance.usecases.amend_draft import hold_draft
from canut.governance.usecases.ask_ratification import open_ratification
from canut.governance.usecases.conclude_votes import conclude_vote
from canut.governance.usecases.end_proposal import archive_what_lies, withdraw_proposal
from canut.governance.usecases.judge_feasibility import ask_feasibility
from canut.governance.usecases.open_proposal_vote import open_vote_on
from canut.governance.usecases.write_version import write_version
from canut.guilds.founding import Founding
from canut.membership.states import College
from canut.people.models import Person
from canut.people.usecases.found_body import found_body

FLOOR = {"parameter": "pay.floor_hourly_minor", "new": 1600}
BODY = {"language": "en", "title": "Raise the floor", "text": "Rents have gone up.", "settings": [FLOOR]}
NEXT = BODY | {"title": "Raise the floor at last", "written_on": 1}
WRONG_ARTICLE = {"articles": [{"key": "no-such-article", "repeals": True}], "settings": []}


def members(cast: Cast) -> list[Person]:
    """The cast's worker and peer among active members of both colleges."""
    for person in (cast.worker, cast.peer):
        active_on(person, 5, at=cast.at)
        admitted(person, at=cast.at)
    return [
        *(cast.worker, cast.peer),
        *members_of(College.WORKERS, 1, at=cast.at),
        *members_of(College.REQUESTERS, 3, at=cast.at),
    ]


def idea(cast: Cast, **more: Any) -> Proposal:
    members(cast)
    return an_idea(cast.worker, at=cast.at, **more)


def draft(cast: Cast, **more: Any) -> Proposal:
    return a_draft_of(cast.worker, members(cast)[1:], at=cast.at, **more)


def with_team(cast: Cast) -> Proposal:
    found = draft(cast)
    ask_feasibility(proposal_id=found.pk, by=cast.worker, at=cast.at)
    return found


def held(cast: Cast) -> Proposal:
    return hold_draft(proposal_id=draft(cast).pk, at=cast.at)


def withdrawn(cast: Cast) -> Proposal:
    return withdraw_proposal(proposal_id=idea(cast).pk, by=cast.worker, at=cast.at)


def archived(cast: Cast) -> Proposal:
    """An idea of long ago that found nobody, archived just now."""
    members(cast)
    began = cast.at - timedelta(days=100)
    found = an_idea(cast.worker, at=cast.at)
    Proposal.objects.filter(pk=found.pk).update(changed_at=began)
    archive_what_lies(at=cast.at)
    found.refresh_from_db()
    assert found.state == "archived"
    return found


def said_no(cast: Cast) -> None:
    """The first question has ended without a yes: nobody could be asked when it was opened."""
    asked = open_ratification(by=cast.operator, at=cast.at - timedelta(days=15))
    conclude_vote(proposal_id=asked.pk, at=cast.at)
    members(cast)


ABOUT_ONE = {
    "get_proposal": lambda cast, pk: cast.get(None, f"/proposals/{pk}"),
    "list_proposal_versions": lambda cast, pk: cast.get(None, f"/proposals/{pk}/versions"),
    "amend_proposal": lambda cast, pk: cast.post(cast.worker, f"/proposals/{pk}/versions", NEXT),
    "support_proposal": lambda cast, pk: Call(cast.peer, "PUT", f"/proposals/{pk}/support"),
    "withdraw_proposal_support": lambda cast, pk: Call(cast.peer, "DELETE", f"/proposals/{pk}/support"),
    "say_what_one_thinks": lambda cast, pk: cast.put(
        cast.peer, f"/proposals/{pk}/sense-check", {"stance": "block", "reason": "Too dear."}
    ),
    "send_proposal_to_team": lambda cast, pk: cast.post(cast.worker, f"/proposals/{pk}/feasibility-request"),
    "withdraw_a_proposal": lambda cast, pk: cast.post(cast.worker, f"/proposals/{pk}/withdrawal"),
    "answer_for_the_team": lambda cast, pk: cast.put(
        cast.operator, f"/proposals/{pk}/feasibility", {"feasible": True}
    ),
}
several(ABOUT_ONE, "proposal_not_found", lambda cast: idea(cast).pk + 1)


def about(operation: str, code: str, thing: Any, **change: Any) -> None:
    """Register what an operation says about a thing, with something of the call changed."""
    says(operation, code)(lambda cast: ABOUT_ONE[operation](cast, thing(cast).pk).but(**change))  # type: ignore[misc]


for _operation in ("amend_proposal", "support_proposal", "say_what_one_thinks", "send_proposal_to_team"):
    says(_operation, "not_a_member")(
        lambda cast, call=ABOUT_ONE[_operation]: call(cast, draft(cast).pk).but(by=cast.stranger)  # type: ignore[misc]
    )
for _operation in ("amend_proposal", "send_proposal_to_team", "withdraw_a_proposal"):
    says(_operation, "not_the_author")(
        lambda cast, call=ABOUT_ONE[_operation]: call(cast, draft(cast).pk).but(by=cast.peer)  # type: ignore[misc]
    )
    about(_operation, "draft_held", held)
for _operation in ("amend_proposal", "say_what_one_thinks", "send_proposal_to_team"):
    about(_operation, "not_a_draft", idea)
about("get_proposal", "200", with_team)
about("list_proposal_versions", "200", draft)
about("amend_proposal", "201", draft)
about("amend_proposal", "bad_input", draft, body=NEXT | {"title": " "})
about("amend_proposal", "proposal_version_outdated", draft, body=NEXT | {"written_on": 2})
about("amend_proposal", "nothing_amended", draft, body=BODY | {"written_on": 1})
about(
    "amend_proposal", "proposal_setting_refused", draft, body=NEXT | {"settings": [FLOOR | {"new": 99_999}]}
)
about("amend_proposal", "proposal_article_refused", draft, body=NEXT | WRONG_ARTICLE)
about("support_proposal", "200", idea)
about("support_proposal", "not_an_idea", withdrawn)
says("support_proposal", "own_idea")(
    lambda cast: ABOUT_ONE["support_proposal"](cast, idea(cast).pk).but(by=cast.worker)
)
about("withdraw_proposal_support", "204", idea)
about("withdraw_proposal_support", "not_an_idea", draft)
about("say_what_one_thinks", "200", draft)
about("say_what_one_thinks", "bad_input", draft, body={"stance": "block"})
about("send_proposal_to_team", "200", draft)
about("withdraw_a_proposal", "200", idea)
about("withdraw_a_proposal", "proposal_has_ended", archived)


about("answer_for_the_team", "200", with_team)
about("answer_for_the_team", "bad_input", with_team, body={"feasible": False, "reason": "Too dear."})
about("answer_for_the_team", "feasibility_not_asked", draft)
says("answer_for_the_team", "operator_role_missing")(
    lambda cast: ABOUT_ONE["answer_for_the_team"](cast, with_team(cast).pk).but(by=cast.stranger)
)


def a_guild(cast: Cast, **change: Any) -> dict[str, Any]:
    """A guild that the worker wants to found with the peer at the second level."""
    founders = [{"screen_name": cast.peer.screen_name, "level": 2}]
    given = {
        "name": "Scribes",
        "screen_name": "Scribes",
        "craft": "transcription",
        "charter_text": "Well.",
        "joining": "open",
    }
    return BODY | {"settings": [], "guild": given | {"founders": founders} | change}


def guild_draft(cast: Cast) -> Proposal:
    wanted = Founding(
        name="Scribes",
        screen_name="Scribes",
        craft="transcription",
        charter_text="Well.",
        founders={cast.peer.screen_name: 2},
    )
    return draft(cast, of=Content(language="en", title="Scribes", text="We need one.", guild=wanted))


@says("propose", "proposal_guild_refused")
def _(cast: Cast) -> Call:
    members(cast)
    return proposing(cast, **a_guild(cast, screen_name=cast.stranger.screen_name))


@says("amend_proposal", "proposal_guild_refused")
def _(cast: Cast) -> Call:
    wanted = a_guild(cast, founders=[{"screen_name": "Nobody here", "level": 1}])
    return ABOUT_ONE["amend_proposal"](cast, guild_draft(cast).pk).but(body=wanted | {"written_on": 1})


@says("send_proposal_to_team", "proposal_guild_refused")
def _(cast: Cast) -> Call:
    """Meanwhile somebody has taken the guild's screen name."""
    found = guild_draft(cast)
    found_body(name="Others", screen_name="SCRIBES", by=None, at=cast.at)
    return ABOUT_ONE["send_proposal_to_team"](cast, found.pk)


def _article(**words: str) -> Any:
    return content(articles=[ArticleWish(title_en="Rest", text_en="Everybody rests.", **words)])


about("send_proposal_to_team", "article_translation_missing", lambda cast: draft(cast, of=_article()))


@says("send_proposal_to_team", "proposal_changes_nothing")
def _(cast: Cast) -> Call:
    words = Content(language="en", title="Be kind", text="To each other.")
    return ABOUT_ONE["send_proposal_to_team"](cast, draft(cast, of=words).pk)


@says("send_proposal_to_team", "proposal_setting_refused")
def _(cast: Cast) -> Call:
    found = draft(cast)
    by_rule("pay.floor_hourly_minor", 1600, at=cast.at)
    return ABOUT_ONE["send_proposal_to_team"](cast, found.pk)


@says("send_proposal_to_team", "proposal_article_refused")
def _(cast: Cast) -> Call:
    """Meanwhile the members have decided just these words."""
    before = ArticleVersion.objects.earliest("position", "number")
    words = ArticleWish(
        key=before.key,
        title_en="A better title",
        title_fr="Un meilleur titre",
        text_en=before.text_en,
        text_fr=before.text_fr,
    )
    found = draft(cast, of=content(articles=[words]))
    a_word_changed(at=cast.at)
    return ABOUT_ONE["send_proposal_to_team"](cast, found.pk)


@says("withdraw_a_proposal", "vote_has_begun")
def _(cast: Cast) -> Call:
    members(cast)
    asked = Proposal.objects.create(
        kind="ratification", author=cast.worker, began_at=cast.at, changed_at=cast.at
    )
    words = Content(language="en", title="Is it ours?", text="The constitution.")
    write_version(asked, words, number=1, by=cast.worker, at=cast.at)
    open_vote_on(asked, at=cast.at)
    return ABOUT_ONE["withdraw_a_proposal"](cast, asked.pk)


def proposing(cast: Cast, **change: Any) -> Call:
    return cast.post(cast.worker, "/proposals", BODY | change)


@says("list_proposals", "200")
def _(cast: Cast) -> Call:
    draft(cast)
    return cast.get(None, "/proposals?show=drafts&words=floor")


@says("propose", "201")
def _(cast: Cast) -> Call:
    members(cast)
    return proposing(cast)


@says("propose", "bad_input")
def _(cast: Cast) -> Call:
    members(cast)
    return proposing(cast, title=" ")


@says("propose", "not_a_member")
def _(cast: Cast) -> Call:
    return proposing(cast).but(by=cast.stranger)


@says("propose", "too_many_proposals")
def _(cast: Cast) -> Call:
    for title in ("One", "Two"):
        if title == "One":
            idea(cast, of=content(title=title))
        else:
            an_idea(cast.worker, of=content(title=title), at=cast.at)
    return proposing(cast)


@says("propose", "proposal_not_found")
def _(cast: Cast) -> Call:
    return proposing(cast, comes_from=idea(cast, of=content(title="Another")).pk + 1)


@says("propose", "nothing_to_come_from")
def _(cast: Cast) -> Call:
    return proposing(cast, comes_from=idea(cast, of=content(title="Another")).pk)


@says("propose", "comes_back_too_soon")
def _(cast: Cast) -> Call:
    return proposing(cast, comes_from=archived(cast).pk)


@says("propose", "proposal_setting_refused")
def _(cast: Cast) -> Call:
    members(cast)
    return proposing(cast, settings=[FLOOR | {"new": "much"}])


@says("propose", "proposal_article_refused")
def _(cast: Cast) -> Call:
    members(cast)
    return proposing(cast, **WRONG_ARTICLE)


@says("propose_to_ratify", "201")
def _(cast: Cast) -> Call:
    said_no(cast)
    return cast.post(cast.worker, "/ratification")


@says("propose_to_ratify", "not_a_member")
def _(cast: Cast) -> Call:
    return cast.post(cast.stranger, "/ratification")


@says("propose_to_ratify", "ratification_pending")
def _(cast: Cast) -> Call:
    members(cast)
    return cast.post(cast.worker, "/ratification")


def opening(cast: Cast) -> Call:
    return cast.post(cast.operator, "/ratification/opening")


@says("open_the_first_vote", "200")
def _(cast: Cast) -> Call:
    members(cast)
    return opening(cast)


@says("open_the_first_vote", "operator_role_missing")
def _(cast: Cast) -> Call:
    return opening(cast).but(by=cast.stranger)


@says("open_the_first_vote", "ratification_pending")
def _(cast: Cast) -> Call:
    said_no(cast)
    return opening(cast)
