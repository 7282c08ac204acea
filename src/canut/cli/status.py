"""`canut status`: how far one's projects are, on any Canut site."""

import argparse
import sys
import time
from itertools import islice

from canut.cli.remote import add_site_arguments, connected, table
from canut_client import Canut, Progress, Project

PROJECTS_SHOWN = 20
WATCH_SECONDS = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "project", nargs="?", type=int, help="A project's number; without it, the newest ones."
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="Go on saying how far the project is until it can get no further.",
    )
    add_site_arguments(parser)


def run(options: argparse.Namespace) -> None:
    with connected(options) as canut:
        if options.project is None:
            print(_all(canut))
        elif options.watch:
            _watch(canut, options.project)
        else:
            project = canut.project(options.project)
            print(_one(project, canut.progress(project.id)))


def _all(canut: Canut) -> str:
    rows = [["", "title", "state", "answers", "to decide"]]
    for project in islice(canut.projects(), PROJECTS_SHOWN):
        progress = canut.progress(project.id)
        answers = f"{progress.answers_in} of {progress.answers_wanted}"
        rows.append([str(project.id), project.title, project.state, answers, str(progress.to_decide)])
    return (
        table(rows, right=(0, 4)) if len(rows) > 1 else "You have no projects yet: `canut publish` makes one."
    )


def _one(project: Project, progress: Progress) -> str:
    share = 100 * progress.answers_in // max(1, progress.answers_wanted)
    rows = [
        [f"{progress.answers_in} of {progress.answers_wanted}", f"answers are in ({share} %)"],
        [str(progress.open), "places are open"],
        [str(progress.in_hand), "are in hand"],
        [str(progress.to_decide), "wait for your decision"],
        [str(progress.returned), "went back for rework"],
        [str(progress.approved), "are approved"],
        [str(progress.rejected + progress.released), "were rejected"],
    ]
    if progress.rows_waiting:
        rows.append([str(progress.rows_waiting), "rows wait to be paid for"])
    money = "" if progress.is_volunteer else f"\nPaid {progress.paid}; {progress.set_aside} set aside."
    return f"{project.id} {project.title}: {project.state}\n{table(rows, right=(0,))}{money}"


def _watch(canut: Canut, project_id: int) -> None:
    """Show a project again and again, in place where there is a screen, else where it has changed."""
    before, height = "", 0
    while True:
        project, progress = canut.project(project_id), canut.progress(project_id)
        shown = _one(project, progress)
        if shown != before:
            if sys.stdout.isatty() and height:
                print(f"\x1b[{height}F\x1b[J", end="")
            print(shown, flush=True)
            before, height = shown, shown.count("\n") + 1
        if _is_over(progress):
            return
        time.sleep(WATCH_SECONDS)


def _is_over(progress: Progress) -> bool:
    under_way = progress.in_hand + progress.to_decide + progress.returned
    return progress.is_complete or (progress.state == "closed" and not under_way) or progress.state == "draft"
