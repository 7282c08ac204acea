"""The Merkle tree over the log's leaves: one hash that stands for all, and proofs about it.

RFC 9162, section 2.1 (the tree of RFC 6962): SHA-256, a leaf hashed with 0x00 before it, a node with 0x01.
Trees are built by pymerkle; what checks a proof is written out here from the RFC, for it must not rest on
what made it.

Source: Laurie, Messeri, Stradling. "Certificate Transparency Version 2.0". RFC 9162, 2021,
https://doi.org/10.17487/RFC9162.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from pymerkle import InmemoryTree


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash by which a leaf stands in the tree."""
    return sha256(b"\x00" + leaf).digest()


class Tree:
    """The tree over leaves in the order given."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._leaves = list(leaves)
        self._tree = InmemoryTree(algorithm="sha256")
        self.size: int = self._tree.append_entries(self._leaves)

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first `size` leaves, or over all.

        Raises:
            ValueError: there are not so many.
        """
        root: bytes = self._tree.get_root(self.size if size is None else size)
        return root

    def inclusion(self, number: int, size: int) -> list[bytes]:
        """Return the hashes that lead from leaf `number`, counted from 0, to the root over `size` leaves.

        Raises:
            ValueError: that tree has no such leaf, or the log has not so many.
        """
        if not 0 <= number < size <= self.size:
            raise ValueError(f"no leaf {number} in a tree of {size}, of {self.size}")
        path: list[bytes] = self._tree.prove_inclusion(number + 1, size).path
        return path[1:]  # pymerkle's begins with the leaf's own hash

    def consistency(self, older: int, newer: int) -> list[bytes]:
        """Return the hashes that show the first `older` leaves to be the beginning of the first `newer`.

        Raises:
            ValueError: `older` is 0 or greater than `newer`, or the log has not so many.
        """
        if not 0 < older <= newer <= self.size:
            raise ValueError(f"no proof from {older} to {newer}, of {self.size}")
        return self._subproof(older, 0, newer, is_known=True)

    def _subproof(self, older: int, start: int, end: int, *, is_known: bool) -> list[bytes]:
        """RFC 9162, 2.1.4.1, over the leaves from `start` to `end`; pymerkle cuts its own proofs otherwise.

        `is_known` tells that the root over these leaves is the older tree's, which the reader has.
        """
        if older == end - start:
            return [] if is_known else [self._root(start, end)]
        half = 1 << (end - start - 1).bit_length() - 1
        if older <= half:
            return [
                *self._subproof(older, start, start + half, is_known=is_known),
                self._root(start + half, end),
            ]
        return [
            *self._subproof(older - half, start + half, end, is_known=False),
            self._root(start, start + half),
        ]

    def _root(self, start: int, end: int) -> bytes:
        return Tree(self._leaves[start:end]).root()


def is_included(leaf: bytes, number: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether the path proves that `leaf` is number `number` of the `size` leaves under `root`.

    RFC 9162, 2.1.3.2.
    """
    if not 0 <= number < size:
        return False
    place, last, found = number, size - 1, leaf_hash(leaf)
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = _node(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = _node(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(
    older: int, newer: int, path: Sequence[bytes], older_root: bytes, newer_root: bytes
) -> bool:
    """Return whether the path proves that the tree of size `newer` begins with the one of size `older`.

    RFC 9162, 2.1.4.2.
    """
    if not 0 < older <= newer:
        return False
    if older == newer:
        return not path and older_root == newer_root
    hashes = list(path)
    if older & (older - 1) == 0:
        hashes.insert(0, older_root)
    if not hashes:
        return False
    place, last = older - 1, newer - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = _node(sibling, old), _node(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = _node(new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old == older_root and new == newer_root


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
