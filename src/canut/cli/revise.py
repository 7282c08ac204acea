"""`canut revise PROJECT`: change a published project's design or price, and publish the revision."""

import argparse
import sys
from pathlib import Path
from typing import Any

from canut.cli.failure import Failure
from canut.cli.publish import design_of_file, in_a_round, minutes, quote_text
from canut.cli.remote import add_site_arguments, connected
from canut.kernel.money import plain
from canut_client import Canut, CanutError, Project, RevisionOfProject, TermChanged


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=int, help="The project's number.")
    parser.add_argument("--design", type=Path, metavar="FILE", help="A file with the whole new design.")
    parser.add_argument("--reward", metavar="0.60", help="What one answer is paid from now on.")
    parser.add_argument(
        "--minutes", type=minutes, metavar="2", help="How long one answer takes, such as 0.5."
    )
    parser.add_argument("--answers", type=int, metavar="N", help="Answers wanted to each row.")
    parser.add_argument(
        "--anew",
        action="store_true",
        help="Ask rows that are answered again, of everybody; else they keep their answers.",
    )
    parser.add_argument("--discard", action="store_true", help="Throw away a revision that was begun.")
    parser.add_argument("--yes", action="store_true", help="Publish without asking again.")
    add_site_arguments(parser)


def run(options: argparse.Namespace) -> None:
    with connected(options) as canut:
        if options.discard:
            canut.discard_revision(options.project)
            print("Discarded: the project is as it was before, and paused.")
            return
        changes = _changes(canut, options)
        if not changes and not options.anew:
            raise Failure("Say what to change: --design, --reward, --minutes, --answers or --anew.")
        project = canut.begin_revision(options.project, keeps_answers=not options.anew)
        try:
            published = _published(canut, project, changes, options)
        except (Failure, CanutError, KeyboardInterrupt):
            kept = f"The revision is kept and not published: `canut revise {project.id} --discard`."
            print(kept, file=sys.stderr)
            raise
        print(f"Published: revision {published.revision.number}.")
        if published.round is not None and published.round.state == "running":
            itself, volunteer = published.launches_itself, published.kind == "volunteer"
            print(in_a_round(published.round, launches_itself=itself, volunteer=volunteer))


def _published(
    canut: Canut, project: Project, changes: dict[str, Any], options: argparse.Namespace
) -> Project:
    """Return the project once its revision is changed, told, agreed to and published."""
    if changes:
        canut.change_draft(project.id, **changes)
    print(revision_text(canut.revisions(project.id).items[0]))
    price = canut.quote(project.id)
    volunteer = project.kind == "volunteer"
    print(quote_text(price, volunteer=volunteer))
    if not options.yes and not _agrees(volunteer=volunteer, total=str(price.total)):
        raise Failure("Nothing was published.")
    return canut.publish(project.id, agreed_total=price.total)


def revision_text(revision: RevisionOfProject) -> str:
    """Say what a revision changes, a line for each thing."""
    lines = [*revision.changes, *(_term(one, revision.reward.currency) for one in revision.terms_changed)]
    lines = lines or ["Nothing differs from the revision before."]
    return f"Revision {revision.number}:\n" + "\n".join(f"  {line}" for line in lines)


def _term(changed: TermChanged, currency: str) -> str:
    before, after = (
        f"{plain(value, currency)} {currency}" if changed.kind == "money" else str(value)
        for value in (changed.before, changed.after)
    )
    return f"{changed.name.removesuffix('_minor').replace('_', ' ')}: {before} is {after} now."


def _changes(canut: Canut, options: argparse.Namespace) -> dict[str, Any]:
    given = {
        "design": None if options.design is None else design_of_file(canut, options.design, {}),
        "reward": options.reward,
        "expected_seconds": None if options.minutes is None else max(1, round(options.minutes * 60)),
        "answers_per_task": options.answers,
    }
    return {name: value for name, value in given.items() if value is not None}


def _agrees(*, volunteer: bool, total: str) -> bool:
    if not sys.stdin.isatty():
        raise Failure("Say --yes to publish without being asked.")
    question = "Publish?" if volunteer else f"Publish for {total}?"
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
