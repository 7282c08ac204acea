"""How fast a requester's file is read, and in how much memory.

    python benchmarks/uploads.py [MEGABYTES]

Method: a file of each kind is made of invented rows (200 MB unless told otherwise) in a temporary
folder. Each is scanned three times, each time in a process of its own, with a column of ids, as the job
that reads an upload does. Said are the best run's megabytes and rows a second of the process's own CPU
time, so that what else the machine does counts for little, and the most memory the process held beyond
what it held before it began. A page cache that is cold makes the wall clock slower and this no slower.

Kinds: `pairs.jsonl` and `pairs.csv` have two long texts of many lines a row, as outputs of language
models are; `short.jsonl` and `short.csv` have one short sentence a row, where the cost is a row's, and
stop at a million rows, the most that a site takes.
"""

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from canut.work.uploads.lines import Limits
from canut.work.uploads.reading import format_of, scan

PARAGRAPH = "The loom stood by the window: light came late, “and left early”. It paid by the piece, é à ü.\n"
KINDS = ("pairs.jsonl", "pairs.csv", "short.jsonl", "short.csv")


def rows_of(kind: str) -> Iterator[dict[str, object]]:
    number = 0
    while True:
        number += 1
        if kind.startswith("pairs"):
            texts = {"a": PARAGRAPH * (1 + number % 13), "b": PARAGRAPH * (1 + number % 7)}
            yield {"id": number, "prompt": "Describe a workshop.", **texts}
        else:
            yield {"id": number, "text": "One sentence to be judged, right or wrong.", "share": number / 8}


def write(path: Path, most_bytes: int) -> None:
    rows = islice(rows_of(path.name), Limits().rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            first = next(rows)
            writer = csv.writer(file)
            writer.writerows([list(first), list(first.values())])
        for row in rows:
            if path.suffix == ".csv":
                writer.writerow(row.values())
            else:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
            if file.buffer.tell() > most_bytes:
                return


def measure(path: Path) -> dict[str, float]:
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    with path.open("rb") as file:
        found = scan(file, format_of(path.name) or "", id_column="id")
    assert found.problem_count == 0
    return {
        "seconds": time.process_time() - began,
        "rows": found.row_count,
        "bytes": found.bytes_read,
        "memory_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024,
    }


def main(megabytes: int) -> None:
    print(f"{'file':<12} {'MB':>5} {'rows':>9} {'MB/s':>6} {'rows/s':>9} {'memory MB':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            path = Path(folder) / kind
            write(path, megabytes * 1_000_000)
            command = [sys.executable, __file__, "--measure", str(path)]
            runs = [json.loads(subprocess.check_output(command)) for _run in range(3)]
            best = min(runs, key=lambda run: run["seconds"])
            size, rows, seconds = best["bytes"] / 1e6, best["rows"], best["seconds"]
            speed = f"{size / seconds:>6.0f} {rows / seconds:>9.0f}"
            memory = max(run["memory_mb"] for run in runs)
            print(f"{kind:<12} {size:>5.0f} {rows:>9} {speed} {memory:>10.0f}")
            path.unlink()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 200)
