"""`canut sanctions`: what people decided about whom. It only lists: people decide, on the site, by name."""

import argparse

from canut.cli.sites import site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="Those that have ended too.")
    parser.epilog = (
        "Nothing can be decided, delivered or ended here: a person decides a sanction on the site, under "
        "their name, and the database lets none act without its reasons having been delivered before."
    )


def run(options: argparse.Namespace) -> None:
    with site():
        for line in lines(ended_too=options.all):
            print(line)


def lines(*, ended_too: bool) -> list[str]:
    """Return a line for each sanction, newest first, and one for what programs propose."""
    from canut.justice.sanctions.queries import every_sanction, proposals_waiting
    from canut.kernel import clock

    told = []
    for card in every_sanction(at=clock.now(), ended_too=ended_too):
        state = card.ended_how or ("holds" if card.holds else "not in effect")
        waits = ", waits to be looked at again" if card.waits_for_review else ""
        told.append(
            f"{card.id}  {card.decided_at:%Y-%m-%d}  {card.screen_name}  {card.kind}  {card.ground}  "
            f"by {card.decided_by}  {state}{waits}"
        )
    waiting = proposals_waiting()
    proposed = [f"Programs propose {waiting} more; a person decides on the site."] if waiting else []
    return [*(told or ["There are no sanctions."]), *proposed]
