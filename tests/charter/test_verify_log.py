"""The verifier on a good log, and on every way of changing one that we could think of."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.builders import NOON
from tests.charter.log_lines import DRAWS, FLOOR, a_word_changed, days, decide, tamper, the_key_renewed

from canut.charter import notes, verifying
from canut.charter.comparing import copy_of_log, verify_here
from canut.charter.log_keys import public_key
from canut.charter.models import Alarm, Cosignature, LogEntry, LogKey, TreeHead
from canut.charter.tree import Tree
from canut.charter.usecases.append_to_log import leaf_text
from canut.charter.usecases.cosign_head import CosignatureRefused, NoSuchHead, NoSuchWitness, cosign_head
from canut.charter.usecases.register_witness import (
    WitnessKeyRefused,
    WitnessNameTaken,
    end_witness,
    register_witness,
)
from canut.charter.usecases.sign_tree_head import LogContradictsHead, sign_tree_head
from canut.charter.usecases.watch_log import watch_if_due, watch_log
from canut.charter.verifying import Copy, CopyMalformed, export_lines, read_copy, verify
from canut.cli.main import main
from canut.kernel.models import Heartbeat
from canut.people.access import OperatorRoleMissing

SCRIPT = Path(__file__).parents[2] / "scripts" / "verify_log.py"

pytestmark = pytest.mark.django_db


def codes(found: verifying.Verified) -> set[str]:
    return {one.code for one in found.findings}


def key_in_use() -> notes.Key:
    return public_key(LogKey.objects.get(retired_at__isnull=True))


@pytest.fixture
def log_of_decisions() -> Copy:
    """A log with an adopted decision on numbers, one on words, one rejected, and a key that was renewed."""
    decide({FLOOR: 1600, DRAWS: 12}, at=NOON)
    a_word_changed(at=days(1))
    the_key_renewed()
    decide({FLOOR: 1500}, at=days(3), adopted=False)
    return copy_of_log()


def in_files(copy: Copy, folder: Path, name: str = "log.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(export_lines(copy)), encoding="utf-8")
    return path


def by_outsider(path: Path, *more: str) -> int:
    return subprocess.run([sys.executable, SCRIPT, path, *more], capture_output=True, check=False).returncode


def by_canut(path: Path, *more: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["verify-log", "--export", str(path), *more])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_log_that_nobody_touched_is_sound(log_of_decisions, tmp_path, capsys):
    found = verify_here()
    assert [str(one) for one in found.findings] == []
    assert found.signed == found.leaves == LogEntry.objects.count()
    assert watch_log(at=days(4)) is None
    path = in_files(log_of_decisions, tmp_path)
    assert read_copy(path.read_text()) == log_of_decisions
    first = public_key(LogKey.objects.earliest("pk"))
    # The key of the beginning is enough, for it vouches for the next; so is the newest alone
    for key in (first.vkey, key_in_use().vkey):
        assert (by_canut(path, "--key", key), by_outsider(path, "--key", key)) == (0, 0)
    assert by_canut(path) == by_outsider(path) == 0
    assert "taken at the log's word" in capsys.readouterr().out


def changed(leaf: str, **members: object) -> str:
    return json.dumps(json.loads(leaf) | members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def the_last(copy: Copy, kind: str) -> int:
    return max(number for number, leaf in enumerate(copy.leaves) if json.loads(leaf)["kind"] == kind)


def leaves_changed(copy: Copy, change: Callable[[list[str]], object]) -> Copy:
    leaves = list(copy.leaves)
    change(leaves)
    return replace(copy, leaves=tuple(leaves), size=len(leaves))


def swapped(leaves: list[str]) -> None:
    leaves[3], leaves[4] = changed(leaves[4], number=3), changed(leaves[3], number=4)


def taken_out(leaves: list[str]) -> None:
    del leaves[5]
    leaves[5:] = [changed(leaf, number=number) for number, leaf in enumerate(leaves[5:], 5)]


def head_of_another_key(copy: Copy) -> Copy:
    head = verifying.read_head(notes.read_note(copy.heads[-1])[0])
    return replace(copy, heads=(*copy.heads[:-1], notes.sign_head(head, Ed25519PrivateKey.generate())))


def signature_changed(copy: Copy) -> Copy:
    text, (line,) = notes.read_note(copy.heads[-1])
    wrong = replace(line, signature=bytes([line.signature[0] ^ 1]) + line.signature[1:])
    return replace(copy, heads=(*copy.heads[:-1], f"{text}\n{wrong.text}"))


TAMPERED: dict[str, tuple[str, Callable[[Copy], Copy]]] = {
    "a changed byte": (
        "root_differs",
        lambda copy: leaves_changed(
            copy, lambda leaves: leaves.__setitem__(7, leaves[7].replace('"site"', '"town"', 1))
        ),
    ),
    "a space more": (
        "leaf_malformed",
        lambda copy: leaves_changed(
            copy, lambda leaves: leaves.__setitem__(7, leaves[7].replace(",", ", ", 1))
        ),
    ),
    "a missing entry, the others renumbered": ("root_differs", lambda copy: leaves_changed(copy, taken_out)),
    "a missing entry": (
        "leaf_misplaced",
        lambda copy: leaves_changed(copy, lambda leaves: leaves.__delitem__(5)),
    ),
    "the last entry gone": (
        "entries_missing",
        lambda copy: leaves_changed(copy, lambda leaves: leaves.pop()),
    ),
    "entries swapped": ("root_differs", lambda copy: leaves_changed(copy, swapped)),
    "a head by another key": ("head_not_signed", head_of_another_key),
    "a signature changed": ("signature_wrong", signature_changed),
    "no head": ("no_head", lambda copy: replace(copy, heads=())),
    "more entries than it says": ("entries_too_many", lambda copy: replace(copy, size=copy.size - 1)),
    "fewer entries than it says": ("entries_missing", lambda copy: replace(copy, size=copy.size + 1)),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_done_to_a_copy_is_said(how, log_of_decisions, tmp_path, capsys):
    code, tamper = TAMPERED[how]
    copy = tamper(log_of_decisions)
    assert code in codes(verify(copy, keys=[key_in_use()]))
    path = in_files(copy, tmp_path)
    assert by_canut(path, "--key", key_in_use().vkey) == 1
    assert "WRONG" in capsys.readouterr().out
    assert by_outsider(path, "--key", key_in_use().vkey) == 1


def test_a_whole_log_made_anew_is_found_out_by_the_key_or_by_an_older_copy(log_of_decisions, tmp_path):
    """Whoever has the database and makes a new key can write another log that agrees with itself."""
    older, honest = in_files(log_of_decisions, tmp_path, "older.jsonl"), key_in_use().vkey
    private = Ed25519PrivateKey.generate()
    key = notes.Key(log_of_decisions.origin, notes.ED25519, private.public_key().public_bytes_raw())
    leaves = [
        changed(leaf, body={"name": key.name, "vkey": key.vkey})
        if json.loads(leaf)["kind"] == "key"
        else leaf
        for leaf in log_of_decisions.leaves
    ]
    head = notes.Head(key.name, len(leaves), verifying.Tree(leaf.encode() for leaf in leaves).root())
    forged = replace(
        log_of_decisions, leaves=tuple(leaves), heads=(notes.sign_head(head, private),), size=len(leaves)
    )
    path = in_files(forged, tmp_path)
    assert by_canut(path) == by_outsider(path) == 0  # it agrees with itself
    assert by_canut(path, "--key", honest) == by_outsider(path, "--key", honest) == 1
    assert by_canut(path, "--older", str(older)) == by_outsider(path, "--older", str(older)) == 1


def test_a_later_copy_continues_an_older_one_and_never_the_other_way(log_of_decisions, tmp_path):
    older = in_files(log_of_decisions, tmp_path, "older.jsonl")
    decide({FLOOR: 1700}, at=days(40))
    newer = in_files(copy_of_log(), tmp_path, "newer.jsonl")
    assert by_canut(newer, "--older", str(older)) == by_outsider(newer, "--older", str(older)) == 0
    assert by_canut(older, "--older", str(newer)) == by_outsider(older, "--older", str(newer)) == 1
    # A head alone, kept by somebody, is enough to tell
    kept = replace(copy_of_log(), leaves=(), size=0)
    assert codes(verify(log_of_decisions, older=kept)) == {"older_head_gone"}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "canut-log/1", "origin": 1, "size": 2}', "\0", "x" * 99]
)
def test_what_is_no_log_is_said_to_be_none(text, tmp_path, capsys):
    path = tmp_path / "log.jsonl"
    path.write_text(text)
    with pytest.raises(CopyMalformed):
        read_copy(text)
    assert by_canut(path) == by_outsider(path) == 2
    assert "is no exported log" in capsys.readouterr().err
    assert by_canut(tmp_path / "nowhere") == 2


# --- The database, changed by somebody with a shell at it -----------------------------------------


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("row_differs", "UPDATE charter_charterentry SET new_value = '900' WHERE new_value = '1600'"),
        ("row_differs", "UPDATE charter_articleversion SET text_en = 'Obey.' WHERE number = 2"),
        ("row_differs", "UPDATE charter_decision SET adopted = true WHERE number = 3"),
        ("leaf_without_row", "DELETE FROM charter_charterentry WHERE new_value = '1600'"),
        (
            "row_without_leaf",
            "INSERT INTO charter_charterentry (kind, parameter, scope_kind, scope_key, old_value, new_value,"
            " effective_at, recorded_at, cites, decision_number, logged_id)"
            " SELECT kind, parameter, scope_kind, scope_key, old_value, '900', effective_at, recorded_at,"
            " cites, decision_number, 99999 FROM charter_charterentry WHERE new_value = '1600'",
        ),
        (
            "root_differs",
            "UPDATE charter_logentry SET leaf = replace(leaf, '1600', '1601') WHERE kind = 'decision'",
        ),
        ("leaf_malformed", "UPDATE charter_logentry SET leaf = leaf || ' ' WHERE number = 4"),
        (
            "entries_missing",
            "DELETE FROM charter_logentry WHERE number = (SELECT max(number) FROM charter_logentry)",
        ),
        ("entry_differs_from_leaf", "UPDATE charter_logentry SET recorded_at = now() WHERE number = 9"),
        ("head_differs", "UPDATE charter_treehead SET root = sha256('x')"),
        ("head_malformed", "UPDATE charter_treehead SET note = 'x'"),
        ("no_head", "DELETE FROM charter_treehead"),
        (
            "rows_out_of_order",
            "UPDATE charter_charterentry SET id = id + 1000000 WHERE logged_id = 0",
        ),
    ],
)
def test_a_change_made_past_the_members_is_found(code, statement, log_of_decisions):
    tamper(statement)
    found = verify_here()
    assert code in codes(found)
    assert all(str(one) for one in found.findings)
    assert watch_log(at=days(5)) == Alarm.objects.get(ended_at__isnull=True)


def test_a_leaf_that_follows_from_nothing_is_found_even_if_it_was_signed():
    """Who has the database and the key can sign what nobody decided; what the leaves say gives it away."""
    decide({FLOOR: 1600}, at=NOON)
    last = LogEntry.objects.filter(kind="parameter").latest("number")
    leaves = [*copy_of_log().leaves]
    leaves.append(changed(last.leaf, number=len(leaves)))
    signed = Ed25519PrivateKey.generate()
    key = notes.Key("x/log", notes.ED25519, signed.public_key().public_bytes_raw())

    def found(leaves: list[str]) -> set[str]:
        head = notes.Head(key.name, len(leaves), verifying.Tree(leaf.encode() for leaf in leaves).root())
        copy = Copy("x/log", len(leaves), tuple(leaves), (notes.sign_head(head, signed),))
        return codes(verify(copy, keys=[key]))

    assert found(leaves) == {"entry_not_decided", "entry_out_of_turn"}
    without = [leaf for leaf in leaves[:-1] if leaf != last.leaf]
    assert found([changed(leaf, number=n) for n, leaf in enumerate(without)]) == {"decision_not_executed"}
    decision = LogEntry.objects.get(kind="decision")
    assert "decision_out_of_turn" in found([*leaves[:-1], changed(decision.leaf, number=len(leaves) - 1)])
    body = json.loads(leaves[0])["body"]
    assert found([*leaves[:-1], changed(leaves[0], number=len(leaves) - 1)]) == {"entry_begins_twice"}
    new = changed(
        leaves[0], number=len(leaves) - 1, body=body | {"parameter": "no.such", "entry_kind": "law"}
    )
    assert found([*leaves[:-1], new]) == {"entry_without_beginning"}
    law = body | {"entry_kind": "law", "old_value": body["new_value"], "scope_kind": "moon", "scope_key": "1"}
    assert found([*leaves[:-1], changed(leaves[0], number=len(leaves) - 1, body=law)]) == {"entry_impossible"}
    article = next(leaf for leaf in leaves if json.loads(leaf)["kind"] == "article")
    assert found([*leaves[:-1], changed(article, number=len(leaves) - 1)]) == {
        "article_out_of_turn",
        "article_not_decided",
    }


def test_what_contradicts_an_earlier_head_is_never_signed(log_of_decisions):
    tamper("UPDATE charter_logentry SET leaf = replace(leaf, '1600', '1601') WHERE kind = 'decision'")
    with pytest.raises(LogContradictsHead):
        sign_tree_head(at=days(5))
    # The members can decide all the same; only the signature is left out
    before = TreeHead.objects.count()
    assert decide({FLOOR: 1650}, at=days(40)).executed
    assert TreeHead.objects.count() == before


# --- Watching -------------------------------------------------------------------------------------


def test_the_watch_looks_in_time_and_an_alarm_ends_when_all_is_well(log_of_decisions):
    Heartbeat.objects.all().delete()
    assert watch_if_due(at=days(5)) is None
    tamper("UPDATE charter_charterentry SET cites = 'nobody' WHERE new_value = '1600'")
    assert watch_if_due(at=days(5) + (days(1) - NOON) / 86400 * 44) is None  # 44 seconds: not due yet
    alarm = watch_if_due(at=days(5) + (days(1) - NOON) / 86400 * 46)
    assert alarm is not None
    assert [one["code"] for one in alarm.what] == ["row_differs"]
    # A further look finds the same, and says it once
    assert watch_log(at=days(6)) == alarm
    tamper("UPDATE charter_charterentry SET cites = 'Decision 1: Another number' WHERE cites = 'nobody'")
    assert watch_log(at=days(7)) is None
    alarm.refresh_from_db()
    assert alarm.ended_at == days(7)


# --- Witnesses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("decision", {"decision": 1, "settings": None}),
        ("decision", {"decision": 1, "settings": ["pay.floor_hourly_minor"]}),
        ("decision", {"decision": 1, "articles": 3}),
        ("decision", {"decision": [1]}),
        ("parameter", {"parameter": FLOOR, "decision": [1]}),
        ("parameter", {"parameter": ["x"]}),
        ("article", {"key": "work", "version": 1, "decision": {}}),
        ("article", {"key": None, "version": True}),
    ],
)
def test_what_says_nothing_is_told_though_it_was_signed(kind, body):
    """Whoever holds the site's key can sign anything; the verifier names the entry, and never breaks."""
    private = Ed25519PrivateKey.generate()
    key = notes.Key("a.example/log", notes.ED25519, private.public_key().public_bytes_raw())
    said = [("key", {"name": key.name, "vkey": key.vkey}), (kind, body)]
    leaves = [leaf_text(kind, number, body, at=NOON) for number, (kind, body) in enumerate(said)]
    tree = Tree(leaf.encode() for leaf in leaves)
    head = notes.sign_head(notes.Head(key.name, tree.size, tree.root()), private)
    found = verify(Copy(key.name, 2, tuple(leaves), (head,)), keys=[key])
    assert codes(found) == {"leaf_says_nothing"}
    assert str(found.findings[0]).startswith("Entry 1 says nothing")


def test_entries_taken_away_with_their_heads_are_missed_by_what_is_kept_outside(
    log_of_decisions, tmp_path, settings
):
    """On its own the database is a sound log again; the file that the watch keeps says otherwise."""
    settings.LOG_HEADS = tmp_path / "kept" / "log-heads.jsonl"
    assert watch_log(at=NOON) is None
    heads = list(TreeHead.objects.order_by("size", "pk"))
    assert len(settings.LOG_HEADS.read_text().splitlines()) == len(heads)
    assert watch_log(at=NOON) is None
    assert len(settings.LOG_HEADS.read_text().splitlines()) == len(heads)  # and never twice
    with open(settings.LOG_HEADS, "a") as file:
        file.write('{"head": "cut o')  # a machine that stopped while it wrote
    assert verify_here().is_sound
    rest = heads[-2].size
    for table, column in (
        ("treehead", "size >"),
        ("articleversion", "logged_id >="),
        ("charterentry", "logged_id >="),
        ("decision", "logged_id >="),
        ("logentry", "number >="),
    ):
        tamper(f"DELETE FROM charter_{table} WHERE {column} {rest}")
    settings.LOG_HEADS, kept = None, settings.LOG_HEADS
    assert verify_here().is_sound
    settings.LOG_HEADS = kept
    assert codes(verify_here()) == {"kept_entries_missing"}
    alarm = watch_log(at=NOON)
    assert alarm is not None
    # A head that was signed by nobody here, over the same number of entries
    kept.write_text(
        json.dumps({"head": heads[-2].note.replace(root_of(heads[-2]), root_of(heads[0]))}) + "\n"
    )
    assert codes(verify_here()) == {"kept_head_differs"}
    kept.unlink()
    assert verify_here().is_sound


def root_of(head: TreeHead) -> str:
    return b64encode(bytes(head.root)).decode()


def test_a_witness_signs_what_it_saw_once(log_of_decisions, operator, worker):
    private = Ed25519PrivateKey.generate()
    key = notes.Key("witness.example.org", notes.COSIGNATURE, private.public_key().public_bytes_raw())
    with pytest.raises(OperatorRoleMissing):
        register_witness(vkey=key.vkey, by=worker, at=NOON)
    for wrong in ("", "a+b", "x+00000000+AAAA", key.vkey[:-4], key_in_use().vkey, "\0" * 9, "é" * 999):
        with pytest.raises(WitnessKeyRefused):
            register_witness(vkey=wrong, by=operator, at=NOON)
    witness = register_witness(vkey=key.vkey, by=operator, at=NOON)
    assert register_witness(vkey=key.vkey, by=operator, at=days(1)) == witness
    other = notes.Key(
        key.name, notes.COSIGNATURE, Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    )
    with pytest.raises(WitnessNameTaken):
        register_witness(vkey=other.vkey, by=operator, at=NOON)

    head = TreeHead.objects.latest("pk")
    text = notes.read_note(head.note)[0]
    line = notes.cosign(text, name=key.name, private=private, at=days(5))
    kept = cosign_head(size=head.size, line=line.text, at=days(5))
    assert kept.seen_at == days(5)
    again = notes.cosign(text, name=key.name, private=private, at=days(6))
    assert cosign_head(size=head.size, line=again.text, at=days(6)) == kept
    found = verify(copy_of_log())
    assert (found.findings, found.witnesses) == ([], ("witness.example.org",))

    stranger = notes.cosign(text, name="else.example", private=private, at=days(5))
    late = notes.cosign(text, name=key.name, private=private, at=days(9))
    of_another = notes.cosign(text.replace("\n", "x\n", 1), name=key.name, private=private, at=days(5))
    short = notes.Line(key.name, key.id, b"123")
    for size, given, refusal in [
        (head.size + 1, line.text, NoSuchHead),
        (head.size, stranger.text, NoSuchWitness),
        (head.size, late.text, CosignatureRefused),
        (head.size, of_another.text, CosignatureRefused),
        (head.size, short.text, CosignatureRefused),
        (head.size, "— " + "x" * 500, CosignatureRefused),
        (head.size, "\0", CosignatureRefused),
    ]:
        with pytest.raises(refusal):
            cosign_head(size=size, line=given, at=days(6))
    assert Cosignature.objects.count() == 1

    tamper(
        f"UPDATE charter_cosignature SET line = replace(line, '{b64encode(key.id).decode()[:5]}', 'AAAAA')"
    )
    assert verify(copy_of_log()).findings == []  # a line of nobody known is passed over, as notes have it
    end_witness(witness_id=witness.pk, by=operator, at=days(7))
    with pytest.raises(NoSuchWitness):
        cosign_head(size=head.size, line=line.text, at=days(8))
    with pytest.raises(WitnessKeyRefused):
        register_witness(vkey=key.vkey, by=operator, at=days(8))
