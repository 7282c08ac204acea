"""The README's example runs as it stands."""

import re
from pathlib import Path

import pytest
from tests.api.calls import key_of
from tests.api.scenarios.cast import Cast
from tests.client.in_process import InProcess

from canut_client import Canut

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
        assert (project.title, project.state, canut.progress(project.id).tasks) == (
            "Cats or dogs?",
            "live",
            2,
        )
