"""`canut lab`: simulated crowds, on this site or on the rules alone."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canut.cli.failure import Failure
from canut.cli.sites import site

if TYPE_CHECKING:
    from canut.lab.replay_data import RealCrowd
    from canut.work.models import Project

BOOMERANG = "Show what ratings that come back to the rater change, with simulated raters on the real rules."

SETTING = "Run this site's last months again under another value of a charter parameter."

GUILDS = "Show what levels and reviews of a guild tell, and what a ring gains, on the real rules."


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
    _add_boomerang(commands.add_parser("boomerang", help=BOOMERANG, description=BOOMERANG))
    _add_guilds(commands.add_parser("guilds", help=GUILDS, description=GUILDS))
    _add_setting(commands.add_parser("replay-setting", help=SETTING, description=SETTING))


def _add_boomerang(parser: argparse.ArgumentParser) -> None:
    say = parser.add_argument
    _say_seeds(parser)
    say("--colluders", type=float, default=0.2, help="Share of raters who collude (default: %(default)s).")
    say("--strategic", type=float, default=0.5, help="Share of strategic raters (default: %(default)s).")
    say(
        "--honest",
        type=float,
        default=0.25,
        help="Share of honest ones; the rest is careless (default: 0.25).",
    )
    say("--pressure", type=float, default=1.0, help="What rating low costs among people (default: 1).")
    say("--candour", type=float, default=0.5, help="What saying other than one thinks costs (default: 0.5).")
    say("--stake", type=float, default=1.0, help="What better work next time is worth (default: 1).")
    _say_output(parser, "lab-boomerang")
    say("--brief", action="store_true", help="Only what is checked: no other assumptions, no newcomers.")
    say("--check", action="store_true", help="Exit with 1 unless every checked interval is as published.")


def _add_guilds(parser: argparse.ArgumentParser) -> None:
    say = parser.add_argument
    _say_seeds(parser)
    say("--members", type=int, default=100, help="How many members a guild has (default: %(default)s).")
    say("--tasks", type=int, default=1000, help="How many tasks each of them does (default: %(default)s).")
    say("--lazy", type=float, default=0.15, help="Share of reviewers who do not look (default: %(default)s).")
    say("--ring", type=int, default=10, help="How many friends collude (default: %(default)s).")
    say(
        "--recognised",
        type=float,
        default=0.5,
        help="Share of friends' work that friends know though reviews are blind (default: %(default)s).",
    )
    say(
        "--rejected",
        type=float,
        help="Share of work that every requester rejects (default: nine in ten reject 0.005, others more).",
    )
    _say_output(parser, "lab-guilds")
    say(
        "--brief", action="store_true", help="Only what is checked: no other assumptions, all rules in force."
    )
    say(
        "--check",
        action="store_true",
        help="Exit with 1 unless the score leads the acceptance rate by 0.2 at 100 tasks, and the ring gains "
        "at most one level.",
    )


def _add_setting(parser: argparse.ArgumentParser) -> None:
    say = parser.add_argument
    say("parameter", help="The parameter's name, such as pay.floor_hourly_minor.")
    say("value", help="The value to try: 1600, 0.065, yes, ladder, or a list in quotes such as '2 1.99 1'.")
    say("--country", default="", help="For a country alone, by its code.")
    say("--guild", default="", help="For a guild alone, by its number.")
    say("--status", default="", help="For a working status alone.")
    say("--language", choices=["en", "fr"], default="en", help="Of what is printed (default: %(default)s).")
    _say_output(parser, "lab-replay")


def _say_seeds(parser: argparse.ArgumentParser) -> None:
    say = parser.add_argument
    say("--seeds", type=int, default=100, help="How many runs of each kind (default: %(default)s).")
    say(
        "--seed", type=int, default=1, help="The seed of the first; the others follow (default: %(default)s)."
    )


def _say_output(parser: argparse.ArgumentParser, folder: str) -> None:
    say = parser.add_argument
    say("--out", type=Path, default=Path(folder), help="Folder for pictures (default: %(default)s).")
    say("--format", choices=["text", "json"], default="text", help="What is printed (default: %(default)s).")


def run(options: argparse.Namespace) -> int:
    does = {
        "replay": _replay,
        "round": _round,
        "boomerang": _boomerang,
        "guilds": _guilds,
        "replay-setting": _replay_setting,
    }
    return does[options.experiment](options)


def _boomerang(options: argparse.Namespace) -> int:
    from canut.lab.boomerang import as_json, run_boomerang
    from canut.lab.boomerang_agents import Agents
    from canut.lab.boomerang_plots import draw
    from canut.lab.boomerang_tables import as_text

    seeds = _seeds(options)
    asked = ("colluders", "strategic", "honest", "pressure", "candour", "stake")
    try:
        agents = Agents(**{name: getattr(options, name) for name in asked})
    except ValueError as error:
        raise Failure(f"These agents cannot be: {error}.") from error
    _make_folder(options.out)
    report = run_boomerang(agents, seeds=seeds, brief=options.brief, say=_say_aside)
    _give(options, as_text(report), as_json(report), lambda: draw(report, options.out))
    return 1 if options.check and report.failed() else 0


def _guilds(options: argparse.Namespace) -> int:
    from canut.lab.guilds import as_json, run_guilds
    from canut.lab.guilds_people import REQUESTERS, Members
    from canut.lab.guilds_plots import draw
    from canut.lab.guilds_tables import as_text

    seeds = _seeds(options)
    asked = ("members", "tasks", "lazy", "ring", "recognised")
    requesters = REQUESTERS if options.rejected is None else ((1.0, options.rejected),)
    try:
        members = Members(requesters=requesters, **{name: getattr(options, name) for name in asked})
    except ValueError as error:
        raise Failure(f"These members cannot be: {error}.") from error
    _make_folder(options.out)
    report = run_guilds(members, seeds=seeds, brief=options.brief, say=_say_aside)
    _give(options, as_text(report), as_json(report), lambda: draw(report, options.out))
    return 1 if options.check and report.failed() else 0


def _replay_setting(options: argparse.Namespace) -> int:
    with site():
        from django.utils import translation

        from canut.charter.parameters import PARAMETERS, ScopeKind
        from canut.charter.rules import ValueRefused
        from canut.kernel import clock
        from canut.lab.replays.charters import Setting
        from canut.lab.replays.families import replay_setting
        from canut.lab.replays.report import to_plain
        from canut.lab.replays.text import as_text, typed_value
        from canut.lab.replays.wording import say

        parameter = PARAMETERS.get(options.parameter)
        if parameter is None:
            raise Failure(f"The charter has no parameter {options.parameter}; /charter/ lists them.")
        scopes = {ScopeKind.COUNTRY: options.country, ScopeKind.GUILD: options.guild}
        named = [(k, v) for k, v in (scopes | {ScopeKind.STATUS: options.status}).items() if v]
        if len(named) > 1 or any(kind not in parameter.scopes for kind, _key in named):
            raise Failure(f"{options.parameter} cannot be set for that alone.")
        kind, key = named[0] if named else (ScopeKind.SITE, "")
        _make_folder(options.out)
        try:
            setting = Setting(options.parameter, typed_value(parameter, options.value), kind, key)
            report = replay_setting(setting, at=clock.now(), tell=_tell_share)
        except ValueRefused as error:
            raise Failure(f"{options.parameter} cannot be {options.value}: {error.what}.") from error
        except ValueError as error:
            raise Failure(f"{error}.") from error
        with translation.override(options.language):
            said = say(report)
            text = as_text(said)

        def draw() -> None:
            for number, one in enumerate(said.charts, start=1):
                if one.chart is not None:
                    (options.out / f"{number}.svg").write_text(one.chart.svg.as_file(), encoding="utf-8")

        _give(options, text, to_plain(report), draw)
    return 0


def _tell_share(share: float) -> None:
    print(f"\r{share:.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


def _seeds(options: argparse.Namespace) -> range:
    from canut.lab.boomerang_statistics import LEAST_RUNS

    if options.seeds < LEAST_RUNS:
        raise Failure(f"An interval needs at least {LEAST_RUNS} runs; ask for more with --seeds.")
    return range(options.seed, options.seed + options.seeds)


def _say_aside(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"{folder} cannot be made a folder: {error.strerror}.") from error


def _give(
    options: argparse.Namespace, text: str, plain: Mapping[str, Any], draws: Callable[[], object]
) -> None:
    """Print a study's tables or results, and write them and the pictures into the folder asked for."""
    found = json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
    print(text if options.format == "text" else found, end="")
    try:
        (options.out / "tables.txt").write_text(text, encoding="utf-8")
        (options.out / "results.json").write_text(found, encoding="utf-8")
        draws()
    except OSError as error:
        raise Failure(f"{options.out} cannot be written to: {error.strerror}.") from error
    _say_aside(f"Tables, results and pictures are in {options.out}/.")


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
