"""`canut publish FILE`: make a project of a file of rows and put it before workers, on any Canut site."""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from canut.cli.failure import Failure
from canut.cli.opening import OPENS
from canut.cli.remote import Meter, add_site_arguments, connected, table
from canut_client import Canut, CanutError, Price, Project, RoundShort, Upload

STARTING_DESIGNS = ("pairwise", "classification", "translation-check")
COMPARATORS = (
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "equal_to",
    "not_equal_to",
    "exists",
    "missing",
)
WITHOUT_VALUE = ("exists", "missing")
BAD_ROWS_SHOWN = 10
IN_BRACES = re.compile(r"{{\s*([^{}]+?)\s*}}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="Rows as CSV, TSV or JSONL (.csv, .tsv, .jsonl)."
    )
    parser.add_argument(
        "--design",
        required=True,
        help=f"What a task looks like: {', '.join(STARTING_DESIGNS)}, or a file with a design's JSON, or "
        "with what SurveyJS (JSON) or Label Studio (XML) has written.",
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="NAME=COLUMN",
        help="Which column stands for what in the design, such as prompt=question. May be given often.",
    )
    parser.add_argument(
        "--choice",
        action="append",
        default=[],
        metavar="VALUE=LABEL",
        help="An answer of a classification. May be given often.",
    )
    answers = parser.add_mutually_exclusive_group()
    answers.add_argument("--answers", type=int, default=1, metavar="N", help="Answers wanted to each row.")
    answers.add_argument("--answers-column", default="", metavar="COL", help="The column that says how many.")
    parser.add_argument("--id-column", default="", metavar="COL", help="The column with the rows' ids.")
    pay = parser.add_mutually_exclusive_group(required=True)
    pay.add_argument("--reward", metavar="0.60", help="What one answer is paid.")
    pay.add_argument("--volunteer", action="store_true", help="Volunteer work: no pay, and marked as such.")
    parser.add_argument(
        "--minutes", type=minutes, required=True, metavar="2", help="How long one answer takes, such as 0.5."
    )
    parser.add_argument("--title", help="What workers see in their feed; else the design's title.")
    parser.add_argument("--description", default="", help="What workers read before they take a task.")
    parser.add_argument("--language", default="", help="The language workers need, such as fr.")
    parser.add_argument("--skip-bad-rows", action="store_true", help="Leave out rows that cannot be used.")
    parser.add_argument(
        "--launch-itself",
        action="store_true",
        help="When the prototype round has passed, pay for the rest and open it without asking again.",
    )
    parser.add_argument(
        "--opens",
        choices=OPENS,
        help="How it opens to workers: ladder, first those you rate best, then step by step everybody; "
        "throughput, further only when the work slows down; share, further when it falls behind other "
        "projects; open, to everybody at once. Else as the site's charter says.",
    )
    parser.add_argument(
        "--asks-guild",
        metavar="GUILD:LEVEL",
        help="Ask for a guild, by its number, and a least level in it, such as 12:2.",
    )
    parser.add_argument(
        "--asks-qualification",
        action="append",
        default=[],
        metavar="ID:HOW[:VALUE]",
        help="Ask for a qualification of yours, by its number, such as 7:at_least:80 or 7:exists. HOW is one "
        f"of {', '.join(COMPARATORS)}. May be given often; all must be met.",
    )
    parser.add_argument("--yes", action="store_true", help="Publish without asking again.")
    add_site_arguments(parser)


def run(options: argparse.Namespace) -> None:
    if not options.file.is_file():
        raise Failure(f"There is no file {options.file}.")
    asked = asked_for(options.asks_guild, options.asks_qualification)
    with connected(options) as canut:
        project = _drafted(canut, options)
        try:
            if asked:
                found = canut.set_requirements(project.id, asked)
                print("\n".join(one.sentence for one in found.requirements))
            upload = _uploaded(canut, project, options)
            _refuse_missing_columns(project, upload)
            _added(canut, upload, options)
            _published(canut, project, options)
        except (Failure, CanutError, KeyboardInterrupt):
            print(f"The draft is kept: {_address(options, project)}", file=sys.stderr)
            raise


def _drafted(canut: Canut, options: argparse.Namespace) -> Project:
    columns, choices = _pairs(options.map, "--map"), _pairs(options.choice, "--choice")
    given: dict[str, Any] = {
        "description": options.description,
        "language": options.language,
        "volunteer": options.volunteer,
        "reward": options.reward,
        "expected_seconds": max(1, round(options.minutes * 60)),
        "answers_per_task": options.answers,
        "launches_itself": options.launch_itself,
        "cascade_policy": options.opens or "",
    }
    if options.design in STARTING_DESIGNS:
        title = options.title or options.file.stem
        return canut.create_project(
            title=title,
            starting_design=options.design,
            columns=columns,
            choices=list(choices.items()) or None,
            **given,
        )
    if choices:
        raise Failure(
            "--choice goes with --design classification; a design of your own has its choices in it."
        )
    design = design_of_file(canut, Path(options.design), columns)
    return canut.create_project(
        title=options.title or design.get("title") or options.file.stem, design=design, **given
    )


def design_of_file(canut: Canut, path: Path, columns: Mapping[str, str]) -> dict[str, Any]:
    """Return a design from its file, its columns renamed as --map says.

    What SurveyJS or Label Studio has written is read by the site, and what it leaves out is told.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        design = None if text.lstrip().startswith("<") else json.loads(text)
    except FileNotFoundError:
        raise Failure(
            f"There is no design called {path}: it is {', '.join(STARTING_DESIGNS)}, or a file."
        ) from None
    except ValueError as error:
        raise Failure(f"{path} is no JSON: {error}.") from error
    if design is not None and not isinstance(design, dict):
        raise Failure(f"{path} holds no design: that is one JSON object.")
    if design is None or "items" not in design:
        understood = canut.read_design(text)
        print(f"{path} was read as a design of {understood.origin}.", file=sys.stderr)
        for sentence in understood.left_out:
            print(f"{path}: {sentence}", file=sys.stderr)
        design = dict(understood.design)
    renamed = json.loads(
        IN_BRACES.sub(lambda found: f"{{{{{columns.get(found[1], found[1])}}}}}", json.dumps(design))
    )
    assert isinstance(renamed, dict)
    return renamed


def _uploaded(canut: Canut, project: Project, options: argparse.Namespace) -> Upload:
    upload = canut.upload(project.id, options.file)
    upload = canut.wait_for_upload(upload.id, progress=Meter("Reading"))
    if upload.state == "read" and (options.id_column or options.answers_column):
        canut.choose_columns(upload.id, key=options.id_column, answers=options.answers_column)
        upload = canut.wait_for_upload(upload.id, progress=Meter("Reading the columns"))
    if upload.state == "refused":
        raise Failure(f"{options.file}: {upload.problem}")
    for bad in upload.errors[:BAD_ROWS_SHOWN]:
        print(f"{options.file}, line {bad.line}: {bad.sentence}", file=sys.stderr)
    if upload.error_count > BAD_ROWS_SHOWN:
        print(f"... and {upload.error_count - BAD_ROWS_SHOWN} more rows like these.", file=sys.stderr)
    if upload.error_count and not options.skip_bad_rows:
        raise Failure(
            f"{upload.error_count} of {upload.row_count + upload.error_count} rows cannot be used. "
            "Mend them, or leave them out with --skip-bad-rows."
        )
    return upload


def _refuse_missing_columns(project: Project, upload: Upload) -> None:
    shown = dict.fromkeys(IN_BRACES.findall(json.dumps(project.revision.design, ensure_ascii=False)))
    if missing := [name for name in shown if name not in upload.columns]:
        raise Failure(
            f"The design shows columns that the file does not have: {', '.join(missing)}. It has: "
            f"{', '.join(upload.columns)}. Say which is which, as in --map {missing[0]}={upload.columns[0]}."
        )


def _added(canut: Canut, upload: Upload, options: argparse.Namespace) -> None:
    canut.add_upload(upload.id, skip_bad=options.skip_bad_rows)
    added = canut.wait_for_upload(upload.id, progress=Meter("Adding"))
    if added.state != "added":
        raise Failure(added.problem or "The rows were not added.")


def _published(canut: Canut, project: Project, options: argparse.Namespace) -> None:
    price = canut.quote(project.id)
    print(quote_text(price, volunteer=options.volunteer))
    if price.lacking.amount_minor:
        raise Failure(
            f"The balance is {price.balance}, which lacks {price.lacking}. Add it on "
            f"{options.server.rstrip('/')}/money/, then publish the draft."
        )
    if not options.yes and not _agrees(price, volunteer=options.volunteer):
        raise Failure("Nothing was published.")
    published = canut.publish(project.id, agreed_total=price.total)
    print(f"Published: {_address(options, published)}")
    if published.cascade_policy != "open":
        print(f"It opens {OPENS[published.cascade_policy]}; `canut status {project.id}` says how far.")
    if published.round is not None and published.round.state == "running":
        itself = published.launches_itself
        print(in_a_round(published.round, launches_itself=itself, volunteer=published.kind == "volunteer"))
    print(
        f"Watch it with `canut status {project.id} --watch`; `canut results {project.id}` brings the answers."
    )


def in_a_round(found: RoundShort, *, launches_itself: bool, volunteer: bool) -> str:
    """Say what happens now that a design is tried first."""
    if launches_itself:
        follows = f"If they do, the rest {'' if volunteer else 'is paid for and '}opens by itself."
    else:
        paid = "" if volunteer else ": nothing more is paid before that"
        follows = f"If they do, open the rest with `canut launch`{paid}."
    return (
        f"Its design is tried first: {found.places} answers to {found.tasks} tasks are open, and the workers "
        f"say what is unclear and vote whether to publish the rest. {follows}"
    )


def quote_text(price: Price, *, volunteer: bool) -> str:
    tried = _tried_first(price, volunteer=volunteer)
    if volunteer:
        return f"{price.places} answers, done by volunteers.{tried}"
    rows = [[f"{price.places} answers at {price.reward}", str(price.pay)]]
    rows += [[name.replace("_", " "), str(amount)] for name, amount in price.dues.items()]
    rows += [["reserve for rework (comes back if unused)", str(price.reserve)], ["total", str(price.total)]]
    return f"{table(rows, right=(1,))}\nThat is {price.hourly} an hour for the time you expect.{tried}"


def _tried_first(price: Price, *, volunteer: bool) -> str:
    if price.round is None:
        return ""
    later = (
        ""
        if price.rest is None or volunteer
        else f" The rest costs {price.rest} later, if they vote to publish it."
    )
    return (
        "\nThis is for a prototype round, with which every new design begins: "
        f"{price.round.places} answers to {price.round.tasks} tasks.{later}"
    )


def _agrees(price: Price, *, volunteer: bool) -> bool:
    if not sys.stdin.isatty():
        raise Failure("Say --yes to publish without being asked.")
    question = "Publish?" if volunteer else f"Publish for {price.total}?"
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")


def _address(options: argparse.Namespace, project: Project) -> str:
    return f"{options.server.rstrip('/')}/studio/{project.id}/"


def _pairs(written: list[str], option: str) -> dict[str, str]:
    """Return NAME=VALUE options as a mapping.

    Raises:
        Failure: one has no = in it.
    """
    pairs = {}
    for each in written:
        name, sign, value = each.partition("=")
        if not (sign and name.strip() and value.strip()):
            raise Failure(f"{option} {each} has another form than NAME=VALUE.")
        pairs[name.strip()] = value.strip()
    return pairs


def asked_for(guild: str | None, qualifications: Sequence[str]) -> list[dict[str, Any]]:
    """Return what standings a project asks for, as --asks-guild and --asks-qualification write it.

    Raises:
        Failure: one has another form.
    """
    asked: list[dict[str, Any]] = []
    if guild is not None:
        found = re.fullmatch(r"(\d{1,18}):(\d{1,3})", guild)
        if found is None:
            raise Failure(f"--asks-guild {guild} has another form than GUILD:LEVEL, such as 12:2.")
        asked.append({"scale": "guild", "scale_id": int(found[1]), "value": int(found[2])})
    for written in qualifications:
        found = re.fullmatch(r"(\d{1,18}):(\w+)(?::(-?\d{1,10}(?:[.,]\d{1,2})?))?", written)
        if found is None or found[2] not in COMPARATORS or (found[3] is None) != (found[2] in WITHOUT_VALUE):
            raise Failure(
                f"--asks-qualification {written} has another form than ID:HOW:VALUE, such as 7:at_least:80 "
                f"or 7:exists. HOW is one of {', '.join(COMPARATORS)}."
            )
        value = None if found[3] is None else float(found[3].replace(",", "."))
        asked.append(
            {"scale": "qualification", "scale_id": int(found[1]), "comparator": found[2], "value": value}
        )
    return asked


def minutes(text: str) -> Decimal:
    """Return a time as it is written on the command line."""
    try:
        written = Decimal(text.replace(",", "."))
    except InvalidOperation:
        written = Decimal(0)
    if not written.is_finite() or written <= 0:
        raise argparse.ArgumentTypeError("write minutes as a number above zero, such as 2 or 0.5")
    return written
