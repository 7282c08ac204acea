"""`canut status`: how far one's projects are, on any Canut site."""

import argparse
import sys
import time
from itertools import islice

from canut.cli.opening import opens_text
from canut.cli.remote import add_site_arguments, connected, table
from canut_client import Canut, Progress, Project, Round

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
            opens = opens_text(canut.cascade(project.id))
            print(_one(project, canut.progress(project.id), _votes(canut, project), opens))


def _all(canut: Canut) -> str:
    rows = [["", "title", "state", "answers", "to decide"]]
    for project in islice(canut.projects(), PROJECTS_SHOWN):
        progress = canut.progress(project.id)
        answers = f"{progress.answers_in} of {progress.answers_wanted}"
        rows.append([str(project.id), project.title, project.state, answers, str(progress.to_decide)])
    return (
        table(rows, right=(0, 4)) if len(rows) > 1 else "You have no projects yet: `canut publish` makes one."
    )


def _votes(canut: Canut, project: Project) -> Round | None:
    return None if project.round is None else canut.prototype_round(project.id)


def _one(project: Project, progress: Progress, tried: Round | None, opens: str) -> str:
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
    told = "" if tried is None else f"\n{_told(project, tried)}"
    further = f"\n{opens}" if opens else ""
    return f"{project.id} {project.title}: {project.state}\n{table(rows, right=(0,))}{money}{told}{further}"


def _told(project: Project, tried: Round) -> str:
    """Say how a prototype round stands, and what its owner can do next."""
    votes = f"{tried.publish} of {tried.publish + tried.revise} votes are to publish"
    if project.revision.published_at is None:
        return f"Revision {project.revision.number} was begun and is not published: nothing can be taken."
    match tried.state:
        case "running":
            return f"A prototype round runs: {tried.handed_in} of {tried.places} answers are in; {votes}."
        case "passed" if tried.launched_at is not None:
            return f"Its prototype round has passed: {votes}."
        case "passed" if project.launches_itself and tried.may_launch:
            return f"Its prototype round has passed: {votes}. The rest opens by itself."
        case "passed" if tried.may_launch:
            suggested = "" if tried.suggested_reward is None else _raise(tried)
            return f"Its prototype round has passed: {votes}.{suggested or _launch(project)}"
        case "stopped":
            mended = f"\nMend it with `canut revise {project.id}`, which is tried anew."
            return f"Its workers ask for a revision: {votes}.{_comments(tried)}{mended}"
        case "refunded":
            return (
                "Its prototype round ended before enough people took part; the rest of its money came back."
            )
    return f"Its prototype round has passed: {votes}."


def _comments(tried: Round) -> str:
    """Say what the workers of a round wrote, and what to mend by it, a line for each."""
    said = [f"  {one.verdict}: {' '.join(one.unclear.split())}" for one in tried.voices if one.unclear]
    mends = [f"  {one.change} {one.seen}" for one in tried.mends]
    lines = [*(["Its workers say:", *said] if said else []), *(["What to mend:", *mends] if mends else [])]
    return "".join(f"\n{line}" for line in lines)


def _launch(project: Project) -> str:
    return f" Open the rest with `canut launch {project.id}`."


def _raise(tried: Round) -> str:
    return (
        f" The typical task took {tried.median_seconds} seconds, for which the least reward is "
        f"{tried.suggested_reward}: raise it in a revision, which needs no new round, then publish it."
    )


def _watch(canut: Canut, project_id: int) -> None:
    """Show a project again and again, in place where there is a screen, else where it has changed."""
    before, height = "", 0
    while True:
        project, progress = canut.project(project_id), canut.progress(project_id)
        tried = _votes(canut, project)
        shown = _one(project, progress, tried, opens_text(canut.cascade(project_id)))
        if shown != before:
            if sys.stdout.isatty() and height:
                print(f"\x1b[{height}F\x1b[J", end="")
            print(shown, flush=True)
            before, height = shown, shown.count("\n") + 1
        if _is_over(progress) or (tried is not None and _waits_for_owner(project, tried)):
            return
        time.sleep(WATCH_SECONDS)


def _waits_for_owner(project: Project, tried: Round) -> bool:
    """Tell whether nothing goes on before the owner launches the rest or revises the design."""
    if project.revision.published_at is None or tried.state in ("stopped", "refunded"):
        return True
    return tried.may_launch and not project.launches_itself


def _is_over(progress: Progress) -> bool:
    under_way = progress.in_hand + progress.to_decide + progress.returned
    return progress.is_complete or (progress.state == "closed" and not under_way) or progress.state == "draft"
