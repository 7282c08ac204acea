"""Rows of settlements, top-ups and contests, and how their promises are broken."""

from datetime import timedelta

from tests.builders import NOON
from tests.promises import run
from tests.work.breaking import Rows, Way, adding, changing

from canut.work.models import Settlement, TopUp, TopUpContest

SECOND = {"number": "2", "after_decision": "5"}
OF_PEER = {"worker_id": "{peer}", "settlement_id": "{later_settlement}"}
OVER = {"decided_at": "opened_at"}
SAID = {"decision": "'Too long.'"}
ELSEWHERE = {"top_up_id": "{uncontested}"}

WAYS: list[Way] = [
    # A settlement begins where the one before ended, so no work is settled twice
    adding("settlement_number_once", "settlement", number="1", after_decision="0"),
    adding("settlement_follows", "later_settlement", number="3", after_decision="5", upto_decision="12"),
    adding("settlement_follows", "later_settlement", number="4", after_decision="9", upto_decision="12"),
    adding("settlement_follows", "settlement", number="1", after_decision="5", upto_decision="9"),
    adding("settlement_takes_new_work", "settlement", **SECOND, upto_decision="5"),
    adding("settlement_takes_new_work", "settlement", **SECOND, upto_decision="9", assignments="0"),
    adding("settlement_time_positive", "settlement", **SECOND, upto_decision="9", typical_seconds="0"),
    changing("work_settlement_written_once", "settlement", typical_seconds="1"),
    # A top-up keeps its amount, and goes only the known ways
    adding("top_up_once", "top_up"),
    adding("top_up_state_known", "top_up", **OF_PEER, state="'lost'"),
    adding("top_up_positive", "top_up", **OF_PEER, amount_minor="0"),
    changing("top_up_paid_has_time", "top_up", state="'paid'"),
    changing("top_up_paid_has_time", "top_up", paid_at="now()"),
    changing("top_up_promise_kept", "top_up", amount_minor="4"),
    changing("top_up_promise_kept", "top_up", worker_id="{peer}"),
    changing("top_up_promise_kept", "top_up", lines="'[1]'"),
    changing("top_up_transition_known", "top_up", state="'refused'"),
    # What is held or refused has its contest: nobody loses one but by a named person's decision
    changing("top_up_held_by_contest", "uncontested", state="'contested'"),
    changing("top_up_held_by_contest", "held_top_up", state="'refused'"),
    # A contest has a reason, an end and a name, keeps its words, and is decided once
    changing(
        "contest_state_known",
        "contest",
        state="'lost'",
        without=("contest_decided_by_somebody", "contest_decided_has_time"),
    ),
    adding("contest_has_reason", "contest", **ELSEWHERE, reason="''"),
    adding("contest_ends_later", "contest", **ELSEWHERE, ends_at="opened_at"),
    changing("contest_decided_by_somebody", "contest", **OVER, state="'upheld'"),
    changing("contest_decided_by_somebody", "contest", decided_by_id="{peer}"),
    changing("contest_decided_by_somebody", "contest", **OVER, state="'refused'", heard_by="'jury'"),
    changing(
        "contest_decided_by_somebody", "contest", **OVER, **SAID, state="'refused'", heard_by="'operator'"
    ),
    changing(
        "contest_decided_by_somebody", "contest", **OVER, **SAID, state="'refused'", heard_by="'no_peers'"
    ),
    changing("contest_decided_by_somebody", "contest", **OVER, state="'taken_back'", heard_by="'jury'"),
    changing("contest_decided_has_time", "contest", decided_at="now()"),
    changing("contest_decided_has_time", "contest", state="'taken_back'"),
    changing("contest_said_once", "contest", reason="'Another reason.'"),
    changing("contest_said_once", "contest", ends_at="ends_at + interval '1 day'"),
    changing("contest_said_once", "lapsed_contest", state="'open'"),
]


def more_of(world: Rows) -> dict[str, tuple[str, int | str]]:
    """Add settlements, top-ups in several states, and contests. No verb made them."""
    ids = {name: int(key) for name, (_table, key) in world.items()}
    within = {"project_id": ids["live"], "revision_id": ids["revision"], "inputs": {}, "settled_at": NOON}
    soon = NOON + timedelta(days=1)
    first = Settlement.objects.create(**within, number=1, typical_seconds=90, assignments=3, upto_decision=5)
    second = Settlement.objects.create(
        **within, number=2, typical_seconds=90, assignments=3, after_decision=5, upto_decision=9
    )
    third = Settlement.objects.create(
        **within, number=3, typical_seconds=90, assignments=3, after_decision=9, upto_decision=10
    )

    def top_up(settlement: Settlement, worker: str) -> TopUp:
        return TopUp.objects.create(
            settlement=settlement,
            worker_id=ids[worker],
            amount_minor=5,
            floor_hourly_minor=1500,
            lines=[],
            due_at=soon,
        )

    def contest(of: TopUp, state: str = "open") -> None:
        TopUpContest.objects.create(
            top_up=of,
            opened_by_id=ids["peer"],
            reason="Too long.",
            opened_at=NOON,
            ends_at=soon,
            state=state,
            decided_at=None if state == "open" else soon,
        )

    contested, uncontested = top_up(first, "choice"), top_up(first, "peer")
    held, lapsed = top_up(second, "choice"), top_up(second, "peer")
    contest(contested)
    contest(held)
    contest(lapsed, "lapsed")
    TopUp.objects.filter(pk=held.pk).update(state="contested")
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")
    return {
        "settlement": ("work_settlement", first.pk),
        "later_settlement": ("work_settlement", third.pk),
        "top_up": ("work_topup", contested.pk),
        "uncontested": ("work_topup", uncontested.pk),
        "held_top_up": ("work_topup", held.pk),
        "contest": ("work_topupcontest", contested.pk),
        "lapsed_contest": ("work_topupcontest", lapsed.pk),
    }
