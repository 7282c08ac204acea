"""Reading a folder of real crowd answers: `answers.csv`, and `tasks.jsonl` or `gold.csv` if there.

Two forms are known: `worker,task,label[,seconds]` (classes), and `worker,task,winner,left,right,...`
(pairs, with the texts in `tasks.jsonl`).
"""

import csv
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WINNER = {"left": "a", "right": "b", "tie": "tie"}


class NoReplayInThere(Exception):
    """The folder holds nothing that can be replayed; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class RealAnswer:
    """What one real worker answered to one task; `seconds` where the source measured them."""

    task: str
    answer: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class RealCrowd:
    """The rows to upload, and each real worker's answers in the order of the source.

    Each row has the columns `task` and `answers`: how many different workers answered it.
    """

    name: str
    is_pairs: bool
    rows: Sequence[Mapping[str, Any]]
    labels: Sequence[str]
    by_worker: Mapping[str, Sequence[RealAnswer]]

    @property
    def answer_count(self) -> int:
        return sum(len(answers) for answers in self.by_worker.values())


def read_crowd(folder: Path) -> RealCrowd:
    """Return what the folder holds.

    Raises:
        NoReplayInThere: there is no `answers.csv` in one of the two known forms, or pairs without texts.
    """
    try:
        with open(folder / "answers.csv", newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
    except OSError as error:
        raise NoReplayInThere(f"{folder} holds no answers.csv that can be read.") from error
    is_pairs = bool(lines) and "winner" in lines[0]
    column = "winner" if is_pairs else "label"
    if not lines or not {"worker", "task", column} <= lines[0].keys():
        raise NoReplayInThere(f"{folder}/answers.csv needs the columns worker, task and label (or winner).")
    by_worker: dict[str, list[RealAnswer]] = defaultdict(list)
    workers_of: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        given = WINNER.get(line[column], line[column]) if is_pairs else line[column]
        seconds = round(float(line["seconds"])) if line.get("seconds") else None
        by_worker[line["worker"]].append(RealAnswer(line["task"], given, seconds))
        workers_of[line["task"]].add(line["worker"])
    rows = _pairs(folder, workers_of) if is_pairs else _classes(folder, workers_of)
    labels = sorted({line[column] for line in lines}, key=lambda one: (len(one), one))
    return RealCrowd(folder.name, is_pairs, rows, labels, dict(by_worker))


def _pairs(folder: Path, workers_of: Mapping[str, set[str]]) -> list[dict[str, Any]]:
    try:
        lines = (folder / "tasks.jsonl").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NoReplayInThere(f"{folder} holds pairs, but no tasks.jsonl with their texts.") from error
    rows = [json.loads(line) for line in lines]
    return [
        row | {"answers": len(workers_of[str(row["task"])])}
        for row in rows
        if workers_of.get(str(row["task"]))
    ]


def _classes(folder: Path, workers_of: Mapping[str, set[str]]) -> list[dict[str, Any]]:
    gold: dict[str, str] = {}
    if (folder / "gold.csv").exists():
        with open(folder / "gold.csv", newline="", encoding="utf-8") as file:
            gold = {line["task"]: line["label"] for line in csv.DictReader(file)}
    return [
        {"task": task, "gold": gold.get(task), "answers": len(workers)}
        for task, workers in workers_of.items()
    ]
