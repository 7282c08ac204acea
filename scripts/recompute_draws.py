#!/usr/bin/env python3
"""Recompute the draws of a guild from the file that its page of draws gives, CSV or JSON.

    python3 recompute_draws.py draws-12.csv [--before an-earlier-draws-12.csv]

For each draw that was made it checks that the seed is the one that was committed to, and that it draws just
the item that was drawn. Where the members had stopped the draw the file says `first_come`, and it must be
the first item; that they had stopped it is in the public log of the site. With an earlier file it checks
also that nothing announced there has changed or is gone. It ends with 0 if all is as it should be, with 1
if not, with 2 if a file cannot be read.

Needs Python 3.9 and nothing else, neither Canut nor the network.
"""

import argparse
import csv
import hashlib
import hmac
import io
import json
import sys
import uuid
from pathlib import Path


class Unreadable(Exception):
    """A file is not one of draws."""


def read(path):
    """Return the draws in a file, by their ids: size, commitment, and seed and number where drawn."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        if text.lstrip().startswith("{"):
            rows = json.loads(text)["draws"]
        else:
            rows = csv.DictReader(io.StringIO(text, newline=""))
            if "draw_id" not in (rows.fieldnames or ("draw_id",)):
                raise KeyError("draw_id")
        return {str(uuid.UUID(row["draw_id"])): _draw(row) for row in rows}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as why:
        raise Unreadable(f"{path} is no file of draws: {why!r}") from why


def _draw(row):
    return {
        "size": int(row["size"]),
        "commitment": row["commitment"].lower(),
        "seed": row["seed"] or None,
        "drawn_number": int(row["drawn_number"]) if row["drawn_number"] else None,
        "drawn_by": row.get("drawn_by") or "lot",
    }


def wrong(draw_id, draw):
    """Return what is wrong with a draw that was made, as a sentence; None if all is right."""
    try:
        seed = bytes.fromhex(draw["seed"])
    except ValueError:
        return "the seed is no hexadecimal number"
    if len(seed) != 32:
        return "the seed is not 32 bytes long"
    if hashlib.sha256(seed).hexdigest() != draw["commitment"]:
        return "the seed is not the one that was committed to"
    if draw["size"] < 1:
        return "there is nothing to draw from"
    if draw["drawn_by"] == "first_come":
        return None if draw["drawn_number"] == 1 else "the first item was to be reviewed, and another was"
    keyed = hmac.new(seed, uuid.UUID(draw_id).bytes, hashlib.sha256).digest()
    number = 1 + int.from_bytes(keyed, "big") % draw["size"]
    if number != draw["drawn_number"]:
        return f"the seed draws item {number}, and item {draw['drawn_number']} was drawn"
    return None


def changed(before, now):
    """Return what of a draw announced earlier is not so any more, as a sentence; None if all stands."""
    if now is None:
        return "it was announced, and is gone"
    if (before["size"], before["commitment"]) != (now["size"], now["commitment"]):
        return "it was announced with another size or commitment"
    if before["seed"] and (before["seed"], before["drawn_number"]) != (now["seed"], now["drawn_number"]):
        return "it was drawn otherwise before"
    return None


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Recompute the draws of a guild.")
    parser.add_argument("file", help="what the guild's page of draws gives, CSV or JSON")
    parser.add_argument("--before", metavar="FILE", help="the same, fetched earlier")
    asked = parser.parse_args(arguments)
    try:
        draws = read(asked.file)
        earlier = read(asked.before) if asked.before else {}
    except Unreadable as why:
        print(why, file=sys.stderr)
        return 2
    made = {draw_id: draw for draw_id, draw in draws.items() if draw["seed"]}
    faults = [(draw_id, wrong(draw_id, draw)) for draw_id, draw in made.items()]
    faults += [(draw_id, changed(before, draws.get(draw_id))) for draw_id, before in earlier.items()]
    faults = [(draw_id, sentence) for draw_id, sentence in faults if sentence]
    for draw_id, sentence in faults:
        print(f"{draw_id}: {sentence}.")
    print(f"{len(made)} draws recomputed, {len(draws) - len(made)} to come, {len(faults)} wrong.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
