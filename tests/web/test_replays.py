"""Pages of replays: a member tries a value, and whoever reads a proposal sees what it would have changed."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from tests.builders import NOON, a_person
from tests.governance.proposing import a_draft_of, content, the_members
from tests.promises import broken, run
from tests.web.pages import browser_of, text_of

from canut.governance.content import SettingWish
from canut.governance.models import ProposalReplay
from canut.governance.queries.awaiting import proposals_awaiting_replay
from canut.governance.usecases.amend_draft import amend_draft
from canut.lab.replays.models import Replay
from canut.lab.replays.usecases.begin_replays import begin_replays
from canut.lab.replays.usecases.run_replay import run_replay
from canut.work.queries.pricing import DUES

pytestmark = pytest.mark.django_db
FLOOR = "pay.floor_hourly_minor"


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch, uploads: Path) -> None:
    monkeypatch.setattr("canut.kernel.clock.now", lambda: NOON)


def test_a_member_tries_a_value_and_everybody_may_read_what_comes_of_it() -> None:
    member, *_others = the_members(workers=1, requesters=0)
    browser = browser_of(member)
    asking = reverse("ask_replay", args=[FLOOR])
    # The list is empty, and leads to the form of the parameter that is chosen
    assert "Nothing yet." in text_of(browser.get(reverse("replays")))
    chosen = browser.get(reverse("replays"), {"parameter": FLOOR})
    assert chosen["Location"] == asking
    assert browser.get(reverse("replays"), {"parameter": "pay\0"}).status_code == 400
    assert "15.00" in text_of(browser.get(asking))
    # What cannot be tried is refused beside the field, and what was typed stays
    for typed in ("", "-5", "much", "15\0", "9" * 40, "100000", "15"):
        refused = browser.post(asking, {"value": typed})
        assert refused.status_code in (400, 422), typed
        assert not Replay.objects.exists()
    assert 'value="100000"' in text_of(browser.post(asking, {"value": "100000"}))
    assert browser.get(reverse("ask_replay", args=["pay.nothing"])).status_code == 404
    # A sound value is run by a job; asking twice asks once, and another waits for the first
    first = browser.post(asking, {"value": "16"})
    replay = Replay.objects.get()
    assert first["Location"] == reverse("replay", args=[replay.pk])
    assert browser.post(asking, {"value": "16"})["Location"] == first["Location"]
    assert "still running" in text_of(browser.post(asking, {"value": "17"}))
    page, progress = first["Location"], reverse("replay_progress", args=[replay.pk])
    assert "Waiting for its turn" in text_of(browser.get(page))
    assert "Waiting for its turn" in text_of(browser.get(progress))
    assert browser.get(reverse("replay_report", args=[replay.pk])).status_code == 404
    for _each in range(2):
        run_replay(replay_id=replay.pk, at=NOON)
    ended = browser.get(progress)
    assert (ended.status_code, ended["HX-Refresh"]) == (204, "true")
    # Everybody may read it, in both languages, and take the file
    stranger = Client()
    said = text_of(stranger.get(page))
    assert "€15.00 an hour now, €16.00 an hour tried." in said
    assert "Fewer than 10 people had a part in this" in said
    assert "Whether requesters would have paid less" in said
    assert stranger.get(page, headers={"Accept-Language": "fr"}).status_code == 200
    file = stranger.get(reverse("replay_report", args=[replay.pk]))
    assert file["Content-Disposition"] == f'attachment; filename="replay-{replay.pk}.json"'
    assert json.loads(file.content) == {"reports": Replay.objects.get().reports}
    assert len(default_storage.listdir("replays")[1]) == 1
    for name in ("replay", "replay_progress", "replay_report"):
        assert stranger.get(reverse(name, args=[10**30])).status_code == 404
        assert stranger.post(reverse(name, args=[replay.pk])).status_code == 405
    assert "done" in text_of(browser.get(reverse("replays")))
    # Who is no member may look and not ask
    other = browser_of(a_person("passer"))
    refused = other.post(asking, {"value": "16"})
    assert refused.status_code == 403
    assert "Only admitted members can do this" in text_of(refused)
    assert stranger.post(asking, {"value": "16"}).status_code == 302
    assert Replay.objects.count() == 1
    # And so many a day
    Replay.objects.bulk_create(
        Replay(
            asked_by=member,
            settings=[],
            asked_at=NOON,
            finished_at=NOON,
            reports=[],
            done_share=1,
        )
        for _each in range(20)
    )
    assert "in the last 24 hours" in text_of(browser.post(asking, {"value": "17"}))


def test_a_draft_is_replayed_by_itself_and_each_version_once() -> None:
    author, *others = the_members()
    settings = [SettingWish(parameter=FLOOR, new=1600)]
    settings += [SettingWish(parameter=name, new=Decimal("0.015")) for name in [DUES["guild_levy"]]]
    draft = a_draft_of(author, others, of=content(*settings))
    page = reverse("proposal", args=[draft.pk])
    assert "within a minute" in text_of(Client().get(page))
    # Every run of the sweep begins what is missing, and nothing twice
    assert [begin_replays(at=NOON) for _each in range(2)] == [1, 0]
    replay = Replay.objects.get()
    assert "running its last months again" in text_of(Client().get(page))
    run_replay(replay_id=replay.pk, at=NOON)
    kept = ProposalReplay.objects.get(version__proposal=draft)
    replay.refresh_from_db()
    assert kept.summary == {"reports": replay.reports}
    assert kept.stored_as == replay.stored_as
    assert proposals_awaiting_replay(NOON) == []
    said = text_of(Client().get(page))
    assert "€15.00 an hour now, €16.00 an hour tried." in said
    assert "1 % now, 1.5 % tried." in said
    assert "All values of the proposal were run together" in said
    # A version amended while its replay runs keeps it for itself: the new one has its own
    amend_draft(
        proposal_id=draft.pk,
        by=author,
        content=content(SettingWish(parameter=FLOOR, new=1650)),
        written_on=1,
        at=NOON,
    )
    assert begin_replays(at=NOON) == 1
    second = Replay.objects.latest("pk")
    amend_draft(
        proposal_id=draft.pk,
        by=author,
        content=content(SettingWish(parameter=FLOOR, new=1550)),
        written_on=2,
        at=NOON,
    )
    run_replay(replay_id=second.pk, at=NOON)
    assert ProposalReplay.objects.count() == 1
    assert begin_replays(at=NOON) == 1


def test_one_that_breaks_off_says_so_and_is_done_when_it_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    member, *_others = the_members(workers=1, requesters=0)
    replay = Replay.objects.create(
        asked_by=member,
        settings=[{"parameter": FLOOR, "scope_kind": "site", "scope_key": "", "value": 1600}],
        asked_at=NOON,
    )
    with monkeypatch.context() as broken_off:
        broken_off.setattr("canut.lab.replays.usecases.run_replay.replay_setting", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_replay(replay_id=replay.pk, at=NOON)
    assert "broke off" in text_of(Client().get(reverse("replay", args=[replay.pk])))
    run_replay(replay_id=replay.pk, at=NOON)
    replay.refresh_from_db()
    assert (replay.finished_at, replay.problem) == (NOON, False)


def test_what_breaks_a_promise_about_replays_is_refused_by_its_name() -> None:
    member, *_others = the_members(workers=1, requesters=0)
    Replay.objects.create(asked_by=member, settings=[], asked_at=NOON)
    for promise, change in (
        ("replay_asked_for_by_one", "asked_by_id = NULL"),
        ("replay_done_share_in_range", "done_share = 1.5"),
        ("replay_finished_is_whole", "finished_at = asked_at"),
        ("replay_finished_is_whole", "reports = '[]'"),
    ):
        with broken(promise):
            run(f"UPDATE lab_replays_replay SET {change}")
