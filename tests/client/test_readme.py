"""The README's example runs as it stands."""

import re
from pathlib import Path

import pytest
from tests.api.calls import key_of
from tests.api.scenarios.cast import Cast
from tests.client.in_process import InProcess

from canut.work.models import Submission
from canut_client import Canut
from canut_client.calls.badges import BadgeCalls
from canut_client.calls.guilds import GuildCalls
from canut_client.calls.journal import JournalCalls

README = Path(__file__).parents[2] / "clients" / "python" / "README.md"


@pytest.mark.django_db
def test_the_first_example_publishes_a_project(
    cast: Cast, site: InProcess, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)[0]
    token = key_of(cast.requester, ["projects", "results"])
    real = Canut.__init__

    def here(self: Canut, base_url: str, key: str) -> None:
        assert key.startswith("cnt_")
        real(self, base_url, token, transport=site)

    monkeypatch.setattr(Canut, "__init__", here)
    exec(compile(example, str(README), "exec"), {})
    assert capsys.readouterr().out == "[]\n"
    with Canut("http://127.0.0.1:8000", key=token) as canut:
        (project,) = canut.projects()
        assert (project.title, project.state) == ("Cats or dogs?", "live")
        assert canut.progress(project.id).tasks == 2


@pytest.mark.django_db
def test_the_last_example_does_every_task(
    cast: Cast, site: InProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    example = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)[-1]
    with Canut("http://127.0.0.1", key_of(cast.requester, ["projects"]), transport=site) as requester:
        project = requester.create_project(title="Texts", starting_design="classification", reward="0.60")
        requester.add_tasks(project.id, [{"text": f"Text {number}"} for number in range(3)])
        requester.publish(project.id)
    with Canut("http://127.0.0.1", key_of(cast.worker, ["work"]), transport=site) as canut:
        exec(compile(example, str(README), "exec"), {"canut": canut, "project": project})
    assert "There is no task left for you" in capsys.readouterr().out
    assert Submission.objects.count() == 3


def test_the_table_names_every_method_of_its_subjects() -> None:
    rows = re.findall(r"^\| .* \| (`.*) \|$", README.read_text(encoding="utf-8"), re.M)
    named = sorted(name for row in rows for name in re.findall(r"`(\w+)`", row))
    subjects = (GuildCalls, BadgeCalls, JournalCalls)
    assert named == sorted(name for calls in subjects for name in vars(calls) if name[0] != "_")
