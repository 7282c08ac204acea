"""`canut publish`, `canut status` and `canut results`: a requester's job from the command line."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import polars
import pytest
from tests.api.calls import key_of
from tests.api.scenarios.cast import Cast
from tests.builders import ANSWER, CHOICE_DESIGN, a_project, a_submission
from tests.client.in_process import InProcess
from tests.work.asked import a_guild, a_qualification
from tests.work.rounds import REVISE, a_crowd, fill_round, round_of

from canut.cli.main import main
from canut.reputation.models import Rating
from canut.work.models import Computation, Place, Project
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.choose_cascade import choose_cascade
from canut.work.usecases.compute_results import work_out_results
from canut.work.usecases.export_results import write_export
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.rate_worker import rate_worker
from canut_client import Canut

pytestmark = pytest.mark.django_db
Run = Callable[..., int]

PAIRS = [
    {"id": f"{number}", "q": f"Question {number}", "one": "Yes", "two": "No", "model_a": "x", "model_b": "y"}
    for number in range(3)
]
MAP = ("--map", "prompt=q", "--map", "a=one", "--map", "b=two")


@pytest.fixture
def canut(cast: Cast, site: InProcess, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line against the site in this process, as the requester."""
    monkeypatch.setenv("CANUT_KEY", key_of(cast.requester, ["projects", "results", "review"]))
    monkeypatch.setattr(
        "canut.cli.remote.Canut", lambda server, key: Canut("http://127.0.0.1", key, transport=site)
    )
    monkeypatch.setattr("time.sleep", lambda _seconds: _jobs(cast))
    monkeypatch.setattr("canut.cli.remote.SERVER", "http://127.0.0.1")

    def run(*words: object) -> int:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        return int(left.value.code or 0)

    return run


def _jobs(cast: Cast) -> None:
    """Do what jobs do while somebody waits."""
    for computation in Computation.objects.filter(finished_at=None):
        work = work_out_results if computation.asked["kind"] == "statistics" else write_export
        work(computation_id=computation.pk, at=cast.at)


def jsonl(folder: Path, rows: object) -> Path:
    path = folder / "tasks.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))  # type: ignore[attr-defined]
    return path


def published(canut: Run, folder: Path) -> Project:
    file = jsonl(folder, PAIRS)
    words = ("--design", "pairwise", *MAP, "--answers", 2, "--reward", "0.60", "--minutes", 2, "--yes")
    assert canut("publish", file, *words) == 0
    return Project.objects.get()


def test_how_it_opens_is_chosen_when_publishing_and_said_by_status(
    canut: Run, cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    since = cast.at - timedelta(hours=1)
    done = a_submission(worker=cast.peer, project=a_project(owner=cast.requester, rows=1, at=since), at=since)
    rate_worker(submission_id=done.pk, by=cast.requester, value=Decimal(3), at=since)
    file = jsonl(tmp_path, PAIRS)
    words = ("--design", "pairwise", *MAP, "--answers", 2, "--reward", "0.60", "--minutes", 2, "--yes")
    assert canut("publish", file, *words, "--opens", "throughput") == 0
    assert "It opens while the work goes well, not further; `canut status" in capsys.readouterr().out
    project = Project.objects.latest("pk")
    assert project.cascade_policy == "throughput"
    assert canut("status", project.pk) == 0
    assert "now to standings from 3.00 on; at " in capsys.readouterr().out
    choose_cascade(project_id=project.pk, by=cast.requester, at=cast.at, policy="open")
    assert canut("status", project.pk) == 0
    assert "It is open to everybody." in capsys.readouterr().out
    assert canut("publish", file, *words, "--opens", "lottery") == 2


def test_a_project_asks_for_a_guild_and_qualifications_before_it_is_published(
    canut: Run, cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("q,one,two\nWhich?,Yes,No\n")
    guild, skill = a_guild("Scribes"), a_qualification(cast.requester, "French")
    words = ("--design", "pairwise", *MAP, "--volunteer", "--minutes", "1", "--yes")
    asked = ("--asks-guild", f"{guild.pk}:2", "--asks-qualification", f"{skill.pk}:more_than:9,5")
    assert canut("publish", file, *words, *asked, "--asks-qualification", f"{skill.pk}:exists") == 0
    assert "It is for members of the guild “Scribes” from level 2 on." in capsys.readouterr().out
    project = Project.objects.latest("pk")
    values = project.requirements.order_by("pk").values_list("scale_id", "comparator", "value")
    assert list(values) == [
        (guild.pk, "at_least", 2),
        (skill.pk, "more_than", Decimal("9.5")),
        (skill.pk, "exists", None),
    ]
    before = Project.objects.count()
    for wrong in (
        ("--asks-guild", "scribes"),
        ("--asks-guild", "7"),
        ("--asks-qualification", "7:like:2"),
        ("--asks-qualification", "7:at_least"),
        ("--asks-qualification", "7:exists:2"),
    ):
        assert canut("publish", file, *words, *wrong) == 1
        assert "has another form than" in capsys.readouterr().err
    assert Project.objects.count() == before


def test_a_file_is_published_for_what_was_quoted(
    canut: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = published(canut, tmp_path)
    said = capsys.readouterr()
    assert (project.state, project.title, project.tasks.count()) == ("live", "tasks", 3)
    assert project.tasks.first().shown == {"q": "Question 0", "one": "Yes", "two": "No"}  # type: ignore[union-attr]
    assert "6 answers at 0.60 EUR" in said.out
    assert "18.00 EUR an hour" in said.out
    assert f"/studio/{project.pk}/" in said.out
    assert "Adding: 100 %" in said.err


def test_columns_say_ids_and_numbers_of_answers(canut: Run, tmp_path: Path) -> None:
    file = tmp_path / "tasks.csv"
    file.write_text("name,text,wanted\nfirst,A cat,2\nsecond,A dog,3\n")
    words = ("--design", "classification", "--choice", "cat=A cat", "--choice", "dog=A dog", "--volunteer")
    more = (
        "--id-column",
        "name",
        "--answers-column",
        "wanted",
        "--minutes",
        "0.5",
        "--title",
        "Pets",
        "--yes",
    )
    assert canut("publish", file, *words, *more) == 0
    tasks = Project.objects.get(title="Pets", kind="volunteer").tasks.order_by("position")
    assert [(task.key, task.answers_wanted) for task in tasks] == [("first", 2), ("second", 3)]


@pytest.mark.parametrize(
    ("rows", "words", "sentence"),
    [
        (PAIRS, ("--design", "pairwise"), "does not have: a, b, prompt"),
        (PAIRS, ("--design", "sculpture"), "no design called sculpture"),
        (PAIRS, ("--design", "pairwise", *MAP, "--reward", "0.605"), "decimals"),
        (PAIRS, ("--design", "pairwise", *MAP, "--reward", "0.01"), "under the floor"),
        (PAIRS, ("--design", "pairwise", *MAP, "--reward", "9999"), "balance"),
        ([{"q": "?"}, "no row"], ("--design", "pairwise"), "--skip-bad-rows"),
        (PAIRS, ("--design", "pairwise", "--map", "prompt"), "NAME=VALUE"),
        (PAIRS, ("--design", "pairwise", "--map", "output_a=one"), "these columns: prompt, a, b."),
    ],
)
def test_what_cannot_be_published_is_said_in_a_sentence(
    rows: object,
    words: tuple[str, ...],
    sentence: str,
    canut: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reward = () if "--reward" in words else ("--reward", "0.60")
    assert canut("publish", jsonl(tmp_path, rows), *words, *reward, "--minutes", 2, "--yes") == 1
    assert sentence in capsys.readouterr().err
    assert not Project.objects.filter(state="live").exists()


def test_nothing_is_published_unless_somebody_agrees(
    canut: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--design", "pairwise", *MAP, "--reward", "0.60", "--minutes", 2)
    assert canut("publish", jsonl(tmp_path, PAIRS), *words) == 1
    said = capsys.readouterr().err
    assert "--yes" in said
    assert f"The draft is kept: http://127.0.0.1/studio/{Project.objects.get().pk}/" in said


def test_a_draft_that_the_site_refuses_to_publish_is_kept_too(
    canut: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--design", "pairwise", *MAP, "--reward", "0.01", "--minutes", 2, "--yes")
    assert canut("publish", jsonl(tmp_path, PAIRS), *words) == 1
    said = capsys.readouterr().err
    assert "The draft is kept: " in said
    assert "reward_under_floor" in said


def test_of_volunteers_work_no_cost_is_told(
    canut: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"q": f"Question {number}", "one": "Yes", "two": "No"} for number in range(10)]
    words = ("--design", "pairwise", *MAP, "--volunteer", "--minutes", 2, "--yes")
    assert canut("publish", jsonl(tmp_path, rows), *words) == 0
    said = capsys.readouterr().out
    assert "open the rest with `canut launch`." in said
    assert "EUR" not in said


def test_a_design_of_ones_own_comes_from_a_file(canut: Run, tmp_path: Path) -> None:
    design = {
        "version": 1,
        "title": "Cats",
        "instructions": "",
        "items": [
            {"type": "text", "text": "{{ picture }}"},
            {"type": "short_text", "name": "what", "label": "What is it?"},
        ],
    }
    (tmp_path / "design.json").write_text(json.dumps(design))
    words = (
        "--design",
        tmp_path / "design.json",
        "--map",
        "picture=q",
        "--volunteer",
        "--minutes",
        1,
        "--yes",
    )
    assert canut("publish", jsonl(tmp_path, PAIRS), *words) == 0
    assert Project.objects.get(title="Cats").tasks.first().shown == {"q": "Question 0"}  # type: ignore[union-attr]


def test_status_tells_how_far_projects_are(
    canut: Run, tmp_path: Path, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    assert canut("status") == 0
    assert "no projects yet" in capsys.readouterr().out
    project = cast.live(rows=1, title="Cats")
    submission = cast.handed_in(project)
    assert canut("status") == 0
    assert "1 of 1" in capsys.readouterr().out
    assert canut("status", project.pk) == 0
    assert "1  wait for your decision" in capsys.readouterr().out
    approve_submission(submission_id=submission.pk, by=cast.requester, at=cast.at)
    assert canut("status", project.pk, "--watch") == 0
    assert "1  are approved" in capsys.readouterr().out


def test_a_design_that_was_not_tried_begins_with_a_round_and_launch_opens_the_rest(
    canut: Run, tmp_path: Path, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"text": f"Picture {number}"} for number in range(12)]
    design = tmp_path / "design.json"
    design.write_text(json.dumps(CHOICE_DESIGN))
    words = ("--design", design, "--title", "Cats", "--reward", "0.60", "--minutes", 2, "--yes")
    assert canut("publish", jsonl(tmp_path, rows), *words) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "This is for a prototype round" in said
    assert "begins: 3 answers to 3 tasks. The rest costs 7.33 EUR later" in said
    assert "Its design is tried first: 3 answers to 3 tasks are open" in said
    project = Project.objects.get(title="Cats")
    fill_round(project, a_crowd(3), at=cast.at, most=1)
    assert canut("status", project.pk) == 0
    said = capsys.readouterr().out
    assert "A prototype round runs: 1 of 3 answers are in; 1 of 1 votes are to publish." in said
    assert "9  rows wait to be paid for" in said
    fill_round(project, a_crowd(3), at=cast.at)
    assert canut("status", project.pk, "--watch") == 0
    assert f"Open the rest with `canut launch {project.pk}`" in capsys.readouterr().out
    assert canut("launch", project.pk) != 0  # nobody is there to be asked
    assert Place.objects.filter(project=project, state="open").count() == 0
    for _again in range(2):
        assert canut("launch", project.pk, "--yes") == 0
    assert Place.objects.filter(project=project, state="open").count() == 9


def test_status_says_that_a_rounds_workers_ask_for_a_revision(
    canut: Run, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = cast.draft(rows=12, title="Cats")  # type: ignore[arg-type]
    project = publish_project(project_id=draft.pk, by=cast.requester, at=cast.at)
    fill_round(project, a_crowd(3), says=REVISE, at=cast.at)
    assert canut("status", project.pk, "--watch") == 0
    said = capsys.readouterr().out
    assert "Its workers ask for a revision: 0 of 3 votes are to publish." in said
    assert "revise: What is a cat here?" in said


def test_a_stopped_design_is_revised_from_the_command_line_and_tried_anew(
    canut: Run, tmp_path: Path, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    project = publish_project(project_id=cast.draft(rows=12).pk, by=cast.requester, at=cast.at)
    fill_round(project, a_crowd(3), says=REVISE, at=cast.at)
    assert canut("revise", project.pk, "--yes") != 0
    assert "Say what to change" in capsys.readouterr().err
    # A form of another program: what it asks is asked, what it has besides is named
    survey = tmp_path / "survey.json"
    cat = {"type": "radiogroup", "name": "label", "title": "Is it a cat?", "choices": ["cat", "dog"]}
    survey.write_text(json.dumps({"elements": [cat, {"type": "signaturepad", "name": "sign"}]}))
    words = ("--design", survey, "--reward", "0.70")
    assert canut("revise", project.pk, *words) != 0  # nobody is there to be asked
    assert canut("revise", project.pk, "--reward", "0.01", "--yes") != 0
    kept = f"The revision is kept and not published: `canut revise {project.pk} --discard`."
    assert capsys.readouterr().err.count(kept) == 2
    assert canut("revise", project.pk, "--discard") == 0
    assert canut("revise", project.pk, *words, "--yes") == 0
    read = capsys.readouterr()
    assert "“signaturepad” were not taken over" in read.err
    assert "is gone: “{{text}}”" in read.out
    assert "reward: 0.60 EUR is 0.70 EUR now." in read.out
    assert "Published: revision 2." in read.out
    assert "Its design is tried first" in read.out
    assert round_of(project).revision.number == 2


@pytest.mark.parametrize("file_format", ["csv", "jsonl", "parquet"])
def test_results_come_as_files(file_format: str, canut: Run, cast: Cast, tmp_path: Path) -> None:
    project = cast.handed_in().project
    file = tmp_path / f"results.{file_format}"
    assert canut("results", project.pk, "--format", file_format, "-o", file) == 0
    read = {"csv": polars.read_csv, "jsonl": polars.read_ndjson, "parquet": polars.read_parquet}[file_format]
    assert read(file).height == 1
    assert canut("results", project.pk, "--format", file_format, "--aggregated", "-o", file) == 0
    assert read(file).height == 3


def test_one_methods_labels_come_where_one_looks(
    canut: Run, cast: Cast, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    project = cast.handed_in().project
    assert canut("results", project.pk, "--aggregated", "majority") == 0
    rows = list(csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode())))
    assert sorted(row["majority"] for row in rows) == ["", "", "cat"]
    assert canut("results", project.pk, "--aggregated", "dawid-skene", "--format", "jsonl") == 0
    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert {line["dawid_skene"] for line in lines} == {None, "cat"}
    assert canut("results", project.pk, "--aggregated", "bradley-terry") == 1
    assert b"no ranking" in capfdbinary.readouterr().err


def test_pairs_come_as_a_ranking(
    canut: Run, cast: Cast, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    project = published(canut, tmp_path)
    for _task in range(3):
        with Canut(
            "http://127.0.0.1", key_of(cast.worker, ["work"]), transport=InProcess(), sleep=print
        ) as worker:
            worker.submit(worker.take(project.pk).id, {"better": "a"}, active_seconds=9)
    capfdbinary.readouterr()
    assert canut("results", project.pk, "--aggregated", "bradley-terry") == 0
    rows = list(csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode())))
    assert [row["item"] for row in rows] == ["x", "y"]


def test_following_goes_on_after_the_files_last_whole_line(canut: Run, cast: Cast, tmp_path: Path) -> None:
    # Given a project of two answers, one of them approved and written, and half a line of the next
    project = cast.live(rows=2)
    first, second = cast.handed_in(project), cast.handed_in(project)
    file = tmp_path / "results.jsonl"
    approve_submission(submission_id=first.pk, by=cast.requester, at=cast.at)
    with Canut("http://127.0.0.1", key_of(cast.requester, ["results"]), transport=InProcess()) as client:
        (result,) = client.iter_results(project.pk)
    file.write_text(
        json.dumps({"cursor": result.cursor, "work": {"submission_id": first.pk}}) + '\n{"half' + 9_000 * " "
    )
    # When the other is approved and somebody follows on
    approve_submission(submission_id=second.pk, by=cast.requester, at=cast.at)
    assert canut("results", project.pk, "--follow", "-o", file) == 0
    # Then each is there once
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["work"]["submission_id"] for line in lines] == [first.pk, second.pk]
    assert lines[1]["work"]["answer"] == ANSWER
    assert canut("results", project.pk, "--follow", "-o", file) == 0
    assert len(file.read_text().splitlines()) == 2


def test_another_file_is_not_written_over(
    canut: Run, cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Remember the milk.\n")
    assert canut("results", cast.live().pk, "--follow", "-o", file) == 1
    assert "choose another file" in capsys.readouterr().err
    assert file.read_text() == "Remember the milk.\n"


def test_results_that_have_no_place_to_go_to_are_not_worked_out(
    canut: Run, cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = cast.live().pk
    for place, sentence in (
        (tmp_path / "gone" / "x.csv", "There is no folder"),
        (tmp_path, "is a folder"),
        (Path("/dev/null/x.csv"), "There is no folder"),
    ):
        for words in ((), ("--follow",), ("--aggregated", "majority")):
            assert canut("results", project, *words, "-o", place) == 1
            assert sentence in capsys.readouterr().err
    assert not Computation.objects.exists()


def test_without_a_key_or_a_site_the_way_out_is_said(
    canut: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert canut("status", 987654321) == 1
    assert "no such project" in capsys.readouterr().err
    monkeypatch.delenv("CANUT_KEY")
    assert canut("status") == 1
    assert "/account/keys/" in capsys.readouterr().err


# --- Rating from a file ---


def rated_file(folder: Path, text: str, name: str = "weights.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_work_is_rated_from_a_file_on_any_scale(canut: Run, cast: Cast, tmp_path: Path, capsys) -> None:
    first, second = cast.handed_in(), cast.handed_in(worker=cast.peer)
    by_submission = rated_file(tmp_path, f"submission_id,weight\n{first.pk},10\n{second.pk},-3.5\n")
    assert canut("rate", by_submission) == 0
    assert "2 pieces of work rated; 2 of these ratings are new." in capsys.readouterr().err
    assert canut("rate", by_submission, "--ignore-history") == 0
    assert "0 of these ratings are new." in capsys.readouterr().err
    assert sorted(Rating.objects.values_list("value", flat=True)) == [1, 3]
    by_worker = rated_file(
        tmp_path,
        f"task_id\tworker_id\tnote\tweight\n{first.assignment.task_id}\t{cast.worker.pk}\tgood\t7\n",
        "weights.tsv",
    )
    assert canut("rate", by_worker) == 0
    now = Rating.objects.get(assignment_id=first.assignment_id, counts_until=None)
    assert now.value == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("submission_id,grade\n1,2\n", "needs the columns"),
        ("", "needs the columns"),
        ("submission_id,weight\n", "has 0 ratings"),
        ("submission_id,weight\n1,2\n2,good\n", "line 3: weight is no number: 'good'"),
        ("submission_id,weight\n1,nan\n", "line 2: weight is no number one can compare"),
        ("submission_id,weight\n1.5,2\n", "line 2: submission_id is no number: '1.5'"),
        ("submission_id,weight\n987654321,2\n", "on line 1, this worker has handed in no such task of yours"),
    ],
)
def test_a_file_that_makes_no_ratings_says_what_is_wrong_with_it(
    text: str, said: str, canut: Run, tmp_path: Path, capsys
) -> None:
    assert canut("rate", rated_file(tmp_path, text)) == 1
    assert said in capsys.readouterr().err
    assert not Rating.objects.exists()
