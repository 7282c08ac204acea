"""`canut lab`: simulated crowds on this site."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from canut.cli.failure import Failure
from canut.cli.sites import site

if TYPE_CHECKING:
    from canut.lab.replay_data import RealCrowd
    from canut.work.models import Project


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="experiment", metavar="EXPERIMENT", required=True)
    does = "Play a folder of real answers again, through the site's API."
    replay = commands.add_parser("replay", help=does, description=does)
    say = replay.add_argument
    say("folder", type=Path, help="A folder with answers.csv, and tasks.jsonl or gold.csv.")
    say("--server", default="http://127.0.0.1:8000", help="The running site (default: %(default)s).")
    say("--project", type=int, help="Play into this live project instead of publishing one.")
    say("--owner", help="The sign-in name of the requester who publishes (default: a simulated one).")
    say("--reward", default="", help="Pay for an answer, such as 0.60 (default: by the floor).")
    say("--minutes", type=float, default=0, help="Expected minutes (default: by the data).")
    say("--at-once", type=int, default=8, help="How many workers work at once (default: %(default)s).")
    does = "Try a vague design on simulated workers, revise it, and try it again: the prototype rounds."
    tried = commands.add_parser("round", help=does, description=does)
    say = tried.add_argument
    say("folder", type=Path, help="A folder with tasks.csv (number, sentence) and answers.csv (polarity).")
    say("--seed", type=int, default=1, help="Whom the lot falls on (default: %(default)s).")
    say("--no-launch", action="store_true", help="Stop once the revision's round has passed.")


def run(options: argparse.Namespace) -> int:
    return {"replay": _replay, "round": _round}[options.experiment](options)


def _round(options: argparse.Namespace) -> int:
    with site():
        from canut.kernel.refusals import Refusal
        from canut.lab.try_design import NothingToTry, read_opinions, try_design

        try:
            opinions = read_opinions(options.folder)
            project, tried = try_design(
                opinions,
                name=options.folder.name,
                seed=options.seed,
                say=lambda sentence: print(sentence, flush=True),
                launches=not options.no_launch,
            )
        except NothingToTry as error:
            raise Failure(str(error)) from error
        except Refusal as refusal:
            raise Failure(f"{refusal} ({refusal.code})") from refusal
        print(f"Project {project.pk}, {project.state}: /studio/{project.pk}/round/")
    return 0 if [one.page.figures.state for one in tried] == ["stopped", "passed"] else 1


def _replay(options: argparse.Namespace) -> int:
    from canut.lab.replay_data import NoReplayInThere, read_crowd

    try:
        crowd = read_crowd(options.folder)
    except NoReplayInThere as error:
        raise Failure(str(error)) from error
    with site():
        from canut.kernel.refusals import Refusal
        from canut.lab.replay import Progress, ReplayFailed, play

        def show(progress: Progress) -> None:
            refused = ", ".join(f"{count} {code}" for code, count in sorted(progress.refused.items()))
            line = f"{progress.done:,} of {progress.total:,} answers; refused: {refused or 'none'}"
            print(f"\r{line}", end="", file=sys.stderr, flush=True)

        try:
            project = _project(options, crowd)
            print(f"Project {project.pk}: {options.server}/studio/{project.pk}/", flush=True)
            progress = play(crowd, project, server=options.server, at_once=options.at_once, on_progress=show)
        except ReplayFailed as error:
            raise Failure(str(error)) from error
        except Refusal as refusal:
            raise Failure(f"{refusal} ({refusal.code})") from refusal
        print(file=sys.stderr)
        print(f"{progress.handed_in:,} answers of {len(crowd.by_worker)} workers handed in.")
        for code, count in sorted(progress.refused.items()):
            print(f"{count:,} refused: {code}")
    return 0


def _project(options: argparse.Namespace, crowd: "RealCrowd") -> "Project":
    from canut.charter.queries import floor_highest
    from canut.kernel import clock
    from canut.kernel.money import parse_minor
    from canut.lab.replay import publish_crowd, requester_for
    from canut.people.models import Person
    from canut.work.models import Project
    from canut.work.rules import least_reward_minor

    if options.project:
        project = Project.objects.filter(pk=options.project).first()
        if project is None:
            raise Failure(f"There is no project {options.project} on this site.")
        return project
    owner = requester_for(crowd, at=clock.now())
    if options.owner:
        named = Person.objects.filter(username=options.owner.lower()).first()
        if named is None:
            raise Failure(f"Nobody signs in as {options.owner} here.")
        owner = named
    seconds = round(options.minutes * 60) or (120 if crowd.is_pairs else 20)
    floor = least_reward_minor(expected_seconds=seconds, floor_hourly_minor=floor_highest(at=clock.now()))
    reward = parse_minor(options.reward, "EUR") if options.reward else floor
    return publish_crowd(crowd, owner=owner, reward_minor=reward, expected_seconds=seconds)
