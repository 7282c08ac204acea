#!/usr/bin/env python3
"""Recompute a drawing by lot from the file that its page gives, CSV or JSON.

    python3 recompute_lot.py lot-12.json [--before an-earlier-lot-12.json] [--ticket MY-TICKET]

It checks that the list of those who may be drawn has the code that was shown, that the seed is the one that
was committed to, and that it puts the list in just the order in which people were asked. With an earlier file
it checks that list and codes have not changed since. With a ticket it says at which place its member is. It
ends with 0 if all is as it should be, with 1 if not, with 2 if a file cannot be read.

Needs Python 3.9 and nothing else, neither Canut nor the network.
"""

import argparse
import csv
import hashlib
import hmac
import io
import json
import sys
from pathlib import Path


class Unreadable(Exception):
    """A file is not one of a lot."""


def read(path):
    """Return a lot: number, commitment, the list's hash, seed if shown, and its candidates by their codes."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        if text.lstrip().startswith("{"):
            lot = json.loads(text)
            rows = lot["candidates"]
        else:
            rows = list(csv.DictReader(io.StringIO(text, newline="")))
            lot = rows[0]
        found = {
            "number": int(lot["lot"]),
            "commitment": lot["commitment"].lower(),
            "hash": lot["candidates_hash"].lower(),
            "seed": lot["seed"] or None,
            "candidates": {row["code"].lower(): _candidate(row) for row in rows},
        }
        if len(found["candidates"]) != len(rows):
            raise ValueError("a code stands there twice")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as why:
        raise Unreadable(f"{path} is no file of a lot: {why!r}") from why
    return found


def _candidate(row):
    bytes.fromhex(row["code"])
    return {"served": int(row["served_lately"]), "place": int(row["place"]) if row["place"] else None}


def hash_of(candidates):
    """Return the code of a list: SHA-256 of its lines in order of the codes."""
    lines = (f"{code} {candidates[code]['served']}\n" for code in sorted(candidates))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def order_of(seed, candidates):
    """Return the codes in the order that the seed gives them, who served lately after all others."""
    return sorted(
        candidates,
        key=lambda code: (candidates[code]["served"], hmac.digest(seed, bytes.fromhex(code), "sha256")),
    )


def faults(lot):
    """Return what is wrong with a lot, as sentences."""
    found = []
    if hash_of(lot["candidates"]) != lot["hash"]:
        found.append("the list is not the one whose code was shown")
    if lot["seed"] is None:
        return found
    try:
        seed = bytes.fromhex(lot["seed"])
    except ValueError:
        return [*found, "the seed is no hexadecimal number"]
    if hashlib.sha256(seed).hexdigest() != lot["commitment"]:
        found.append("the seed is not the one that was committed to")
    for place, code in enumerate(order_of(seed, lot["candidates"]), start=1):
        told = lot["candidates"][code]["place"]
        if told != place:
            found.append(f"the seed puts {code} at place {place}, and the lot at {told}")
    return found


def changes(before, now):
    """Return what was announced earlier and is not so any more, as sentences."""
    found = []
    if before["number"] != now["number"]:
        return ["the two files are of different lots"]
    if before["commitment"] != now["commitment"]:
        found.append("the code of the seed has changed")
    if before["hash"] != now["hash"]:
        found.append("the code of the list has changed")
    if before["seed"] and before["seed"] != now["seed"]:
        found.append("the seed has changed")
    for code, one in before["candidates"].items():
        later = now["candidates"].get(code)
        if later is None or later["served"] != one["served"]:
            found.append(f"{code} was in the list, and is not as it was")
        elif one["place"] and later["place"] != one["place"]:
            found.append(f"{code} had place {one['place']}, and has place {later['place']}")
    return found


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Recompute a drawing by lot.")
    parser.add_argument("file", help="what the page of the lot gives, CSV or JSON")
    parser.add_argument("--before", metavar="FILE", help="the same, fetched earlier")
    parser.add_argument("--ticket", metavar="TICKET", help="yours, from your membership page")
    asked = parser.parse_args(arguments)
    try:
        lot = read(asked.file)
        earlier = read(asked.before) if asked.before else None
        ticket = bytes.fromhex(asked.ticket) if asked.ticket else None
    except (Unreadable, ValueError) as why:
        print(why, file=sys.stderr)
        return 2
    wrong = faults(lot) + (changes(earlier, lot) if earlier else [])
    for sentence in wrong:
        print(f"Lot {lot['number']}: {sentence}.")
    if ticket is not None:
        code = hashlib.sha256(b"canut lot %d:" % lot["number"] + ticket).hexdigest()
        mine = lot["candidates"].get(code)
        if mine is None:
            print("This ticket is not in the list.")
        else:
            print(f"This ticket has place {mine['place'] or 'still to be told'}.")
    state = "recomputed" if lot["seed"] else "still to be closed: its seed is not shown yet"
    print(f"Lot {lot['number']}, {len(lot['candidates'])} candidates, {state}; {len(wrong)} wrong.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
