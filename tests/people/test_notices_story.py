"""Whatever is told, chosen and broken, in whatever order: nothing is lost, doubled, early or too much."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from tests.builders import NOON, a_person
from tests.people.notices import quiet, told
from tests.stories import RollsBack, examples

from canut.people.models import QuietHours
from canut.people.notices.faults import Unsent
from canut.people.notices.kinds import KINDS, NoticeKind
from canut.people.notices.models import Letter, Notice
from canut.people.notices.rules import WEEK
from canut.people.notices.tags import letter_in
from canut.people.notices.usecases import send_notices as sending
from canut.people.notices.usecases.choose_notices import choose, limit_mails
from canut.people.notices.usecases.read_notices import read_notice
from canut.people.queries_notices import quiet_until

pytestmark = pytest.mark.django_db

KIND = st.sampled_from([NoticeKind.PAY, NoticeKind.DECISION, NoticeKind.ACCOUNT])
ANY = st.integers(0, 10_000)
WHILE = st.sampled_from([timedelta(minutes=1), timedelta(hours=1), timedelta(hours=9), timedelta(days=3)])


class Dies(Exception):
    """The runner is killed."""


class NoticeStory(RollsBack):
    """`left` has the mails that were handed over, each with when; `must` has notices that are to leave."""

    @initialize()
    def begin(self) -> None:
        self.at: datetime = NOON
        self.person = a_person("reader", password=None)
        self.limit, self.serial = 30, 0
        self.left: list[tuple[int, datetime]] = []
        self.deaths = 0
        self.must: set[int] = set()
        self.server = "takes"

    def deliver(self, message: EmailMessage) -> None:
        if self.server == "is away":
            raise Unsent
        if self.server == "dies before":
            raise Dies
        letter = Letter.objects.get(pk=letter_in(message.extra_headers["Message-ID"]))
        if not letter.is_security:
            assert quiet_until(self.person, at=self.at) is None
            recent = {one for one, at in self.left if at > self.at - WEEK} | {letter.pk}
            security = set(Letter.objects.filter(is_security=True).values_list("pk", flat=True))
            assert len(recent - security) <= self.limit
        self.left.append((letter.pk, self.at))
        if self.server == "dies after":
            self.deaths += 1
            raise Dies

    @rule(kind=KIND, again=st.booleans())
    def somebody_tells(self, kind: NoticeKind, again: bool) -> None:
        self.serial += not again
        notice = told(self.person, f"News {self.serial}", kind=kind, at=self.at, key=f"news:{self.serial}")
        if notice.mail != "not_wanted" and notice.made_at == self.at:
            self.must.add(notice.pk)

    @rule(span=WHILE)
    def time_passes(self, span: timedelta) -> None:
        self.at += span

    @rule(kind=KIND, mail=st.booleans())
    def one_chooses(self, kind: NoticeKind, mail: bool) -> None:
        if KINDS[kind].is_security:
            return
        choose(by=self.person, kind=kind, mail=mail, push=False)
        if not mail:
            self.must -= set(
                Notice.objects.filter(kind=kind).exclude(mail="sent").values_list("pk", flat=True)
            )

    @precondition(lambda self: not Letter.objects.filter(state="sending").exists())
    @rule(limit=st.integers(0, 3))
    def one_sets_a_limit(self, limit: int) -> None:
        limit_mails(by=self.person, mails_a_week=limit)
        self.limit = limit
        self._drop_where_none_may_leave()

    def _drop_where_none_may_leave(self) -> None:
        if self.limit == 0:
            unsent = Notice.objects.exclude(kind=NoticeKind.ACCOUNT).exclude(mail="sent")
            self.must -= set(unsent.values_list("pk", flat=True))

    @rule(is_quiet=st.booleans())
    def one_sets_quiet_hours(self, is_quiet: bool) -> None:
        if is_quiet:
            quiet(self.person)
        else:
            QuietHours.objects.filter(person=self.person).delete()

    @precondition(lambda self: Notice.objects.exists())
    @rule(which=ANY)
    def one_reads(self, which: int) -> None:
        unread = list(Notice.objects.order_by("pk"))
        notice = read_notice(notice_id=unread[which % len(unread)].pk, by=self.person, at=self.at)
        if notice.mail != "sent":
            self.must.discard(notice.pk)

    @rule(server=st.sampled_from(["takes", "takes", "takes", "is away", "dies before", "dies after"]))
    def a_runner_comes(self, server: str) -> None:
        self.server = server
        self._drop_where_none_may_leave()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(sending, "deliver", self.deliver)
            try:
                sending.send_what_is_due(at=self.at)
            except ExceptionGroup as failed:
                assert all(isinstance(each, Dies | Unsent) for each in failed.exceptions)
                assert server != "takes"

    @invariant()
    def nothing_leaves_twice_but_where_a_runner_died(self) -> None:
        if not hasattr(self, "left"):
            return
        twice = sum(count - 1 for count in Counter(one for one, _at in self.left).values())
        assert twice <= self.deaths
        sent = Notice.objects.filter(mail="sent").values_list("letter_id", flat=True)
        assert set(sent) <= {one for one, _at in self.left}

    def teardown(self) -> None:
        if hasattr(self, "left"):
            failed = Notice.objects.filter(mail="failed").values_list("pk", flat=True)
            self.must -= set(failed)  # the mail server was away for two days
            for _weeks in range(6):
                self.at += timedelta(days=8)
                self.at = self.at.replace(hour=12)
                self.a_runner_comes("takes")
            sent = Notice.objects.filter(mail="sent").values_list("pk", flat=True)
            assert self.must <= set(sent)
            assert not Letter.objects.filter(state="sending").exists()
            assert not Notice.objects.filter(mail_due_at__isnull=False).exists()
        super().teardown()


def run(usual: int, at_ease: int, steps: int) -> Any:
    return run_state_machine_as_test(
        NoticeStory,
        settings=settings(
            max_examples=examples(usual, at_ease),
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_happens_nothing_is_lost_doubled_early_or_too_much():
    run(8, 60, 25)


@pytest.mark.long
def test_the_same_for_long():
    run(150, 500, 50)
