"""The lab's rounds: the vague design is stopped, its revision passes, and nothing goes round the gate."""

import os
from pathlib import Path

import pytest

from canut.lab.try_design import MOST, NothingToTry, read_opinions, try_design
from canut.work.models import Assignment, Place, Round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sentences = [f"El coche número {n} es muy cómodo." for n in range(1, 17)]
    lines = "".join(f"{n},{sentence}\n" for n, sentence in enumerate(sentences, start=1))
    (tmp_path / "tasks.csv").write_text(f"number,sentence\n{lines}", encoding="utf-8")
    answers = "".join(f"{n},{point}\n" for n in range(1, 17) for point in (-2, 1, 3, 4, 5))
    (tmp_path / "answers.csv").write_text(f"number,polarity\n{answers}", encoding="utf-8")
    return tmp_path


def test_a_vague_design_is_stopped_and_its_revision_passes(folder):
    said: list[str] = []
    project, tried = try_design(read_opinions(folder), name="made up", seed=1, say=said.append)
    assert [one.page.figures.state for one in tried] == ["stopped", "passed"]
    assert [one.revision for one in tried] == [1, 2]
    first, second = (one.page for one in tried)
    # the gate answered both ways round it, and the mends name what was vague
    assert [line.strip() for line in said if "refused" in line] == [
        "Launching all the same is refused: design_not_revised.",
        "Publishing all the same is refused: design_not_revised.",
    ]
    assert {"unclear", "low_agreement"} & {mend.code for mend in first.mends}
    assert first.median_seconds > second.median_seconds
    assert first.suggested_reward_minor > first.reward_minor
    assert any("is changed" in sentence for sentence in said)
    # every answer of both rounds is kept, and the rest is open
    assert Assignment.objects.filter(project=project, state="submitted").count() == sum(
        round_.places for round_ in Round.objects.filter(project=project)
    )
    assert project.state == "live"
    assert Place.objects.filter(project=project, state="open", round__isnull=True).exists()


def test_without_a_launch_nothing_but_the_rounds_is_open(folder):
    project, tried = try_design(
        read_opinions(folder), name="made up", seed=7, say=lambda _s: None, launches=False
    )
    assert tried[1].page.may_launch
    assert not Place.objects.filter(project=project, state="open").exists()


@pytest.mark.parametrize(
    ("tasks", "answers"),
    [
        (None, None),
        ("number,sentence\n1,Bien\n", None),
        ("number,words\n1,Bien\n", "number,polarity\n1,1\n"),
        ("number,sentence\n1,Bien\n", f"number,polarity\n1,{MOST + 1}\n"),
        ("number,sentence\n1,Bien\n", "number,polarity\n2,1\n"),
    ],
)
def test_a_folder_with_nothing_to_try_says_what_is_missing(tmp_path, tasks, answers):
    for name, text in (("tasks.csv", tasks), ("answers.csv", answers)):
        if text is not None:
            (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(NothingToTry):
        read_opinions(tmp_path)


@pytest.mark.data
def test_real_spanish_sentences_on_eleven_points():
    root = Path(__file__).parents[2]
    folder = Path(os.environ.get("CANUT_SHARED_DATA") or root.parent / "shared" / "data") / "opinions_es"
    if not folder.exists():
        pytest.skip(f"no research data: {folder} is absent (CANUT_SHARED_DATA names another folder)")
    _project, tried = try_design(read_opinions(folder), name="opinions_es", seed=1, say=print)
    assert [one.page.figures.state for one in tried] == ["stopped", "passed"]
