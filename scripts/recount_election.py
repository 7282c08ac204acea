#!/usr/bin/env python3
"""Count an election of the board again, from the file that its page gives.

    python3 recount_election.py election-3.json [--receipt RECEIPT]

It checks that the hash of the ballots is the one in the file (the public log holds it too), works out the
lot from the root of the log, counts every stage in exact fractions, and compares who is elected and each
candidate's votes at the end of each stage. With a receipt it says how that ballot ranks the candidates. It
ends with 0 if all is as it should be, with 1 if not, with 2 if the file cannot be read.

The method is the Weighted Inclusive Gregory Method with the Droop quota: The Scottish Local Government
Elections Order 2007 (SSI 2007/42), schedule 1, rules 45 to 52, without its rounding. It is written here a
second time, ballot by ballot, so that an error of Canut's own count would show.

Needs Python 3.9 and nothing else, neither Canut nor the network.
"""

import argparse
import hashlib
import json
import sys
from fractions import Fraction
from pathlib import Path


class Unreadable(Exception):
    """A file is not one of an election."""


def read(path):
    try:
        election = json.loads(Path(path).read_text(encoding="utf-8"))
        if election["kind"] != "canut-election" or election["version"] != 1:
            raise ValueError("another kind of file")
        election["ballots"] = [
            (str(one["receipt"]), [int(n) for n in one["ranking"]]) for one in election["ballots"]
        ]
        for name in ("election", "ballots_hash", "log_root"):
            str(election[name])
        int(election["seats"])
        election["candidates"] = [int(number) for number in election["candidates"]]
        for receipt, ranking in election["ballots"]:
            if len(set(ranking)) != len(ranking) or not set(ranking) <= set(election["candidates"]):
                raise ValueError(f"ballot {receipt} names somebody twice, or nobody who stands")
        return election
    except (OSError, ValueError, KeyError, TypeError) as why:
        raise Unreadable(f"{path} is no file of an election: {why!r}") from why


def hash_of(ballots):
    """Return the SHA-256 of the published list: a line for each ballot, ordered by receipt."""
    lines = sorted(f"{receipt} {','.join(map(str, ranking))}\n" for receipt, ranking in ballots)
    return hashlib.sha256("".join(lines).encode("ascii")).hexdigest()


def lot(root, name, candidates):
    return sorted(
        candidates, key=lambda n: hashlib.sha256(bytes.fromhex(root) + f"{name}:{n}".encode()).digest()
    )


class Count:
    """A count under way. Each paper is a list: the ranking, who holds it (None: nobody), and its value."""

    def __init__(self, candidates, seats, rankings, order, gone=(), sitting=()):
        self.candidates, self.seats, self.order, self.sitting = candidates, seats, order, sitting
        self.hopeful = [number for number in candidates if number not in set(gone)]
        self.elected, self.surpluses, self.stages = [], [], []
        self.places = seats - len(sitting)
        holders = [(ranking, self.next_of(ranking)) for ranking in rankings]
        self.papers = [[ranking, holder, Fraction(1)] for ranking, holder in holders if holder is not None]
        self.quota = len(self.papers) // (seats + 1) + 1

    def next_of(self, ranking):
        return next((number for number in ranking if number in self.hopeful), None)

    def votes(self):
        held = {number: Fraction(0) for number in self.candidates}
        for _ranking, holder, value in self.papers:
            if holder is not None:
                held[holder] += value
        return held

    def ranked(self, numbers):
        """Best first: by votes now, then by those at each earlier stage, the latest first, then by lot."""
        history = [self.votes()] + [stage[0] for stage in reversed(self.stages)]
        return sorted(numbers, key=lambda n: [-held[n] for held in history] + [self.order.index(n)])

    def seat(self, number):
        self.elected.append(number)
        self.hopeful.remove(number)
        self.places -= number not in self.sitting

    def end_stage(self):
        now = self.votes()
        for number in self.ranked([n for n in self.hopeful if now[n] >= self.quota]):
            if number in self.sitting or self.places:
                self.seat(number)
                if now[number] > self.quota:
                    self.surpluses.append(number)
        if len([n for n in self.hopeful if n not in self.sitting]) <= self.places:
            last = list(self.hopeful)
        else:
            last = [] if self.places else [n for n in self.hopeful if n in self.sitting]
        for number in self.ranked(last):
            self.seat(number)
        exhausted = sum((value for _r, holder, value in self.papers if holder is None), Fraction(0))
        self.stages.append((now, exhausted))

    def move(self, number, share):
        papers = []
        for ranking, holder, value in self.papers:
            if holder == number:
                papers.append([ranking, self.next_of(ranking), value * share])
                value -= value * share
            if value:
                papers.append([ranking, holder, value])
        self.papers = papers

    def run(self):
        self.end_stage()
        while len(self.elected) < self.seats and self.hopeful:
            now = self.votes()
            if self.surpluses:
                number = self.ranked(self.surpluses)[0]
                self.surpluses.remove(number)
                self.move(number, (now[number] - self.quota) / now[number])
            else:
                number = self.ranked([n for n in self.hopeful if n not in self.sitting])[-1]
                self.hopeful.remove(number)
                self.move(number, Fraction(1))
            self.end_stage()
        return self.quota, self.elected, self.stages


def count(candidates, seats, rankings, order, gone=(), sitting=()):
    """Return the quota, who is elected, and the votes at the end of each stage with what is exhausted."""
    return Count(candidates, seats, rankings, order, gone, sitting).run()


def faults(election):
    """Give what is wrong with the count in the file, as sentences."""
    ballots = election["ballots"]
    if len({receipt for receipt, _ranking in ballots}) != len(ballots):
        yield "a receipt stands there twice"
    if hash_of(ballots) != election["ballots_hash"]:
        yield "the ballots are not those whose hash is in the log"
    order = lot(election["log_root"], election["election"], election["candidates"])
    for told in election["counts"]:
        name = "the first count" if not told["gone"] else f"the count without {told['gone']}"
        quota, elected, stages = count(
            election["candidates"],
            election["seats"],
            [ranking for _receipt, ranking in ballots],
            order,
            told["gone"],
            told["sitting"],
        )
        sheet = told["sheet"]
        if sheet["lot"] != order:
            yield f"{name} does not use the lot that follows from the root of the log"
        if (sheet["quota"], sheet["elected"]) != (quota, elected):
            yield (
                f"{name} elects {elected} with a quota of {quota}, and the file says "
                f"{sheet['elected']} with {sheet['quota']}"
            )
        mine = [([held[n] for n in election["candidates"]], exhausted) for held, exhausted in stages]
        theirs = [(list(map(Fraction, one["votes"])), Fraction(one["exhausted"])) for one in sheet["stages"]]
        if mine != theirs:
            same = next((n for n, both in enumerate(zip(mine, theirs)) if both[0] != both[1]), None)  # noqa: B905
            where = "in how many stages it has" if same is None else f"at stage {same + 1}"
            yield f"{name} differs from the file {where}"


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Count an election of the board again.")
    parser.add_argument("file", help="what the election's page gives, JSON")
    parser.add_argument("--receipt", help="say how the ballot with this receipt ranks the candidates")
    asked = parser.parse_args(arguments)
    try:
        election = read(asked.file)
        found = list(faults(election))
    except (Unreadable, KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as why:
        print(why, file=sys.stderr)
        return 2
    for sentence in found:
        print(f"{sentence[0].upper()}{sentence[1:]}.")
    if asked.receipt:
        ranking = dict(election["ballots"]).get(asked.receipt.strip())
        if ranking is None:
            print("No ballot has this receipt.")
            found.append("receipt")
        else:
            print(f"The ballot with this receipt ranks: {', '.join(map(str, ranking)) or 'nobody'}.")
    ballots, counts = len(election["ballots"]), len(election["counts"])
    print(f"{ballots} ballots, {counts} counts done again, {len(found)} wrong.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
