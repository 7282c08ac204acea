"""Members found a guild by their decision: from an idea to a guild with its founders, and every no."""

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.builders import NOON, a_worker
from tests.governance.proposing import (
    a_draft_of,
    all_say,
    an_idea,
    before_team,
    content,
    feasible,
    ratified,
    the_members,
    voted,
)

from canut.charter.models import LogEntry
from canut.governance.access import version_that_counts
from canut.governance.content import Content
from canut.governance.models import Proposal
from canut.governance.queries.versions import amended, version_seen
from canut.governance.usecases.amend_draft import amend_draft, hold_draft
from canut.governance.usecases.ask_ratification import propose_ratification
from canut.governance.usecases.check_sense import check_sense
from canut.governance.usecases.conclude_votes import conclude_votes
from canut.governance.usecases.judge_feasibility import ask_feasibility, say_feasibility
from canut.governance.usecases.open_proposal_vote import open_votes
from canut.governance.usecases.propose_idea import propose_idea
from canut.governance.usecases.support_idea import support_idea
from canut.governance.usecases.tell_of_proposals import tell_founders
from canut.guilds.founding import Founding
from canut.guilds.models import Guild, Member
from canut.guilds.queries.guilds import guild_seen
from canut.guilds.usecases.found_guild import FoundingIsMembers, found_guild
from canut.kernel.refusals import Refusal
from canut.membership.usecases.end_membership import leave_membership
from canut.people.models import Party, Person
from canut.people.notices.models import Notice
from canut.people.usecases.found_body import found_body

pytestmark = pytest.mark.django_db
SCRIBES = Founding(
    name="Scribes of the wire",
    screen_name="Scribes",
    craft="transcription",
    charter_text="We write down what is said.",
)
DAY = timedelta(days=1)


@pytest.fixture
def members() -> list[Person]:
    return the_members()


def wanted(*founders: Person, level: int = 3, **change: object) -> Content:
    """Return what a proposal says that founds a guild with these people at a level."""
    guild = replace(SCRIBES, founders={one.screen_name: level for one in founders}, **change)  # type: ignore[arg-type]
    return Content(language="en", title="Scribes, at last", text="A craft needs its guild.", guild=guild)


def refused(code: str, verb, **given) -> Refusal:
    with pytest.raises(Refusal) as said:
        verb(**given)
    assert said.value.code == code, said.value
    return said.value


def test_what_members_adopt_founds_the_guild_with_its_founders(members, operator):
    ratified(operator, members, at=NOON)
    author, other, *_rest = members
    proposal = feasible(author, members[1:], operator, of=wanted(author, other))
    assert (proposal.kind, Guild.objects.count()) == ("guild", 0)
    proposal = voted(proposal, members, at=NOON)
    assert (proposal.state, proposal.lapsed) == ("adopted", [])
    guild = Guild.objects.get(adopted=proposal.decision_number)
    seen = guild_seen(guild.pk, by=None, at=NOON + 15 * DAY)
    assert (seen.name, seen.craft, seen.founded_by) == (SCRIBES.name, "transcription", "")
    assert (seen.decision, seen.decision_number) == ("Scribes, at last", proposal.decision_number)
    founders = Member.objects.filter(guild=guild, is_founder=True).order_by("person_id")
    assert [(one.person_id, one.level) for one in founders] == [(author.pk, 3), (other.pk, 3)]
    # And the log says which guild it is, and names nobody
    body = json.loads(LogEntry.objects.filter(kind="decision").latest("number").leaf)["body"]
    said = body["about"]["guild"]
    assert (said["outcome"], said["number"], said["founders"]) == ("executed", guild.pk, 2)
    assert said["charter_text_sha256"] == sha256(SCRIBES.charter_text.encode()).hexdigest()
    assert body["question_kind"] == "guild"
    assert author.screen_name not in json.dumps(body)
    # Its version says so too
    shown = version_seen(version_that_counts(proposal)).guild
    assert shown is not None
    assert (shown.guild_id, len(shown.founders)) == (guild.pk, 2)


def test_what_members_reject_founds_nothing(members, operator):
    ratified(operator, members, at=NOON)
    proposal = feasible(members[0], members[1:], operator, of=wanted(members[0]))
    proposal = voted(proposal, members, "no", at=NOON)
    assert (proposal.state, Guild.objects.count()) == ("rejected", 0)
    body = json.loads(LogEntry.objects.filter(kind="decision").latest("number").leaf)["body"]
    assert (body["about"]["guild"]["outcome"], body["about"]["guild"]["number"]) == ("rejected", None)
    # It rests for a while like anything rejected, and may be brought back as the same kind of thing
    again = {"by": members[1], "content": wanted(members[1], screen_name="SCRIBES")}
    soon = NOON + 20 * DAY
    assert refused("comes_back_too_soon", propose_idea, at=soon, **again).facts["proposal_id"] == proposal.pk
    other = wanted(members[1], name="Others", screen_name="Others")
    assert propose_idea(by=members[1], content=other, at=soon).kind == "guild"
    refused(
        "nothing_to_come_from",
        propose_idea,
        by=members[1],
        content=content(),
        comes_from=proposal.pk,
        at=NOON + 200 * DAY,
    )


def test_a_name_that_was_taken_meanwhile_lapses_or_goes_back(members, operator):
    ratified(operator, members, at=NOON)
    first = feasible(members[0], members[1:], operator, of=wanted(members[0]))
    second = before_team(members[1], [members[0], *members[2:]], of=wanted(members[1], name="Other scribes"))
    assert open_votes(at=NOON) == 1
    found_body(name="A panel", screen_name="SCRIBES", by=None, at=NOON)
    first = voted(first, members, at=NOON)
    assert first.state == "adopted"
    assert first.lapsed == [{"guild": True, "code": "proposal_guild_refused"}]
    assert not Guild.objects.exists()
    body = json.loads(LogEntry.objects.filter(kind="decision").latest("number").leaf)["body"]
    assert body["about"]["guild"]["outcome"] == "lapsed"
    # And what has not opened its vote goes back to its author as a draft
    say_feasibility(proposal_id=second.pk, by=operator, feasible=True, at=NOON + DAY)
    assert open_votes(at=NOON + DAY) == 0
    second.refresh_from_db()
    assert second.state == "draft"


def test_founders_are_members_who_work_and_who_left_is_none(operator):
    members = the_members(workers=4)
    outsider = a_worker("outsider")
    said = refused("proposal_guild_refused", propose_idea, by=members[0], content=wanted(outsider), at=NOON)
    assert "outsider" in said.facts["errors"]["guild.founders"].lower()
    refused("proposal_guild_refused", propose_idea, by=members[0], content=wanted(members[-1]), at=NOON)
    ratified(operator, members, at=NOON)
    proposal = feasible(members[0], members[1:], operator, of=wanted(*members[:3]))
    leave_membership(by=members[1], at=NOON)
    open_votes(at=NOON)
    # One who does not work any more when the vote closes is let in as little as one who has left
    Person.objects.filter(pk=members[2].pk).update(is_worker=False, is_requester=True)
    proposal = voted(proposal, [members[0], *members[2:]], at=NOON)
    assert (proposal.state, proposal.lapsed) == ("adopted", [])
    guild = Guild.objects.get(adopted=proposal.decision_number)
    assert [one.person_id for one in guild.members.all()] == [members[0].pk]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"screen_name": "a"}, "screen_name"),
        ({"screen_name": "!!!!"}, "screen_name"),
        ({"screen_name": "Scri\0bes"}, "screen_name"),
        ({"craft": "x" * 81}, "craft"),
        ({"charter_text": "a\0b"}, "charter_text"),
        ({"joining": "lottery"}, "joining"),
        ({"language": "x" * 13}, "language"),
        ({"level": 9}, "founders"),
    ],
)
def test_a_guild_of_the_wrong_shape_is_refused_at_its_field(members, change, field):
    given = wanted(members[0], **change)
    said = refused("proposal_guild_refused", propose_idea, by=members[0], content=given, at=NOON)
    assert list(said.facts["errors"]) == [f"guild.{field}"]
    assert not Proposal.objects.exists()


def test_a_founding_is_amended_as_such_and_holds_nothing_else(members):
    author, *others = members
    both = replace(content(), guild=SCRIBES)
    assert list(refused("bad_input", propose_idea, by=author, content=both, at=NOON).facts["errors"]) == [
        "settings"
    ]
    first = wanted(author)
    proposal = a_draft_of(author, others, of=first)
    again = propose_idea(by=others[0], content=first, at=NOON)
    assert propose_idea(by=others[0], content=first, at=NOON) == again
    given = {"proposal_id": proposal.pk, "by": author, "written_on": 1, "at": NOON}
    assert "guild" in refused("bad_input", amend_draft, content=content(), **given).facts["errors"]
    refused("nothing_amended", amend_draft, content=first, **given)
    amend_draft(content=wanted(author, others[0], joining="invitation"), **given)
    pieces = dict(amended(proposal.pk, 2).articles)["The guild"]
    assert any(others[0].screen_name in piece.text for piece in pieces)
    change = a_draft_of(others[1], [author, *others[2:]])
    assert (
        "guild"
        in refused(
            "bad_input",
            amend_draft,
            content=replace(content(), settings=(), guild=SCRIBES),
            proposal_id=change.pk,
            by=others[1],
            written_on=1,
            at=NOON,
        ).facts["errors"]
    )
    # A jury is for conflicts about rules
    check_sense(proposal_id=proposal.pk, by=others[0], stance="block", reason="No.", at=NOON)
    refused("not_a_draft", hold_draft, proposal_id=proposal.pk, at=NOON)


def test_who_is_named_as_a_founder_hears_of_it_before_and_after(members, operator):
    ratified(operator, members, at=NOON)
    author, named, *rest = members
    proposal = feasible(author, [*rest, named], operator, of=wanted(author, named))
    Notice.objects.all().delete()
    assert tell_founders(proposal_id=proposal.pk, what="named_founder", at=NOON) == 1
    told = Notice.objects.get()
    assert (told.person_id, told.path) == (named.pk, f"/proposals/{proposal.pk}/")


def test_that_a_guild_is_founded_is_not_told_to_whom_it_was_founded_without(operator):
    members = the_members(workers=4)
    ratified(operator, members, at=NOON)
    author, named, left, *rest = members
    proposal = feasible(author, [*rest, named], operator, of=wanted(author, named, left))
    leave_membership(by=left, at=NOON)
    proposal = voted(proposal, [author, named, *rest], at=NOON)
    Notice.objects.all().delete()
    assert tell_founders(proposal_id=proposal.pk, what="is_founder", at=NOON) == 1
    assert Notice.objects.get().person_id == named.pk


def test_whom_an_amendment_names_as_a_founder_hears_of_it_and_the_others_not_again(members):
    author, named, later, *_rest = members
    proposal = a_draft_of(author, members[1:], of=wanted(author, named))
    amend_draft(
        proposal_id=proposal.pk,
        by=author,
        content=wanted(author, named, later),
        written_on=1,
        at=NOON,
    )
    jobs = ProcrastinateJob.objects.filter(task_name="governance.tell_founders").order_by("id")
    Notice.objects.all().delete()
    assert [tell_founders(at=NOON, **job.args) for job in jobs] == [1, 1]
    assert set(Notice.objects.values_list("person_id", flat=True)) == {named.pk, later.pk}


def test_a_name_that_somebody_has_hidden_is_no_name_for_a_guild(members):
    party = Party.objects.get(pk=members[1].pk)
    party.hidden_name, party.screen_name = "scribes", f"name-hidden-{party.pk}"
    party.save(update_fields=["hidden_name", "screen_name"])
    said = refused("proposal_guild_refused", propose_idea, by=members[0], content=wanted(members[0]), at=NOON)
    assert list(said.facts["errors"]) == ["guild.screen_name"]


def test_an_operator_founds_guilds_until_the_members_have_answered_their_first_question(members, operator):
    given = {"by": operator, "charter_text": "Well.", "craft": "reading", "decision": "To begin.", "at": NOON}
    # A question that nobody could answer leaves it as it is
    ratified(operator, [], at=NOON - 100 * DAY)
    found_guild(name="Readers", screen_name="Readers", **given)
    asked_again = propose_ratification(by=members[0], at=NOON - 20 * DAY)
    for person in members[1:4]:
        support_idea(proposal_id=asked_again.pk, by=person, at=NOON - 20 * DAY)
    all_say(asked_again, members, "no", at=NOON - 20 * DAY)
    assert conclude_votes(at=NOON) == 1
    with pytest.raises(FoundingIsMembers):
        found_guild(name="Others", screen_name="Others", **given)
    assert Guild.objects.count() == 1


def test_what_brings_back_the_question_of_ratification_changes_nothing_else(members, operator):
    asked = ratified(operator, members, at=NOON, choice="no")
    assert asked.state == "rejected"
    refused(
        "nothing_to_come_from",
        propose_idea,
        by=members[0],
        content=content(),
        comes_from=asked.pk,
        at=NOON + 200 * DAY,
    )


def test_a_founding_goes_to_the_team_and_what_members_wrote_can_be_sent(members):
    proposal = before_team(members[0], members[1:], of=wanted(members[0]))
    assert proposal.state == "feasibility"
    idea = an_idea(members[1], of=wanted(members[1], name="Others", screen_name="Others"))
    refused("not_a_draft", ask_feasibility, proposal_id=idea.pk, by=members[1], at=NOON)
