"""The tree, its proofs and its signed notes, held against what is published of each."""

import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from canut.charter import notes
from canut.charter.tree import Tree, is_consistent, is_included, leaf_hash

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "verify_log.py"))

# The leaves and roots that the first implementation of RFC 6962 publishes as its test vectors.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_roots_are_those_that_are_published():
    tree = Tree(LEAVES)
    assert [tree.root(size).hex() for size in range(1, 9)] == ROOTS
    assert tree.root(0).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert SCRIPT["root"]([leaf_hash(leaf) for leaf in LEAVES]).hex() == ROOTS[-1]
    # The proof that RFC 6962 draws for 3 in 7 has the same shape: d, c of the left subtree, then the right
    assert is_consistent(3, 7, tree.consistency(3, 7), tree.root(3), tree.root(7))
    assert len(tree.consistency(3, 7)) == 4
    assert len(tree.consistency(4, 7)) == 1


def test_each_proof_holds_for_what_it_proves_and_for_nothing_else():
    leaves = [str(number).encode() for number in range(33)]
    tree = Tree(leaves)
    for size in (1, 2, 3, 7, 8, 20, 32, 33):
        root = tree.root(size)
        for number in range(size):
            path = tree.inclusion(number, size)
            assert is_included(leaves[number], number, size, path, root)
            assert not is_included(b"x", number, size, path, root)
            assert not is_included(leaves[number], number + 1, size, path, root)
            assert not is_included(leaves[number], number, size, [*path, root], root)
            assert not is_included(leaves[number], number, size + 40, path, root)
            assert not path or not is_included(leaves[number], number, size, path[:-1], root)
        for older in range(1, size + 1):
            path = tree.consistency(older, size)
            assert is_consistent(older, size, path, tree.root(older), root)
            assert not is_consistent(older, size, path, tree.root(older), b"x" * 32)
            assert not is_consistent(older, size, path, b"x" * 32, root)
            assert not is_consistent(older, size, [*path, root], tree.root(older), root)
            assert not path or not is_consistent(older, size, path[:-1], tree.root(older), root)
    assert not is_consistent(0, 3, [], tree.root(0), tree.root(3))
    assert not is_consistent(5, 3, [], tree.root(5), tree.root(3))
    for number, size in [(-1, 3), (3, 3), (0, 34), (0, 0)]:
        with pytest.raises(ValueError, match="no leaf"):
            tree.inclusion(number, size)
    for older, newer in [(0, 3), (4, 3), (3, 34)]:
        with pytest.raises(ValueError, match="no proof"):
            tree.consistency(older, newer)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_what_grows_continues_what_it_was(leaves, data):
    tree = Tree(leaves)
    older = data.draw(st.integers(1, len(leaves)))
    path = tree.consistency(older, len(leaves))
    assert Tree(leaves[:older]).root() == tree.root(older)
    assert is_consistent(older, len(leaves), path, tree.root(older), tree.root())
    other = [*leaves]
    other[data.draw(st.integers(0, older - 1))] += b"!"
    assert not is_consistent(older, len(leaves), path, Tree(other[:older]).root(), tree.root())
    assert (
        SCRIPT["root"](SCRIPT["hashes_of"]([leaf.hex() for leaf in leaves]))
        == Tree([leaf.hex().encode() for leaf in leaves]).root()
    )


# An example of https://c2sp.org/tlog-cosignature
EXAMPLE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501


def test_a_published_checkpoint_is_read_and_written_the_same():
    text, (log, witness) = notes.read_note(EXAMPLE)
    head = notes.read_head(text)
    assert (head.origin, head.size, head.text) == ("example.com/behind-the-sofa", 20852163, text)
    assert f"{text}\n{log.text}{witness.text}" == EXAMPLE
    assert int.from_bytes(witness.signature[:8]) == 1679315147  # as the document says
    assert len(log.signature) == 64


def test_what_is_signed_is_good_for_its_key_and_its_text_alone():
    private, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    at = datetime(2026, 3, 1, tzinfo=UTC)
    note = notes.sign_head(notes.Head("x.example/log", 3, b"r" * 32), private)
    key = notes.Key("x.example/log", notes.ED25519, private.public_key().public_bytes_raw())
    assert notes.read_vkey(key.vkey) == key == notes.read_vkey(SCRIPT["Key"](key.vkey).word)
    text, lines = notes.read_note(note)
    assert notes.signers(text, lines, [key]) == [key]
    assert notes.signers(text, lines, [notes.Key("y", 1, key.public)]) == []
    with pytest.raises(notes.NoteRefused, match="signature"):
        notes.signers(text.replace("3", "4"), lines, [key])
    witness = notes.Key("w", notes.COSIGNATURE, other.public_key().public_bytes_raw())
    line = notes.cosign(text, name="w", private=other, at=at)
    assert notes.cosigned_at(text, line, witness) == at
    assert notes.signers(text, [*lines, line], [key, witness]) == [key, witness]
    with pytest.raises(notes.NoteRefused, match="name"):
        notes.cosigned_at(text, line, key)
    with pytest.raises(notes.NoteRefused, match="signature"):
        notes.cosigned_at("another\n", line, witness)
    never = notes.Line("w", witness.id, b"\xff" * 8 + b"0" * 64)
    with pytest.raises(notes.NoteRefused, match="signature"):
        notes.cosigned_at(text, never, witness)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\nno line\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name +/+/+\n",
        "te\0xt\n\n— name AAAAAAAAAAAA\n",
        "text\n\n— a+b AAAAAAAAAAAA\n",
        "x" * 30_000,
        "text\n\n" + "— n AAAAAAAAAAAA\n" * 65,
    ],
)
def test_what_is_no_note_is_refused(note):
    with pytest.raises(notes.NoteRefused, match="shape"):
        notes.read_note(note)


@pytest.mark.parametrize(
    "text", ["", "a\n", "a\n1\n", "a\n1\nAAAA\n", "a\n01\n" + "A" * 43 + "=\n", "\n1\n" + "A" * 43 + "=\n"]
)
def test_what_is_no_head_is_refused(text):
    with pytest.raises(notes.NoteRefused):
        notes.read_head(text)


@pytest.mark.parametrize(
    "word", ["", "a", "a+b+c", "+00000000+AAAA", "a b+00000000+AAAA", "a+00000000+" + "A" * 44]
)
def test_what_is_no_key_is_refused(word):
    with pytest.raises(notes.NoteRefused):
        notes.read_vkey(word)
