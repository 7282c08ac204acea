"""Every address for everybody: no key, a stranger, no role, another scope (CHECKS 37)."""

import pytest
from tests.api.calls import Call, operations
from tests.api.scenarios.cast import UNSEEN, Cast
from tests.api.scenarios.registry import SCENARIOS, load, success_of
from tests.stories import undone

from canut.people.models import Person, Scope

pytestmark = pytest.mark.django_db
load()

OF_EVERYBODY = {
    *("read_charter", "answer_a_page", "get_requester", "check_badge"),
    *("list_guilds", "get_guild", "list_draws"),
    *("list_proposals", "get_proposal", "list_proposal_versions", "list_proposal_discussions"),
    *("list_votes", "get_vote", "list_ballots"),
    *("list_juries", "get_jury"),
    *("list_summaries", "get_summary", "list_mediators", "get_mediation_report"),
    *("read_log_status", "list_log_entries", "get_log_entry", "list_log_heads", "fetch_log"),
    *("prove_inclusion", "prove_consistency", "cosign_log"),
    *("list_lots", "get_lot", "list_candidates"),
    *("get_board", "list_elections", "get_election", "list_rankings", "get_recall", "get_board_motion"),
    *("read_constitution", "read_article"),
    *("get_replay", "get_replay_of_proposal"),
    *("list_sanction_grounds",),
    *("list_statistics_years", "get_statistics_year", "get_justice_fund"),
    *("list_moratoria", "list_ended_motions", "get_motion"),
}
OF_ANY_WORKER = {
    "rate_a_requester_for_all",
    "open_a_session",
    "refuse_a_project",
    "look_at_project",
    "explain_project",
    "take_any_task",
    "take_this_task",
    "join_a_guild",
    *("get_project_thread", "write_about_project", "write_alone", "list_notes"),
}
"""What is about a project or a guild and not about anybody's own: any worker may."""

OF_MEMBERS = {
    "get_guild_membership",
    "leave_a_guild",
    "list_guild_items",
    "invite_into_guild",
    "contest_a_level",
    *("list_guild_threads", "start_guild_thread"),
    *("list_guild_discussions", "open_guild_discussion"),
}
"""What is about a guild, which everybody may know of, and for its members alone."""

OF_ELECTORS = {"get_own_ballot", "cast_a_ballot"}
"""What is about a vote, which everybody may read, and for those who may vote in it alone."""

OF_BOARD = {
    "get_own_ranking": "not_in_election",
    "rank_candidates": "not_in_election",
    "stand_for_board": "not_a_member",
    "withdraw_from_board": "not_a_candidate",
    "leave_board": "not_your_board_seat",
    "begin_recall": "not_a_member",
    "sign_recall": "not_a_member",
    "withdraw_recall": "not_your_board_seat",
    "move_board_motion": "not_on_board",
    "say_to_board_motion": "not_on_board",
}
"""What is about elections, seats and motions, which everybody may read, and for whom each says."""

OF_ONESELF = {
    "read_a_design",
    *("get_me", "list_keys", "rotate_current_key", "list_projects", "create_draft", "read_feed"),
    *("list_sessions", "read_accepted_risks", "choose_accepted_risks", "list_opening_soon"),
    *(
        "list_assignments",
        "get_money",
        "list_money",
        "deposit_money",
        "get_earnings",
        "list_earnings",
        "list_top_ups",
    ),
    *("get_talk", "list_own_posts", "list_conversations", "list_appeal_seats", "list_sanctions"),
    *("list_listings", "put_on_a_list"),
    *("list_notices", "glance_at_notices", "mark_notices_read", "get_notice_choices", "choose_notices"),
    *("limit_own_mails", "choose_own_quiet_hours", "try_own_address"),
    *("list_ratings_of_workers", "list_ratings_of_requesters"),
    *("list_worked", "list_requested", "sum_up_worked", "sum_up_requested"),
    *("download_worked", "download_requested"),
    *("list_searches", "save_a_search"),
    *("list_webhooks", "make_webhook"),
    "list_badges",
    *("list_flags", "read_flag_trust", "list_flagged_things"),
    *("list_qualifications", "create_a_qualification", "list_held_qualifications"),
    *("list_cases", "list_disputes", "list_admission_refusals"),
    *("list_journal", "write_an_entry", "get_portfolio"),
    *("list_guild_memberships", "list_guild_invitations"),
    *("get_membership", "ask_to_be_admitted", "withdraw_own_request", "accept_member_invitation"),
    *("take_voucher_back", "list_own_seats"),
    "unsign_recall",
    "take_motion_support_back",
    "withdraw_proposal_support",
}
"""What is about the caller, whoever that is: a stranger gets the stranger's own."""

TELLS_OTHERS = {
    "list_all_sanctions": "operator_role_missing",
    "get_any_sanction": "operator_role_missing",
    "list_sanction_proposals": "operator_role_missing",
    "list_flag_queue": "operator_role_missing",
    "get_flag_matter": "operator_role_missing",
    "decide_on_flags": "operator_role_missing",
    "answer_an_objection": "operator_role_missing",
    "list_appointed_mediators": "operator_role_missing",
    "appoint_a_mediator": "operator_role_missing",
    "dismiss_a_mediator": "operator_role_missing",
    "answer_for_the_team": "operator_role_missing",
    "open_the_first_vote": "operator_role_missing",
    "check_an_identity": "operator_role_missing",
    **dict.fromkeys(("report_a_bounce", "report_a_bounced_mail"), "operator_role_missing"),
    "list_college_threads": "not_a_member",
    "start_college_thread": "not_a_member",
    "leave_the_membership": "not_a_member",
    "flag_something": "not_a_member",
    "choose_a_college": "not_a_member",
    "list_members": "not_a_member",
    "list_admission_requests": "not_a_member",
    "vouch_for_somebody": "not_a_member",
    "list_member_invitations": "not_a_member",
    "invite_a_member": "not_a_member",
    "have_a_badge": "level_not_held",
    "answer_a_seat": "seat_not_found",
    "call_a_jury": "not_a_member",
    "open_proposal_discussion": "not_a_member",
    "begin_a_dispute": "dispute_no_work_between",
    "get_own_seat": "not_a_juror",
    "say_in_a_jury": "not_a_member",
    "say_back_in_a_jury": "not_a_member",
    "answer_in_a_jury": "not_a_member",
    "put_a_wording": "not_a_member",
    "choose_a_wording": "not_a_member",
    "propose": "not_a_member",
    "amend_proposal": "not_a_member",
    "support_proposal": "not_a_member",
    "say_what_one_thinks": "not_a_member",
    "send_proposal_to_team": "not_a_member",
    "withdraw_a_proposal": "not_the_author",
    "propose_to_ratify": "not_a_member",
    "move_a_moratorium": "not_a_member",
    "ask_for_a_replay": "not_a_member",
    "support_a_motion": "not_a_member",
    "withdraw_a_motion": "moratorium_not_the_mover",
}
"""What is about something that everybody may read, and is for some alone: what others are told."""

NEEDS_ROLE = {
    "create_draft": "requester_role_missing",
    "read_a_design": "requester_role_missing",
    "deposit_money": "requester_role_missing",
    "get_money": "requester_role_missing",
    "list_money": "requester_role_missing",
    "put_on_a_list": "requester_role_missing",
    "create_a_qualification": "requester_role_missing",
    "read_feed": "worker_role_missing",
    "list_opening_soon": "worker_role_missing",
    "list_searches": "worker_role_missing",
    "get_search": "worker_role_missing",
    "save_a_search": "worker_role_missing",
    "change_a_search": "worker_role_missing",
    "delete_a_search": "worker_role_missing",
    "open_a_session": "worker_role_missing",
    "refuse_a_project": "worker_role_missing",
    "choose_accepted_risks": "worker_role_missing",
    "take_any_task": "worker_role_missing",
    "have_a_badge": "worker_role_missing",
    "take_this_task": "worker_role_missing",
    "explain_project": "worker_role_missing",
    "join_a_guild": "worker_role_missing",
    "answer_guild_invitation": "worker_role_missing",
}
NAMED = sorted(set(operations()) - OF_EVERYBODY)


def succeeding(operation: str, cast: Cast) -> Call:
    return SCENARIOS[operation, success_of(operation)](cast)


@pytest.mark.parametrize("operation", NAMED)
def test_an_address_opens_to_whom_it_is_for_and_shows_nothing_of_others(operation: str, cast: Cast) -> None:
    """Everybody comes to the same situation, and what each does there is undone before the next."""
    call, stranger = succeeding(operation, cast), cast.stranger
    with undone():
        a_key_opens_only_what_its_scopes_name(operation, call)
    if operation in NEEDS_ROLE:
        assert call.but(by=cast.guest).answered().code == NEEDS_ROLE[operation]
    with undone():
        what_a_stranger_is_told(operation, call.but(by=stranger), owner=call.by)
    answer = call.but(scopes=[operations()[operation][2]["x-scope"]]).answered()
    assert answer.status < 300  # and nothing was changed by them
    for name in ("requester", "worker", "peer", "operator"):
        person = vars(cast).get(name)
        if person is not None and person != call.by:
            assert person.email.encode() not in answer.content
            assert f'"{person.username}"'.encode() not in answer.content
    if operations()[operation][2]["x-scope"] == Scope.WORK:
        assert UNSEEN.encode() not in answer.content  # a column that the design does not show


def a_key_opens_only_what_its_scopes_name(operation: str, call: Call) -> None:
    assert call.but(by=None).answered().code == "key_missing"
    scope = operations()[operation][2]["x-scope"]
    others = [other for other in call.scopes if other != scope]
    assert call.but(scopes=others).answered().json["facts"] == {"scope": scope}


def what_a_stranger_is_told(operation: str, asks: Call, *, owner: Person | None) -> None:
    """Hold what somebody is told whom a thing does not concern to what is said of the address above."""
    told = asks.answered()
    if operation in OF_ANY_WORKER:
        return
    if operation in OF_ONESELF:
        assert owner is not None
        for theirs in (owner.screen_name, owner.username, owner.email):
            assert f'"{theirs}"'.encode() not in told.content or operation in ("read_feed", "put_on_a_list")
    elif operation in OF_MEMBERS:
        assert told.code == "not_a_guild_member"
    elif operation in OF_ELECTORS:
        assert told.code == "not_an_elector"
    elif operation in OF_BOARD or operation in TELLS_OTHERS:
        assert told.code == {**OF_BOARD, **TELLS_OTHERS}[operation]
    else:
        nothing = asks.but(path=_elsewhere(operation, asks)).answered()
        assert (told.status, nothing.status) == (404, 404)
        assert (told.json["code"], told.json["detail"]) == (nothing.json["code"], nothing.json["detail"])


def test_the_requester_reads_every_column(cast: Cast) -> None:
    assert UNSEEN.encode() in succeeding("list_tasks", cast).answered().content


def _elsewhere(operation: str, call: Call) -> str:
    """Return the address of a row that there is not."""
    template = operations()[operation][1].removeprefix("/api/v1").split("/")
    parts = zip(template, call.path.split("/"), strict=True)
    return "/".join("987654321" if part.startswith("{") else asked for part, asked in parts)
