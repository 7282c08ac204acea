"""Notices from a program: reading them, and choosing how one is told."""

from collections.abc import Callable

import pytest
from tests.api.scenarios.cast import Cast
from tests.people.notices import told

from canut.people.notices.kinds import NoticeKind
from canut_client import Canut, CanutError


def test_a_program_reads_notices_and_chooses_how_its_owner_is_told(
    cast: Cast, connect: Callable[..., Canut]
) -> None:
    first = told(cast.worker, "Approved", "By the requester.", path="/money/", at=cast.at)
    talk = told(cast.worker, "A reply", kind=NoticeKind.MENTION, topic="thread:7", at=cast.at)
    worker, stranger = connect(cast.worker), connect(cast.stranger)
    worker.mark_notices_read(group="account")  # that a key was made is told too
    assert [one.id for one in worker.notices(unread=True)] == [talk.pk, first.pk]
    (one,) = worker.notices(group="work", unread=True)
    assert (one.subject, one.text, one.address[-7:], one.mail) == (
        "Approved",
        "By the requester.",
        "/money/",
        "wanted",
    )
    assert {one.group for one in stranger.notices()} <= {"account"}
    # Reading
    assert worker.mark_notice(first.pk).read_at is not None
    assert worker.notice(first.pk).read_at is not None
    assert worker.mark_notice(first.pk, is_read=False).read_at is None
    assert worker.glance_at_notices().unread == 2
    assert worker.mark_notices_read(group="talk") == 1
    assert worker.mark_notices_read(up_to=talk.pk) == 1
    assert (worker.glance_at_notices().unread, worker.glance_at_notices().mail_fails) == (0, False)
    # Choosing
    worker.choose_notices("decision", mail=False, push=True)
    chosen = worker.choose_notices("mention", mail=False, push=False, topic="thread:7")
    by_kind = {one.kind: one for one in chosen.kinds}
    assert (by_kind["decision"].mail, by_kind["decision"].push, by_kind["decision"].was_chosen) == (
        False,
        True,
        True,
    )
    assert [(one.topic, one.mail) for one in by_kind["mention"].topics] == [("thread:7", False)]
    worker.choose_notices_as_usual("mention", "thread:7")
    by_kind = {one.kind: one for one in worker.choose_notices_as_usual("decision").kinds}
    assert (by_kind["decision"].was_chosen, by_kind["mention"].topics) == (False, ())
    assert by_kind["account"].is_security
    worker.limit_mails(3)
    hours = worker.choose_quiet_hours("22:00", "07:00").quiet_hours
    assert hours is not None
    assert (hours.starts, hours.ends, worker.notice_choices().mails_a_week) == ("22:00", "07:00", 3)
    assert worker.choose_quiet_hours(None, None).quiet_hours is None
    with pytest.raises(CanutError) as refused:
        worker.try_own_address()
    assert refused.value.code == "address_works"
