#!/usr/bin/env python3
"""Recount a vote from the file that its page gives, and say whether the result follows from it.

    python3 recount_ballots.py vote-12.json [--hash SHA256-FROM-THE-LOG] [--receipt YOUR-RECEIPT]

It checks that the list of ballots is the one whose hash was published, counts each college again, applies the
rule of the vote, and compares. Of a college with few ballots the choices are not in the file: its outcome is
taken as told, and the script says so. It ends with 0 if all is as it should be, with 1 if not, with 2 if the
file cannot be read.

Needs Python 3.9 and nothing else, neither Canut nor the network.
"""

import argparse
import hashlib
import json
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path

CHOICES = ("yes", "no", "abstain")
UNTOLD = "counted; what it says is not told of a college with few ballots"


class Unreadable(Exception):
    """A file is not one of a vote."""


def read(path):
    """Return a vote's file as it is, once it has the parts that are counted."""
    try:
        vote = json.loads(Path(path).read_text(encoding="utf-8"))
        if vote["kind"] != "canut-vote" or vote["version"] != 1:
            raise ValueError("it is of another kind or version")
        rule = vote["rule"]
        return {
            "ballots": [
                (str(college), str(receipt), str(choice)) for college, receipt, choice in vote["ballots"]
            ],
            "hash": str(vote["ballots_hash"]),
            "is_adopted": bool(vote["is_adopted"]),
            "colleges": {one["college"]: dict(one) for one in vote["colleges"]},
            "deciding": [str(name) for name in rule["deciding"]],
            "quorum_share": Decimal(rule["quorum_share"]),
            "yes_per_no": Decimal(rule["yes_per_no"]),
            "least_members": int(rule["least_members"]),
            "detail_least_votes": int(rule["detail_least_votes"]),
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as why:
        raise Unreadable(f"{path} is no file of a vote: {why!r}") from why


def outcome_of(electors, yes, no, abstain, vote):
    """Return what a college says, by the vote's rule."""
    if yes + no + abstain < vote["quorum_share"] * electors:
        return "under_quorum"
    if yes == no:
        return "tied"
    if yes < no:
        return "against"
    return "under_share" if yes < vote["yes_per_no"] * no else "carried"


def wrong_in_list(vote, expected_hash):
    """Give what is wrong with the list itself, each a sentence."""
    lines = sorted(vote["ballots"])
    text = "".join(f"{college},{receipt},{choice}\n" for college, receipt, choice in lines)
    found = hashlib.sha256(text.encode()).hexdigest()
    if found != vote["hash"]:
        yield f"the list's hash is {found}, and the file says {vote['hash']}"
    if expected_hash and found != expected_hash:
        yield f"the list's hash is {found}, and the log says {expected_hash}"
    receipts = [receipt for _college, receipt, _choice in lines]
    if len(set(receipts)) != len(receipts):
        yield "a receipt stands in the list twice"
    for college in sorted({college for college, _receipt, _choice in lines} - set(vote["colleges"])):
        yield f"there are ballots of a college that was not asked: {college}"


def wrong_in_college(name, told, vote):
    """Give what is wrong with what is told of one college."""
    choices = [choice for college, _receipt, choice in vote["ballots"] if college == name]
    electors, outcome = told["electors"], told["outcome"]
    if outcome == "not_asked":
        if electors >= vote["least_members"]:
            yield f"{name} had {electors} active members and was not asked"
        if choices:
            yield f"{name} was not asked, and there are ballots of it"
        return
    if electors < vote["least_members"]:
        yield f"{name} had {electors} active members and was asked"
    if len(choices) != told["ballots"] or len(choices) > electors:
        yield f"{name}: {len(choices)} ballots in the list, {told['ballots']} told, of {electors} electors"
    if len(choices) < vote["detail_least_votes"]:
        if any(choices) or "yes" in told:
            yield f"{name} had {len(choices)} ballots, and more than the outcome is told"
        return
    if set(choices) - set(CHOICES):
        yield f"{name}: a ballot says something else than yes, no or abstain"
        return
    counts = [choices.count(choice) for choice in CHOICES]
    if counts != [told.get(choice) for choice in CHOICES]:
        yield f"{name}: counted {counts}, told {[told.get(choice) for choice in CHOICES]}"
    counted = outcome_of(electors, *counts, vote)
    if counted != outcome:
        yield f"{name}: the count gives {counted}, told is {outcome}"


def wrong(vote, expected_hash=None):
    """Give everything that is wrong with a vote, each a sentence."""
    yield from wrong_in_list(vote, expected_hash)
    for name, told in vote["colleges"].items():
        yield from wrong_in_college(name, told, vote)
    said = [vote["colleges"].get(name, {"outcome": "not_asked"})["outcome"] for name in vote["deciding"]]
    asked = [outcome for outcome in said if outcome != "not_asked"]
    follows = bool(asked) and all(outcome == "carried" for outcome in asked)
    if follows != vote["is_adopted"]:
        told = "adopted" if vote["is_adopted"] else "not adopted"
        yield f"told is that it was {told}, which does not follow from what the colleges say"


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Recount a vote from its published file.")
    parser.add_argument("file", help="what the vote's page gives as JSON")
    parser.add_argument("--hash", help="the list's SHA-256 as the public log has it")
    parser.add_argument("--receipt", help="look your own ballot up, here and nowhere else")
    asked = parser.parse_args(arguments)
    try:
        vote = read(asked.file)
        faults = list(wrong(vote, asked.hash and asked.hash.lower()))
    except (Unreadable, KeyError, TypeError) as why:
        print(
            why if isinstance(why, Unreadable) else f"{asked.file} is no file of a vote: {why!r}",
            file=sys.stderr,
        )
        return 2
    if asked.receipt:
        found = [line for line in vote["ballots"] if line[1] == asked.receipt.strip().upper()]
        if not found:
            faults.append(f"there is no ballot with the receipt {asked.receipt}")
        for college, receipt, choice in found:
            print(f"{receipt}: {choice or UNTOLD} ({college})")
    for name, told in vote["colleges"].items():
        if told["outcome"] != "not_asked" and "yes" not in told:
            print(f"{name}: too few ballots to be told; the outcome is taken as told: {told['outcome']}.")
    for fault in faults:
        print(f"{fault}.")
    result = "adopted" if vote["is_adopted"] else "not adopted"
    print(f"{len(vote['ballots'])} ballots recounted, {result}, {len(faults)} wrong.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
