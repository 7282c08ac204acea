"""Every job by its name: what use cases leave for later, and what the passing of time brings about.

procrastinate's runner imports this module. A test holds the names used in `later(...)` and those
declared here equal.
"""

from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from canut.charter.usecases import sign_tree_head, watch_log
from canut.discussion.facilitated.usecases import follow_discussions
from canut.forums.usecases import tell_of_discussions as discussions
from canut.forums.usecases import tell_of_news as talk
from canut.governance.ballots.usecases import tell_electors
from canut.governance.board.usecases import (
    close_election,
    end_nominations,
    fill_seats,
    follow_petitions,
    forget_candidate,
    move_motion,
    open_elections,
)
from canut.governance.board.usecases import tell as tell_of_board
from canut.governance.moratoria.usecases import advance_motion, conclude_motions
from canut.governance.resolution.usecases import follow_jury
from canut.governance.usecases import (
    ask_ratification,
    conclude_votes,
    discuss_idea,
    end_proposal,
    judge_feasibility,
    open_proposal_vote,
    support_idea,
    tell_of_proposals,
)
from canut.guilds.comparisons.usecases import follow_comparisons, offer_again
from canut.guilds.usecases import (
    draw_block,
    follow_work,
    review_project,
    tell_invited,
    tell_of_reviews,
    tell_operators_of_pause,
    widen_reviews,
)
from canut.jobs.running import every, job
from canut.justice.flags.usecases import follow_flags as flags
from canut.justice.flags.usecases import tell_of_flags
from canut.justice.jury import fund
from canut.justice.jury.usecases import follow_panels, read_votes, remind_jurors
from canut.justice.mediation.usecases import follow_disputes as disputes
from canut.justice.mediation.usecases import remind as dispute_reminders
from canut.justice.mediation.usecases import tell_of_disputes
from canut.justice.sanctions.usecases import deliver_sanction, end_sanction, propose_sanction
from canut.justice.sanctions.usecases import tell as tell_of_sanctions
from canut.justice.usecases import follow_settled, tell_of_case
from canut.kernel import clock
from canut.kernel.idempotency import forget_old_keys
from canut.lab import demo_justice
from canut.lab.replays.usecases import begin_replays, run_replay
from canut.ledger.usecases.verify_books import verify_books
from canut.membership.usecases import (
    answer_seat,
    follow_activity,
    invite_member,
    prepare_lot,
    tell_of_admission,
    tell_of_log_alarm,
)
from canut.people.notices.usecases import forget_notices, push_to_browser, send_notices
from canut.people.usecases import send_mail as mail
from canut.reputation.usecases import refresh_standings
from canut.reputation.usecases import update_records as records
from canut.webhooks.usecases import follow_events, send_messages
from canut.webhooks.usecases import tell_owner as tell_owner_of_webhook
from canut.work.usecases import (
    add_rows,
    computations,
    compute_results,
    decide_round,
    duplicate_project,
    end_session,
    expire_leases,
    export_results,
    fit_rows,
    give_back_free,
    launch_project,
    move_cascades,
    notice_new_work,
    open_places,
    pay_top_ups,
    read_upload,
    remove_upload,
    settle_design,
    sweep_deadlines,
    sweep_files,
    tell_of_appeal,
    tell_of_bonus,
    tell_of_broken,
    tell_of_qualification,
    tell_of_round,
    tell_of_top_ups,
    tell_of_withdrawal,
    tell_operators,
    tell_owner,
    tell_session_ended,
    tell_worker,
)

KEEP_ENDED_JOBS_HOURS = 7 * 24

# --- What use cases leave for later ---------------------------------------------------------------


@job("people.send_mail")
def _send_mail(*, to: str, subject: str, text: str) -> None:
    mail.send_mail(to=to, subject=subject, text=text, at=clock.now())


@job("notices.send")
def _send_notices(*, person_id: int) -> None:
    send_notices.send_notices(person_id=person_id, at=clock.now())


@job("notices.push")
def _push_to_browser(*, notice_id: int, browser_id: int) -> None:
    push_to_browser.push_to_browser(notice_id=notice_id, browser_id=browser_id, at=clock.now())


@job("webhooks.send")
def _send_messages(*, endpoint_id: int) -> None:
    send_messages.send_messages(endpoint_id=endpoint_id, at=clock.now())


@job("webhooks.tell_owner")
def _tell_owner_of_webhook(*, endpoint_id: int) -> None:
    tell_owner_of_webhook.tell_owner(endpoint_id=endpoint_id, at=clock.now())


@job("forums.tell_of_mention")
def _tell_of_mention(*, mention_id: int) -> None:
    talk.tell_of_mention(mention_id=mention_id, at=clock.now())


@job("forums.tell_of_message")
def _tell_of_message(*, post_id: int) -> None:
    talk.tell_of_message(post_id=post_id, at=clock.now())


@job("forums.send_digest")
def _send_digest(*, person_id: int) -> None:
    talk.send_digest(person_id=person_id, at=clock.now())


@job("facilitated.tell")
def _tell_of_discussion(*, discussion_id: int, what: str, after: int = 0) -> None:
    discussions.tell_of_step(discussion_id=discussion_id, what=what, after=after, at=clock.now())


@job("facilitated.tell_of_call")
def _tell_of_part_call(*, call_id: int, answer: str = "") -> None:
    discussions.tell_of_call(call_id=call_id, at=clock.now(), answer=answer)


@job("facilitated.remind")
def _remind_of_discussion(*, discussion_id: int, state: str) -> None:
    discussions.remind(discussion_id=discussion_id, state=state, at=clock.now())


@job("forums.tell_guild_of_discussion")
def _tell_guild_of_discussion(*, discussion_id: int, after: int = 0) -> None:
    discussions.tell_guild(discussion_id=discussion_id, after=after, at=clock.now())


@job("governance.tell_of_discussion")
def _tell_of_discussion_of_idea(*, discussion_id: int, after: int = 0) -> None:
    discuss_idea.tell_of_discussion(discussion_id=discussion_id, after=after, at=clock.now())


@job("guilds.tell_operators_of_pause")
def _tell_operators_of_pause(*, pause_id: int) -> None:
    tell_operators_of_pause.tell_operators_of_pause(pause_id=pause_id, at=clock.now())


@job("justice.tell_of_case")
def _tell_of_case(*, case_id: int) -> None:
    tell_of_case.tell_of_case(case_id=case_id, at=clock.now())


@job("justice.tell_of_flags")
def _tell_of_flags(*, matter_id: int, what: str) -> None:
    tell_of_flags.tell_of_flags(matter_id=matter_id, what=what, at=clock.now())


@job("justice.tell_flags_count_no_more")
def _tell_flags_count_no_more(*, person_id: int) -> None:
    tell_of_flags.tell_flags_count_no_more(person_id=person_id, at=clock.now())


@job("justice.deliver_sanction")
def _deliver_sanction(*, sanction_id: int) -> None:
    deliver_sanction.deliver_sanction(sanction_id=sanction_id, at=clock.now())


@job("justice.tell_sanction_reviewers")
def _tell_sanction_reviewers(*, sanction_id: int) -> None:
    tell_of_sanctions.tell_reviewers(sanction_id=sanction_id, at=clock.now())


@job("justice.tell_sanction_ended")
def _tell_sanction_ended(*, sanction_id: int) -> None:
    tell_of_sanctions.tell_ended(sanction_id=sanction_id, at=clock.now())


@job("justice.tell_sanction_stands")
def _tell_sanction_stands(*, sanction_id: int) -> None:
    tell_of_sanctions.tell_stands(sanction_id=sanction_id, at=clock.now())


@job("justice.tell_of_sanction_proposal")
def _tell_of_sanction_proposal(*, proposal_id: int) -> None:
    tell_of_sanctions.tell_of_proposal(proposal_id=proposal_id, at=clock.now())


@job("work.open_places", long=True)
def _open_places(*, revision_id: int) -> None:
    while open_places.open_places(revision_id=revision_id, at=clock.now()):
        pass


@job("work.read_upload", long=True)
def _read_upload(*, upload_id: int) -> None:
    read_upload.read_upload(upload_id=upload_id)


@job("work.add_rows", long=True)
def _add_rows(*, upload_id: int) -> None:
    add_rows.add_all_rows(upload_id=upload_id, at=clock.now())


@job("work.copy_upload", long=True)
def _copy_upload(*, upload_id: int, source_id: int) -> None:
    duplicate_project.copy_upload(upload_id=upload_id, source_id=source_id)


@job("work.fit_rows", long=True)
def _fit_rows(*, revision_id: int) -> None:
    fit_rows.fit_all_rows(revision_id=revision_id)


@job("work.remove_rows", long=True)
def _remove_rows(*, upload_id: int) -> None:
    remove_upload.remove_all_rows(upload_id=upload_id)


@job("work.compute_results", long=True)
def _compute_results(*, computation_id: int) -> None:
    compute_results.work_out_results(computation_id=computation_id, at=clock.now())


@job("work.export_results", long=True)
def _export_results(*, computation_id: int) -> None:
    export_results.write_export(computation_id=computation_id, at=clock.now())


@job("work.forget_file")
def _forget_file(*, stored_as: str) -> None:
    remove_upload.forget_file(stored_as=stored_as)


@job("mediation.tell")
def _tell_of_dispute(*, dispute_id: int, what: str) -> None:
    tell_of_disputes.tell_of_step(dispute_id=dispute_id, what=what, at=clock.now())


@job("mediation.tell_of_news")
def _tell_of_news_in_dispute(*, dispute_id: int, by_side: str, audience: str) -> None:
    tell_of_disputes.tell_of_news(dispute_id=dispute_id, by_side=by_side, audience=audience, at=clock.now())


@job("mediation.remind")
def _remind_of_dispute(*, dispute_id: int, kind: str, side: str) -> None:
    tell_of_disputes.remind(dispute_id=dispute_id, kind=kind, side=side, at=clock.now())


@job("mediation.tell_dismissed")
def _tell_mediator_dismissed(*, mediator_id: int) -> None:
    tell_of_disputes.tell_dismissed(mediator_id=mediator_id, at=clock.now())


@job("mediation.tell_appointed")
def _tell_mediator_appointed(*, mediator_id: int) -> None:
    tell_of_disputes.tell_appointed(mediator_id=mediator_id, at=clock.now())


@job("work.tell_worker")
def _tell_worker(*, submission_id: int, outcome: str) -> None:
    tell_worker.tell_worker(submission_id=submission_id, outcome=outcome, at=clock.now())


@job("work.tell_worker_session_ended")
def _tell_worker_session_ended(*, session_id: int) -> None:
    tell_session_ended.tell_worker_session_ended(session_id=session_id, at=clock.now())


@job("work.tell_owner_project_withdrawn")
def _tell_owner_project_withdrawn(*, project_id: int) -> None:
    tell_of_withdrawal.tell_owner_project_withdrawn(project_id=project_id, at=clock.now())


@job("work.tell_owner_withdrawal_heard")
def _tell_owner_withdrawal_heard(*, project_id: int) -> None:
    tell_of_withdrawal.tell_owner_withdrawal_heard(project_id=project_id, at=clock.now())


@job("work.tell_of_appeal")
def _tell_of_appeal(*, appeal_id: int, what: Literal["opened", "ended"]) -> None:
    tell_of_appeal.tell_of_appeal(appeal_id=appeal_id, what=what, at=clock.now())


@job("work.tell_of_bonus")
def _tell_of_bonus(*, assignment_id: int, amount_minor: int, reason: str, key: str) -> None:
    tell_of_bonus.tell_of_bonus(
        assignment_id=assignment_id, amount_minor=amount_minor, reason=reason, key=key, at=clock.now()
    )


@job("work.tell_of_qualification")
def _tell_of_qualification(*, grant_ids: list[int]) -> None:
    tell_of_qualification.tell_of_qualification(grant_ids=grant_ids, at=clock.now())


@job("work.launch_project")
def _launch_project(*, project_id: int) -> None:
    launch_project.launch_by_itself(project_id=project_id, at=clock.now())


@job("work.tell_owner_of_round")
def _tell_owner_of_round(*, round_id: int) -> None:
    tell_of_round.tell_owner_of_round(round_id=round_id, at=clock.now())


@job("work.tell_owner_launch_failed")
def _tell_owner_launch_failed(*, project_id: int, code: str, why: str) -> None:
    tell_of_round.tell_owner_launch_failed(project_id=project_id, code=code, why=why, at=clock.now())


@job("work.tell_owner_publication_failed")
def _tell_owner_publication_failed(*, project_id: int, code: str, why: str) -> None:
    tell_owner.tell_owner_publication_failed(project_id=project_id, code=code, why=why, at=clock.now())


@job("work.tell_owner_of_top_ups")
def _tell_owner_of_top_ups(*, settlement_id: int) -> None:
    tell_of_top_ups.tell_owner_of_top_ups(settlement_id=settlement_id, at=clock.now())


@job("work.tell_owner_reserve_used_up")
def _tell_owner_reserve_used_up(*, project_id: int, drawn_minor: int, owed_minor: int) -> None:
    tell_of_top_ups.tell_owner_reserve_used_up(
        project_id=project_id, drawn_minor=drawn_minor, owed_minor=owed_minor, at=clock.now()
    )


@job("work.tell_owner_of_broken")
def _tell_owner_of_broken(*, project_id: int) -> None:
    tell_of_broken.tell_owner_of_broken(project_id=project_id, at=clock.now())


@job("work.tell_reporters_of_broken")
def _tell_reporters_of_broken(*, row_ids: list[int]) -> None:
    tell_of_broken.tell_reporters_of_broken(row_ids=row_ids, at=clock.now())


@job("work.give_back_free")
def _give_back_free(*, project_id: int) -> None:
    give_back_free.give_back_after_closing(project_id=project_id, at=clock.now())


@job("work.tell_of_broken_contest")
def _tell_of_broken_contest(*, assignment_id: int, what: str) -> None:
    tell_of_broken.tell_of_broken_contest(assignment_id=assignment_id, what=what, at=clock.now())


@job("work.tell_of_contest")
def _tell_of_contest(*, top_up_id: int, what: str) -> None:
    tell_of_top_ups.tell_of_contest(top_up_id=top_up_id, what=what, at=clock.now())


@job("work.tell_owner_page_refused")
def _tell_owner_page_refused(*, project_id: int, assignment_id: int, item: str, code: str) -> None:
    tell_owner.tell_owner_page_refused(
        project_id=project_id, assignment_id=assignment_id, item=item, code=code, at=clock.now()
    )


@job("governance.tell_author")
def _tell_author(*, proposal_id: int, what: str) -> None:
    tell_of_proposals.tell_author(proposal_id=proposal_id, what=what, at=clock.now())


@job("governance.tell_supporters")
def _tell_supporters(*, proposal_id: int, what: str, after: int = 0) -> None:
    tell_of_proposals.tell_supporters(proposal_id=proposal_id, what=what, after=after, at=clock.now())


@job("governance.tell_founders")
def _tell_founders(*, proposal_id: int, what: str, version: int = 1) -> None:
    tell_of_proposals.tell_founders(proposal_id=proposal_id, what=what, version=version, at=clock.now())


@job("governance.tell_team")
def _tell_team(*, assessment_id: int) -> None:
    tell_of_proposals.tell_team(assessment_id=assessment_id, at=clock.now())


@job("guilds.tell_invited")
def _tell_invited(*, invitation_id: int) -> None:
    tell_invited.tell_invited(invitation_id=invitation_id, at=clock.now())


@job("board.tell_of_election")
def _tell_of_election(*, election_id: int) -> None:
    tell_of_board.tell_of_election(election_id=election_id, at=clock.now())


@job("board.tell_elected")
def _tell_elected(*, election_id: int) -> None:
    tell_of_board.tell_elected(election_id=election_id, at=clock.now())


@job("board.tell_follower")
def _tell_follower(*, seat_id: int) -> None:
    tell_of_board.tell_follower(seat_id=seat_id, at=clock.now())


@job("board.tell_of_recall")
def _tell_of_recall(*, petition_id: int) -> None:
    tell_of_board.tell_of_recall(petition_id=petition_id, at=clock.now())


@job("board.tell_of_motion")
def _tell_of_motion(*, motion_id: int) -> None:
    tell_of_board.tell_of_motion(motion_id=motion_id, at=clock.now())


@job("lab.run_replay", long=True)
def _run_replay(*, replay_id: int) -> None:
    run_replay.run_replay(replay_id=replay_id, at=clock.now())


@job("charter.tell_of_alarm")
def _tell_of_alarm(*, alarm_id: int) -> None:
    tell_of_log_alarm.tell_of_log_alarm(alarm_id=alarm_id, at=clock.now())


@job("membership.tell_refused")
def _tell_refused(*, refusal_id: int) -> None:
    tell_of_admission.tell_refused(refusal_id=refusal_id, at=clock.now())


@job("membership.tell_admitted")
def _tell_admitted(*, membership_id: int) -> None:
    tell_of_admission.tell_admitted(membership_id=membership_id, at=clock.now())


@job("membership.tell_operators_of_request")
def _tell_operators_of_request(*, request_id: int) -> None:
    tell_of_admission.tell_operators_of_request(request_id=request_id, at=clock.now())


@job("membership.tell_drawn")
def _tell_drawn(*, candidate_id: int) -> None:
    tell_of_admission.tell_drawn(candidate_id=candidate_id, at=clock.now())


# --- What time brings about -----------------------------------------------------------------------


@every("* * * * * */10")
def expire_overdue_leases(at: datetime) -> None:
    while expire_leases.expire_leases(at=at):
        pass


@every("* * * * * */10")
def close_overdue_sessions(at: datetime) -> None:
    end_session.close_overdue_sessions(at=at)


@every("* * * * * */15")
def move_cascades_due(at: datetime) -> None:
    """Let beats happen that are due, and between beats no project wait for nobody."""
    move_cascades.move_cascades(at=at)
    move_cascades.mind_cascades(at=at)


@every("* * * * * */10")
def publish_scheduled_projects(at: datetime) -> None:
    sweep_deadlines.publish_what_is_due(at=at)


@every("* * * * * */5")
def update_requester_records(at: datetime) -> None:
    while records.update_records(at=at):
        pass


@every("* * * * * */5")
def follow_what_guilds_do(at: datetime) -> None:
    while follow_work.follow_work(at=at):
        pass


@every("* * * * * */5")
def follow_what_is_compared(at: datetime) -> None:
    while follow_comparisons.follow_comparisons(at=at):
        pass


@every("*/10 * * * *")
def offer_comparisons_again(at: datetime) -> None:
    """Offer comparisons that nobody has taken to further workers."""
    offer_again.offer_again(at=at)


@every("* * * * * */30")
def end_cases_that_are_settled(at: datetime) -> None:
    follow_settled.follow_settled(at=at)


@every("* * * * * */30")
def widen_guild_reviews(at: datetime) -> None:
    """Offer reviews to more people whose time has come, and let those lapse that nobody took."""
    widen_reviews.widen_reviews(at=at)


@every("* * * * * */30")
def draw_what_waited(at: datetime) -> None:
    """Draw what waited for money in the guild fund, as far as it holds some now."""
    draw_block.draw_waiting(at=at)


@every("*/10 * * * *")
def end_replaced_review_projects(at: datetime) -> None:
    review_project.end_review_projects(at=at)


@every("40 6 * * *")
def tell_of_guild_reviews(at: datetime) -> None:
    """Once a day, so that the hour of a mail tells nobody who has just handed in a review."""
    tell_of_reviews.tell_of_reviews(at=at)


@every("*/10 * * * *")
def tell_owners_of_broken_tasks(at: datetime) -> None:
    """Tell requesters of reports of broken tasks whose job was lost."""
    tell_of_broken.tell_owners_left_out(at=at)


@every("* * * * *")
def follow_facilitated_discussions(at: datetime) -> None:
    """Let discussions go on whose round is over, end those that nobody takes up, and remind people."""
    follow_discussions.follow_discussions(at=at)


@every("10 7 * * *")
def tell_of_talk(at: datetime) -> None:
    """Once a day, what is new in the threads that people follow."""
    talk.tell_of_news(at=at)


@every("* * * * * */30")
def follow_the_board(at: datetime) -> None:
    """Begin, open and count elections, see who follows on an empty seat, and end recalls and motions."""
    end_nominations.end_due_nominations(at=at)
    close_election.close_due_elections(at=at)
    follow_petitions.follow_petitions(at=at)
    move_motion.end_due_motions(at=at)
    fill_seats.end_barred_seats(at=at)
    fill_seats.fill_empty_seats(at=at)
    open_elections.open_due_elections(at=at)
    tell_of_board.tell_electors(at=at)
    forget_candidate.forget_closed()


@every("* * * * * */30")
def replay_what_is_proposed(at: datetime) -> None:
    """Run the last months again under what drafts would set; without that no vote on them opens."""
    begin_replays.begin_replays(at=at)


@every("* * * * * */30")
def take_proposals_further(at: datetime) -> None:
    """Do what time brings about: popular ideas, the team's silence, votes that open and that end."""
    support_idea.advance_popular_ideas(at=at)
    judge_feasibility.accept_silence(at=at)
    conclude_votes.conclude_votes(at=at)
    ask_ratification.open_first_ratification(at=at)
    open_proposal_vote.open_votes(at=at)
    end_proposal.archive_what_lies(at=at)


@every("* * * * * */30")
def take_moratoria_further(at: datetime) -> None:
    """Open the votes of colleges that lack nothing any more, and do what votes that have ended say."""
    conclude_motions.conclude_motions(at=at)
    advance_motion.advance_motions(at=at)


@every("* * * * * */5")
def read_what_jurors_do(at: datetime) -> None:
    """Hear who took, put back or answered the task by which they decide on an appeal."""
    while read_votes.read_votes(at=at):
        pass


@every("* * * * * */20")
def find_peers_for_appeals(at: datetime) -> None:
    """Draw peers for appeals, ask the next where one declined, and end what has lasted its time."""
    fund.keep_fund_able(at=at)
    follow_panels.follow_panels(at=at)


@every("5,35 * * * *")
def remind_jurors_of_their_time(at: datetime) -> None:
    remind_jurors.remind_jurors(at=at)


@every("* * * * * */30")
def take_juries_further(at: datetime) -> None:
    """Follow who accepted to sit in a resolution jury, let it go on, and end it when its time is over."""
    follow_jury.follow_juries(at=at)


@every("* * * * * */20")
def hear_as_simulated(at: datetime) -> None:
    """In a demo, let simulated people who were drawn for a jury decide; elsewhere nobody acts for them."""
    if settings.CANUT_MODE == "demo":
        demo_justice.hear_as_simulated(at=at)


@every("* * * * * */30")
def take_disputes_further(at: datetime) -> None:
    """Do what time brings about in disputes: replies that did not come, mediators, summaries, forgetting."""
    disputes.follow_disputes(at=at)


@every("*/10 * * * *")
def remind_in_disputes(at: datetime) -> None:
    dispute_reminders.remind_of_disputes(at=at)


@every("* * * * * */30")
def follow_the_charter(at: datetime) -> None:
    """Compute standings anew when what they are computed with has changed; else this asks one index."""
    while refresh_standings.refresh_standings(at=at):
        pass


@every("* * * * * */5")
def watch_the_charter(at: datetime) -> None:
    """See within a minute whether somebody changed the charter past the members."""
    watch_log.watch_if_due(at=at)


@every("5 * * * *")
def sign_the_log(at: datetime) -> None:
    sign_tree_head.sign_tree_head(at=at)


@every("* * * * * */30")
def approve_by_silence(at: datetime) -> None:
    sweep_deadlines.approve_what_nobody_decided(at=at)


@every("* * * * * */30")
def decide_stalled_rounds(at: datetime) -> None:
    decide_round.decide_what_stalls(at=at)


@every("* * * * * */30")
def close_missed_rework(at: datetime) -> None:
    while sweep_deadlines.close_missed_rework(at=at):
        pass


@every("* * * * * */30")
def release_rejected_places(at: datetime) -> None:
    while sweep_deadlines.release_rejected_places(at=at):
        pass


@every("* * * * * */30")
def open_places_left(at: datetime) -> None:
    """Finish what `work.open_places` left, should its job have been lost."""
    for revision_id in open_places.revisions_to_open():
        _open_places(revision_id=revision_id)


@every("*/10 * * * *")
def settle_designs(at: datetime) -> None:
    settle_design.settle_what_is_due(at=at)


@every("* * * * * */30")
def pay_top_ups_due(at: datetime) -> None:
    pay_top_ups.pay_top_ups(at=at)


@every("*/5 * * * *")
def refund_closed_projects(at: datetime) -> None:
    sweep_deadlines.refund_closed_projects(at=at)


@every("* * * * * */30")
def tell_of_new_work(at: datetime) -> None:
    notice_new_work.notice_new_work(at=at)


@every("* * * * * */20")
def follow_members(at: datetime) -> None:
    """Count the days on which people were active, and let seats and invitations lapse."""
    while follow_activity.follow_activity(at=at):
        pass
    while answer_seat.lapse_seats(at=at):
        pass
    while invite_member.lapse_invitations(at=at):
        pass
    prepare_lot.prepare_lot(at=at)


@every("* * * * * */30")
def tell_of_votes(at: datetime) -> None:
    """Tell electors of votes that opened, end soon while they have not voted, or have ended."""
    tell_electors.tell_electors(at=at)


@every("* * * * *")
def follow_flags(at: datetime) -> None:
    """Show again what nobody has confirmed in time, and let unanswered objections prevail."""
    while flags.follow_flags(at=at):
        pass


@every("*/5 * * * *")
def follow_sanctions(at: datetime) -> None:
    """Note which sanctions have ended, remind those who may look at one again, let proposals lapse."""
    while end_sanction.end_run_out(at=at):
        pass
    while end_sanction.lapse_unreviewed(at=at):
        pass
    tell_of_sanctions.remind_reviewers(at=at)
    while propose_sanction.lapse_proposals(at=at):
        pass


@every("11 5 * * *")
def look_for_patterns(at: datetime) -> None:
    """Let programs propose sanctions for people to weigh; they decide none."""
    propose_sanction.find_patterns(at=at)


@every("* * * * * */5")
def tell_programs(at: datetime) -> None:
    """Write down what people's programs are to be told of what happened, and have sent what is due."""
    while follow_events.follow_events(at=at):
        pass
    send_messages.send_what_is_due(at=at)


@every("* * * * * */15")
def send_notices_due(at: datetime) -> None:
    """Send what quiet hours or a full week held, and mails that were not taken or whose job was lost."""
    send_notices.send_what_is_due(at=at)


@every("17 3 * * *")
def recount_the_books(at: datetime) -> None:
    """Recount the ledger; what disagrees is recorded and mailed to the operators, both or neither."""
    with transaction.atomic():
        found = verify_books(at=at)
        if found:
            tell_operators.tell_operators_of_mismatch(found, at=at)


@every("47 3 * * *")
def forget_what_is_old(at: datetime) -> None:
    forget_old_keys(at=at)
    computations.forget_old_computations(at=at)
    notice_new_work.forget_old_news(at=at)
    send_messages.forget_old_messages(at=at)
    while forget_notices.forget_old_notices(at=at):
        pass
    while sweep_files.forget_orphaned_files(at=at):
        pass


# --- The runner's own upkeep ----------------------------------------------------------------------


@app.periodic(cron="* * * * * */10")
@app.task(name="jobs.retry_stalled", queueing_lock="jobs.retry_stalled", pass_context=True)
async def retry_stalled(context: Any, timestamp: int) -> None:
    """Begin anew what runners had in hand that were killed: they have not been heard of for 30 seconds.

    A sweep is let go instead if its next run waits already.
    """
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs():
        try:
            await manager.retry_job(stalled)
        except UniqueViolation:  # of its queueing lock
            await manager.finish_job(stalled, status=Status.ABORTED, delete_job=True)


@app.periodic(cron="29 4 * * *")
@app.task(name="jobs.forget_ended", queueing_lock="jobs.forget_ended", pass_context=True)
async def forget_ended(context: Any, timestamp: int) -> None:
    """Delete the rows of jobs that ended, failed ones too, a week after they did."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEEP_ENDED_JOBS_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
