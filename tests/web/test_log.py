"""The public log as anybody reads it, and as an operator keeps its witnesses."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.html import escape
from tests.builders import NOON
from tests.charter.log_lines import FLOOR, a_word_changed, days, decide, tamper
from tests.web.pages import text_of

from canut.charter import log, notes
from canut.charter.models import Alarm, LogEntry, TreeHead
from canut.charter.usecases.cosign_head import cosign_head
from canut.charter.usecases.watch_log import watch_log
from canut.charter.verifying import read_copy, verify
from canut.membership.usecases.tell_of_log_alarm import tell_of_log_alarm

pytestmark = pytest.mark.django_db


def test_anybody_reads_what_was_decided_word_for_word_and_takes_a_copy(client):
    decide({FLOOR: 1600}, at=NOON)
    decide({FLOOR: 1650}, at=NOON, adopted=False)
    a_word_changed(at=NOON)
    page = text_of(client.get("/log/"))
    assert "Decision 1, adopted: Another number" in page
    assert "Decision 2, not adopted: Another number" in page
    assert f"{FLOOR}: €16.00 an hour" in page
    assert "A better title" in page
    assert "Un meilleur titre" in text_of(client.get("/log/", headers={"accept-language": "fr"}))
    entry = LogEntry.objects.filter(kind="parameter").latest("number")
    one = text_of(client.get(f"/log/{entry.number}/"))
    assert escape(entry.leaf) in one
    assert "RFC 9162" in one
    assert f'href="/charter/{FLOOR}/"' in one
    only = text_of(client.get("/log/?kind=decision")).split("<tbody>")[1]
    assert only.count("<tr>") == 3
    exported = client.get("/log/export.jsonl")
    assert verify(read_copy(exported.content.decode())).is_sound
    assert client.get("/log/checkpoint").content.decode() == TreeHead.objects.latest("pk").note


def test_the_log_goes_on_page_by_page(client):
    total = LogEntry.objects.count()
    page = text_of(client.get("/log/"))
    assert f"?before={total - 50}#entries" in page
    further = text_of(client.get(f"/log/?before={total - 50}"))
    assert f'href="/log/{total - 51}/"' in further
    assert "There is nothing more." in text_of(client.get("/log/?before=0"))
    assert "The log has no such entry yet." in text_of(client.get("/log/?kind=election"))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/log/99999999/", 404),
        (f"/log/{2**70}/", 404),
        ("/log/-1/", 404),
        ("/log/?kind=%00", 400),
        ("/log/?kind=all", 400),
        (f"/log/?before={2**80}", 200),
        ("/log/heads/?before=x", 200),
        ("/log/witnesses/", 302),
        ("/log/witnesses/1/end/", 302),
    ],
)
def test_what_is_not_there_is_said_so(client, address, status):
    assert client.get(address).status_code == status


def test_an_empty_log_has_its_pages_too(client):
    tamper("DELETE FROM charter_treehead; DELETE FROM charter_logkey; DELETE FROM charter_logentry")
    assert "has not been signed yet" in text_of(client.get("/log/"))
    assert "has not been signed yet" in text_of(client.get("/log/heads/"))
    assert client.get("/log/checkpoint").status_code == 404
    assert client.get("/log/export.jsonl").status_code == 200


def test_an_operator_registers_a_witness_and_nobody_else_does(client, operator, worker):
    private = Ed25519PrivateKey.generate()
    key = notes.Key("witness.example.org", notes.COSIGNATURE, private.public_key().public_bytes_raw())
    head = TreeHead.objects.latest("pk")
    assert client.post("/log/witnesses/", {"vkey": key.vkey}).status_code == 302  # to the sign-in
    client.force_login(worker)
    assert client.post("/log/witnesses/", {"vkey": key.vkey}).status_code == 403
    assert client.post("/log/witnesses/", {"vkey": "x"}).status_code == 403
    assert "Register this witness" not in text_of(client.get("/log/heads/"))
    client.force_login(operator)
    assert "Register this witness" in text_of(client.get("/log/heads/"))
    for wrong in ("", "nothing", "\0", "x" * 400):
        answer = client.post("/log/witnesses/", {"vkey": wrong})
        assert answer.status_code == 422
    assert 'value="nothing"' in text_of(client.post("/log/witnesses/", {"vkey": "nothing"}))
    assert client.post("/log/witnesses/", {"vkey": key.vkey}).status_code == 302
    line = notes.cosign(notes.read_note(head.note)[0], name=key.name, private=private, at=NOON)
    cosign_head(size=head.size, line=line.text, at=days(1))
    page = text_of(client.get("/log/heads/"))
    assert "witness.example.org</bdi> <small>" in page
    assert line.text in client.get("/log/checkpoint").content.decode()
    number = page.split("/log/witnesses/")[1].split("/")[0]
    client.force_login(worker)
    assert client.post(f"/log/witnesses/{number}/end/").status_code == 403
    client.force_login(operator)
    assert client.post(f"/log/witnesses/{2**70}/end/").status_code == 404
    assert client.post(f"/log/witnesses/{number}/end/").status_code == 302
    assert f"/log/witnesses/{number}/end/" not in text_of(client.get("/log/heads/"))


def test_a_change_past_the_members_stands_on_every_page_and_is_mailed_once(client, operator, worker):
    decide({FLOOR: 1600}, at=NOON)
    tamper("UPDATE charter_charterentry SET new_value = '900' WHERE new_value = '1600'")
    alarm = watch_log(at=days(1))
    assert alarm == Alarm.objects.get()
    log.look_again()
    try:
        for address in ("/", "/charter/", "/log/"):
            assert "no decision of the members did it" in text_of(client.get(address))
        page = text_of(client.get("/log/"))
        assert f"({FLOOR}) says something else than entry" in page
        assert tell_of_log_alarm(alarm_id=alarm.pk, at=days(1)) == 1  # the operator; nobody here is a member
        assert watch_log(at=days(2)) == alarm
    finally:
        Alarm.objects.update(ended_at=days(3))
        log.look_again()
    assert "no decision of the members did it" not in text_of(client.get("/"))
    log.look_again()


def test_who_wants_another_value_is_shown_where_to_propose_it(client, worker):
    client.force_login(worker)
    assert f'href="/proposals/new/?parameter={FLOOR}"' in text_of(client.get(f"/charter/{FLOOR}/"))
    answer = client.post(f"/charter/{FLOOR}/", {"value": 900})
    assert answer.status_code == 403
    assert f'href="/proposals/new/?parameter={FLOOR}"' in text_of(answer)
