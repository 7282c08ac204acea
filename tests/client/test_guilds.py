"""Guilds, badges and the journal from a program."""

import io
from collections.abc import Callable
from datetime import date
from hashlib import sha256

import pytest
from tests.api.scenarios.badges import badge_of
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.guilds import guild, reviewed

from canut.guilds.credentials.models import RevokedFor
from canut.guilds.credentials.usecases.make_subject_key import make_subject_key
from canut.guilds.credentials.usecases.revoke_credential import revoke_credential
from canut_client import Canut, CanutError

Connect = Callable[..., Canut]


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(CanutError) as refused:
        call()
    return refused.value.code


def test_a_worker_is_invited_answers_and_leaves(cast: Cast, connect: Connect) -> None:
    anybody, worker, peer = connect(None), connect(cast.worker), connect(cast.peer)
    craft = guild(cast, joining="invitation")
    assert [(one.id, one.members) for one in anybody.guilds("script")] == [(craft.pk, 1)]
    assert list(anybody.guilds("nothing like it")) == []
    assert anybody.guild(craft.pk).by_invitation
    assert code_of(lambda: anybody.guild(craft.pk + 1)) == "guild_not_found"
    assert code_of(lambda: peer.join_guild(craft.pk)) == "guild_by_invitation"
    first = worker.invite_into_guild(craft.pk, "peer")
    assert worker.invite_into_guild(craft.pk, "peer") == first
    assert [one.id for one in worker.guild_invitations(from_me=True)] == [first.id]
    worker.withdraw_guild_invitation(first.id)
    again = worker.invite_into_guild(craft.pk, "peer")
    (received,) = peer.guild_invitations()
    assert (received.id, received.who) == (again.id, cast.worker.screen_name)
    assert peer.answer_guild_invitation(again.id, accept=True).state == "accepted"
    assert [(one.guild_id, one.level) for one in peer.guild_memberships()] == [(craft.pk, 1)]
    peer.leave_guild(craft.pk)
    assert list(peer.guild_memberships()) == []
    assert peer.guild_membership(craft.pk).left_at is not None
    assert peer.join_guild(craft.pk).left_at is None


def test_a_member_reads_what_was_drawn_and_reviewed_and_anybody_recomputes_it(
    cast: Cast, connect: Connect
) -> None:
    craft = reviewed(cast)
    worker = connect(cast.worker)
    standing = worker.guild_membership(craft.pk)
    assert (standing.level, standing.reviews, standing.mean_review_score) == (1, 1, "3.00")
    assert (standing.window.reviews, standing.decisions) == (1, ())
    assert any(change.level == 2 for change in standing.window.changes)
    waiting, done = worker.guild_items(craft.pk, drawn=True)
    assert waiting.review is not None
    assert done.review is not None
    assert (waiting.review.state, waiting.review.verdict) == ("open", None)
    assert (done.kind, done.review.state, done.review.verdict) == ("work", "done", 3)
    draws = {draw.id: draw for draw in connect(None).draws(craft.pk)}
    draw = draws[done.draw_id]
    assert draw.seed is not None
    assert sha256(bytes.fromhex(draw.seed)).hexdigest() == draw.commitment
    assert draw.drawn_number == done.place
    assert all(one.seed is None for one in connect(None).draws(craft.pk, drawn=False))


def test_a_badge_is_fetched_and_anybody_checks_it(cast: Cast, connect: Connect) -> None:
    issued = badge_of(cast)
    worker, anybody = connect(cast.worker), connect(None)
    (badge,) = worker.badges()
    assert worker.badge(badge.id) == badge
    assert (badge.id, badge.is_current, badge.revoked_for) == (str(issued.uuid), True, None)
    for shape in ("jwt", "svg"):
        file = io.BytesIO()
        assert worker.download_badge(badge.id, file, shape=shape, signed="jwt") == len(file.getvalue())
        file.seek(0)
        check = anybody.check_badge(file)
        assert check.badge is not None
        assert (check.badge.made_out_to, check.badge.came_as) == (badge.made_out_to, shape)
        assert check.badge.signed_as == "jwt"
    revoke_credential(credential_id=issued.uuid, reason=RevokedFor.IN_ERROR, by=None, at=cast.at)
    assert worker.badge(badge.id).revoked_for == "in_error"
    assert code_of(lambda: worker.download_badge(badge.id, io.BytesIO())) == "badge_taken_back"
    file.seek(0)
    check = anybody.check_badge(file)
    assert (check.genuine, check.badge) == (False, None)
    assert check.code
    assert check.sentence
    assert code_of(lambda: anybody.check_badge(io.BytesIO())) == "bad_input"


def test_a_level_becomes_a_badge_that_its_holder_shows_or_takes_back(cast: Cast, connect: Connect) -> None:
    worker, craft = connect(cast.worker), guild(cast)
    assert code_of(lambda: worker.have_badge(craft.pk, 1)) == "subject_key_missing"
    made = make_subject_key(by=cast.worker, at=cast.at).key
    assert code_of(lambda: worker.have_badge(craft.pk, 2)) == "level_not_held"
    badge = worker.have_badge(craft.pk, 1)
    assert (badge.guild_id, badge.level, badge.made_out_to) == (craft.pk, 1, made.did)
    assert (badge.is_shown, badge.revoked_at) == (False, None)
    assert worker.have_badge(craft.pk, 1) == badge
    assert worker.show_badge(badge.id).is_shown
    assert [one.is_shown for one in worker.badges()] == [True]
    assert code_of(lambda: connect(cast.stranger).show_badge(badge.id)) == "credential_not_found"
    for _twice in range(2):
        worker.hide_badge(badge.id)
    assert not worker.badge(badge.id).is_shown
    for _twice in range(2):
        worker.take_badge_back(badge.id)
    assert worker.badge(badge.id).revoked_for == "holder_asked"
    assert worker.have_badge(craft.pk, 1).id != badge.id


def test_a_journal_is_written_and_becomes_a_portfolio(cast: Cast, connect: Connect) -> None:
    worker = connect(cast.worker)
    project = cast.handed_in().project
    first = worker.write_entry("Cats", "Whiskers.", learnt_on=date(2026, 1, 2), project_id=project.pk)
    assert first.project is not None
    assert (first.project.tasks_handed_in, first.learnt_on) == (1, date(2026, 1, 2))
    second = worker.write_entry("Dogs", "Tails.")
    assert [one.id for one in worker.journal()] == [second.id, first.id]
    assert [one.id for one in worker.journal("whiskers")] == [first.id]
    changed = worker.change_entry(first.id, title="Big cats", based_on=first.changed_at)
    assert (changed.title, changed.text, changed.project) == ("Big cats", "Whiskers.", first.project)
    stale = {"title": "Small cats", "based_on": first.changed_at}
    assert code_of(lambda: worker.change_entry(first.id, **stale)) == "entry_changed_meanwhile"  # type: ignore[arg-type]
    assert worker.change_entry(first.id, project_id=None).project is None
    assert worker.place_entry(second.id, 1).position == 1
    assert worker.place_entry(first.id, 1).position == 1
    made = worker.portfolio()
    assert [entry.title for entry in made.entries] == ["Big cats", "Dogs"]
    assert (made.name, made.kind, made.badges) == (cast.worker.screen_name, "canut-portfolio", ())
    assert worker.place_entry(first.id, None).position is None
    worker.delete_entry(second.id)
    assert code_of(lambda: worker.journal_entry(second.id)) == "entry_not_found"
    assert worker.portfolio().entries == ()
