"""Appeals against sanctions: whom they touch is heard by peers, none of whom decided it or has a tie."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.justice.cases import heard
from tests.justice.sanctioned import an_operator, in_effect
from tests.membership.members import a_member_of
from tests.told import told

from canut.justice.models import Case
from canut.justice.sanctions.refusals import SanctionNotFound, SanctionNotReviewed
from canut.justice.sanctions.usecases.answer_sanction import answer_sanction, ask_review
from canut.justice.sanctions.usecases.end_sanction import end_run_out, withdraw_sanction
from canut.justice.sanctions.usecases.review_sanction import review_sanction
from canut.justice.statistics import year_seen
from canut.justice.subjects import SUBJECTS
from canut.justice.usecases.appeal_sanction import appeal_sanction
from canut.justice.usecases.follow_settled import follow_settled
from canut.justice.usecases.tell_of_case import tell_of_case
from canut.kernel import clock
from canut.people.models import Bar, Person
from canut.people.queries_restrictions import bars_of
from canut.people.usecases.block_person import block_person

pytestmark = pytest.mark.django_db

WHY = "The answers are word for word the same, and both accounts share one device."


def appealed(touched: Person, decider: Person, reviewer: Person) -> Case:
    """Return the appeal of a suspension that another person let stand."""
    made = in_effect(touched, by=decider)
    now = clock.now()
    answer_sanction(sanction_id=made.pk, by=touched, words="My brother works here too.", at=now)
    ask_review(sanction_id=made.pk, by=touched, at=now)
    with pytest.raises(SanctionNotReviewed):
        appeal_sanction(sanction_id=made.pk, by=touched, at=now)
    review_sanction(
        sanction_id=made.pk, by=reviewer, outcome="stands", reason=WHY, at=now + timedelta(seconds=1)
    )
    with pytest.raises(SanctionNotFound):
        appeal_sanction(sanction_id=made.pk, by=reviewer, at=now)
    words = {"words": "We share a flat, and a machine.", "at": now + timedelta(seconds=2)}
    case = appeal_sanction(sanction_id=made.pk, by=touched, **words)
    assert appeal_sanction(sanction_id=made.pk, by=touched, **words) == case
    return case


def test_jurors_read_both_sides_without_names_and_what_falls_ends(worker):
    decider, reviewer = an_operator("odile"), an_operator("oscar")
    case = appealed(worker, decider, reviewer)
    shown = SUBJECTS[case.kind].shown(case.subject_id)
    read = "\n".join([shown.title, shown.question, *(one.text for one in shown.passages)])
    for text in (WHY, "My brother works here too.", "We share a flat, and a machine."):
        assert text in read
    assert not any(one.screen_name in read for one in (worker, decider, reviewer))
    assert Bar.SIGN_IN in bars_of(worker.pk)
    heard(case, overturn=True, at=clock.now() + timedelta(minutes=1))
    assert Bar.SIGN_IN not in bars_of(worker.pk)


def test_nobody_sits_who_decided_it_or_runs_the_site_or_was_blocked(requester):
    decider, reviewer, other = an_operator(), an_operator(), an_operator()
    peer, blocked = (a_member_of("workers") for _each in range(2))
    block_person(person_id=blocked.pk, by=requester, at=clock.now())
    case = appealed(requester, decider, reviewer)
    # When both who decided have left the team since
    Person.objects.filter(pk__in=[decider.pk, reviewer.pk]).update(is_operator=False)
    # Then they are apart as before, and who has no tie is not
    apart = set(SUBJECTS[case.kind].excluded(case.subject_id, at=clock.now()))
    assert {requester.pk, decider.pk, reviewer.pk, other.pk, blocked.pk} <= apart
    assert peer.pk not in apart


def test_a_sanction_that_lasted_its_days_stood_and_one_that_was_taken_back_did_not(
    worker, requester, monkeypatch
):
    decider, reviewer = an_operator(), an_operator()
    cases = [appealed(touched, decider, reviewer) for touched in (worker, requester)]
    # When the days of one are over, the other is taken back, and no peers have decided
    over = clock.now() + timedelta(days=30)
    withdraw_sanction(sanction_id=cases[0].subject_id, reason="I was wrong.", by=decider, at=over)
    end_run_out(at=over)
    assert follow_settled(at=over) == 2
    ends = [Case.objects.get(pk=case.pk).decided_by for case in cases]
    assert ends == ["other_side", "overtaken"]
    # And whom it touched hears that nobody has to decide any more
    assert tell_of_case(case_id=cases[1].pk, at=over)
    *_earlier, notice = told(requester)
    assert "was over before peers had decided" in notice.text
    # Then the year's statistics tell one that fell and one that stood
    monkeypatch.setattr("canut.justice.statistics.in_force", lambda _name, at: 1)
    year = timezone.localtime(over, timezone.get_default_timezone()).year
    kinds = year_seen(year, at=over).sections[0]
    assert [(line.keys, line.cells) for line in kinds.lines] == [(("sanction",), (1, 1))]
