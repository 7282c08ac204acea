"""The script that recounts a vote: alone, from the published file, with no software of ours."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.governance.ballot_box import a_vote, all_cast, an_electorate, ended

pytestmark = pytest.mark.django_db

SCRIPT = Path(__file__).parents[2] / "scripts" / "recount_ballots.py"


@pytest.fixture
def says(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run the script, and return how it ends and what it says."""
    spec = importlib.util.spec_from_file_location("recount_ballots", SCRIPT)
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    def run(*arguments: object) -> tuple[int, str]:
        capsys.readouterr()
        code = script.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_a_published_file_recounts_to_the_result_and_a_changed_one_does_not(
    tmp_path: Path, says: Callable[..., tuple[int, str]]
) -> None:
    people = an_electorate(workers=6, requesters=5)
    vote = a_vote(class_="constitutional")
    receipts = all_cast(vote, people["workers"], "yes", "yes", "yes", "yes", "no", "abstain")
    few = all_cast(vote, people["requesters"], "yes", "yes", "no")
    result = ended(vote)
    published = Client().get(reverse("vote_result", args=[vote.pk]))
    assert published.headers["Content-Disposition"] == f'attachment; filename="vote-{vote.pk}.json"'
    file = tmp_path / "vote.json"
    file.write_bytes(b"".join(published.streaming_content))
    told = json.loads(file.read_text())
    code, text = says(file, "--hash", result.ballots_hash, "--receipt", receipts[4].lower())
    assert code == 0, text
    assert f"{receipts[4]}: no (workers)\n" in text
    assert "requesters: too few ballots to be told; the outcome is taken as told: carried.\n" in text
    assert text.endswith("9 ballots recounted, adopted, 0 wrong.\n")
    # Then it needs nothing but Python
    alone = [sys.executable, "-I", "-S", str(SCRIPT), str(file)]
    assert "0 wrong" in subprocess.run(alone, capture_output=True, text=True, check=True).stdout
    code, text = says(file, "--receipt", few[0])
    assert (code, "what it says is not told" in text) == (0, True)
    assert says(file, "--receipt", "AAAA")[0] == 1
    assert says(file, "--hash", "0" * 64)[0] == 1

    def changed(path: list[Any], value: Any) -> str:
        """Return what the script says of the file with one thing changed in it."""
        other = json.loads(json.dumps(told))
        where = other
        for step in path[:-1]:
            where = where[step]
        where[path[-1]] = value
        file.write_text(json.dumps(other))
        code, text = says(file)
        assert code == 1, text
        return text

    no = next(n for n, line in enumerate(told["ballots"]) if line[2] == "no")
    assert "the list's hash is" in changed(["ballots", no, 2], "yes")
    assert "counted [5, 0, 1], told [4, 1, 1]" in changed(["ballots", no, 2], "yes")
    assert "the list's hash is" in changed(["ballots"], told["ballots"][1:])
    assert "stands in the list twice" in changed(["ballots", 0, 1], told["ballots"][1][1])
    assert "counted [4, 1, 1], told [5, 1, 1]" in changed(["colleges", 0, "yes"], 5)
    assert "the count gives carried, told is against" in changed(["colleges", 0, "outcome"], "against")
    assert "does not follow" in changed(["is_adopted"], False)
    assert "does not follow" in changed(["colleges", 1, "outcome"], "tied")
    assert "was not asked" in changed(["colleges", 2, "electors"], 3)
    assert "and was asked" in changed(["colleges", 0, "electors"], 2)
    assert "the count gives under_share" in changed(["rule", "yes_per_no"], "5")
    assert "a college that was not asked: poets" in changed(["ballots", 0, 0], "poets")
    assert "more than the outcome is told" in changed(["rule", "detail_least_votes"], 99)
    for nothing in ("", "[]", '{"kind": "canut-draws"}', json.dumps(told | {"rule": {}})):
        file.write_text(nothing)
        code, text = says(file)
        assert (code, "is no file of a vote" in text) == (2, True)
    assert says(tmp_path / "nowhere")[0] == 2
