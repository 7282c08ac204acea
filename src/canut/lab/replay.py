"""Playing a real crowd's answers again, each worker through the public HTTP API.

The lab publishes a project with the crowd's rows and makes a simulated person for every real worker.
Each takes, by address, the tasks that worker really did, and hands in the real answer. A second
answer of one worker to one task is refused by the site, and counted here. While the project's
prototype round runs, they do their part of it, vote to publish, and wait for the rest to open. Who is
not admitted yet, because the project opens to others first, waits too.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from django.core.files.base import ContentFile
from django.db import transaction

from canut.charter.queries import in_force
from canut.kernel import clock
from canut.lab.replay_data import RealAnswer, RealCrowd
from canut.lab.simulated import key_of, simulated_person
from canut.lab.trying import running_round
from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.people.models import ApiKey, Person, Scope
from canut.people.usecases.revoke_key import revoke_key
from canut.work.access import latest_revision
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.models import Place, Project, Round, Task, Upload
from canut.work.queries.price import price_of
from canut.work.states import UploadState
from canut.work.usecases.add_rows import add_rows
from canut.work.usecases.create_project import create_project
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.read_upload import choose_columns
from canut.work.usecases.receive_upload import receive_upload

KEY_NAME = "replay"
PATIENCE_SECONDS = 300
OPENS_WITHIN_SECONDS = 3_600
"""How long somebody waits whom the project is not open to yet, before it counts as a refusal."""
VOTE = {"verdict": "publish", "unclear": "(A replayed worker says nothing of the design.)"}


class ReplayFailed(Exception):
    """The replay cannot go on; the text says why and what to do."""


@dataclass
class Progress:
    """What has happened so far; safe to read while the replay runs."""

    total: int
    handed_in: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def done(self) -> int:
        return self.handed_in + self.refused.total()

    def note(self, refused_with: str | None) -> None:
        with self.lock:
            if refused_with is None:
                self.handed_in += 1
            else:
                self.refused[refused_with] += 1


def publish_crowd(crowd: RealCrowd, *, owner: Person, reward_minor: int, expected_seconds: int) -> Project:
    """Publish a project with the crowd's rows, paid with play money, and return it.

    `owner` is a requester; each row asks for as many answers as the crowd gave it.
    """
    at = clock.now()
    project = create_project(
        by=owner,
        title=f"Replay of {crowd.name}",
        description="Real answers of a published data set, played again by simulated workers of the lab.",
        design=_design(crowd),
        reward_minor=reward_minor,
        expected_seconds=expected_seconds,
        launches_itself=True,
        at=at,
    )
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in crowd.rows).encode()
    file = ContentFile(lines)
    upload = receive_upload(project_id=project.pk, by=owner, file=file, filename=f"{crowd.name}.jsonl", at=at)
    _until(upload, UploadState.READ)
    choose_columns(upload_id=upload.pk, by=owner, key="task", answers="answers", at=at)
    _until(upload, UploadState.READ)
    add_rows(upload_id=upload.pk, by=owner, skip_bad=False, at=at)
    _until(upload, UploadState.ADDED)
    with transaction.atomic():
        project.refresh_from_db()
        revision = latest_revision(project)
        price = price_of(project, revision, at=at)
        total_minor = price.now.total_minor + (price.rest.total_minor if price.rest else 0)
        deposit_play_money(
            by=owner,
            amount_minor=max(total_minor, in_force("deposit.least_minor", at=at)),
            currency=project.currency,
            key=f"replay:{project.pk}",
            at=at,
        )
        return publish_project(project_id=project.pk, by=owner, at=clock.now())


def requester_for(crowd: RealCrowd, *, at: datetime) -> Person:
    """Return the simulated requester of replays."""
    return simulated_person("replay-requester", screen_name="Replays of the lab", at=at, requester=True)


def play(
    crowd: RealCrowd,
    project: Project,
    *,
    server: str,
    at_once: int,
    on_progress: Callable[[Progress], None],
) -> Progress:
    """Hand in every real answer through the API of `server`, `at_once` workers at a time.

    Tasks are found by their key, which is the crowd's number of the task. `on_progress` is called
    twice a second and once at the end.

    Raises:
        ReplayFailed: the server does not answer, the project lacks the crowd's tasks, or its prototype
            round does not end in the rest being open.
    """
    tasks = dict(Task.objects.filter(project=project).values_list("key", "pk"))
    if not tasks.keys() >= {answer.task for answers in crowd.by_worker.values() for answer in answers}:
        raise ReplayFailed(f"Project {project.pk} does not hold {crowd.name}'s tasks under their numbers.")
    progress = Progress(crowd.answer_count)
    busiest_first = sorted(crowd.by_worker.items(), key=lambda one: -len(one[1]))
    with _keys(crowd, [name for name, _answers in busiest_first]) as keys:
        tried: set[tuple[str, str]] = set()
        if running_round(project) is not None:
            tried = _try_first(server, keys, busiest_first[::-1], tasks, crowd, project, progress)

        def work(one: tuple[str, Sequence[RealAnswer]]) -> None:
            answers = _without(one[1], {task for name, task in tried if name == one[0]})
            _work(server, keys[one[0]], answers, tasks, crowd, progress)

        with ThreadPoolExecutor(at_once) as pool:
            working = [pool.submit(work, one) for one in busiest_first]
            while not all(one.done() for one in working):
                on_progress(progress)
                time.sleep(0.5)
            for one in working:
                one.result()
    on_progress(progress)
    return progress


@contextmanager
def _keys(crowd: RealCrowd, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Give every real worker a simulated person with a key, and revoke the keys at the end."""
    at = clock.now()
    people = {
        name: simulated_person(
            f"replay-{crowd.name[:20].lower().replace('_', '-')}-{number}",
            screen_name=f"Replay {crowd.name[:12]} {number}",
            at=at,
            worker=True,
        )
        for number, name in enumerate(names, start=1)
    }
    try:
        yield {name: key_of(one, name=KEY_NAME, scopes=[Scope.WORK], at=at) for name, one in people.items()}
    finally:
        for person in people.values():
            for key in ApiKey.objects.filter(owner_id=person.pk, name=KEY_NAME, revoked_at__isnull=True):
                revoke_key(key_id=key.pk, by=person, at=clock.now())


def _try_first(
    server: str,
    keys: dict[str, str],
    crowd_in_turn: Sequence[tuple[str, Sequence[RealAnswer]]],
    tasks: dict[str, int],
    crowd: RealCrowd,
    project: Project,
    progress: Progress,
) -> set[tuple[str, str]]:
    """Hand in what the prototype round has room for, wait for the rest to open, and say who did what."""
    drawn = set(
        Place.objects.filter(project=project, round=running_round(project)).values_list("task_id", flat=True)
    )
    tried: set[tuple[str, str]] = set()
    for name, answers in crowd_in_turn:
        if running_round(project) is None:
            break
        for real in _without(answers, set()):
            if tasks[real.task] in drawn:
                before = progress.handed_in
                _work(server, keys[name], [real], tasks, crowd, progress, notes_refusals=False)
                if progress.handed_in > before:
                    tried.add((name, real.task))
    if running_round(project) is not None:
        raise ReplayFailed(
            "This crowd cannot fill the project's prototype round. On a demo, let three days pass with "
            "`canut clock +3d1h`; the votes that there are decide it then. Then replay with --project."
        )
    _until_launched(project)
    return tried


def _without(answers: Sequence[RealAnswer], done: set[str]) -> list[RealAnswer]:
    """Return the answers but for the first one to each task that is done already."""
    left, seen = [], set(done)
    for real in answers:
        if real.task in seen:
            seen.discard(real.task)
        else:
            left.append(real)
    return left


def _until_launched(project: Project) -> None:
    """Wait until the site has launched the rest by itself."""
    for _tenth in range(PATIENCE_SECONDS * 10):
        latest = Round.objects.select_related("revision").filter(project=project).latest("pk")
        revision = latest.revision
        if latest.launched_at is not None and revision.places_opened_to == revision.paid_upto:
            return
        time.sleep(0.1)
    raise ReplayFailed(
        f"The rest of project {project.pk} did not open. Its page says why: perhaps its reward is under the "
        "floor for the time that these workers really took."
    )


def _work(
    server: str,
    token: str,
    answers: Sequence[RealAnswer],
    tasks: dict[str, int],
    crowd: RealCrowd,
    progress: Progress,
    *,
    notes_refusals: bool = True,
) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=server, headers=headers, timeout=60) as client:
        for real in answers:
            taken = _taken(client, tasks[real.task])
            if taken.is_success:
                assignment = taken.json()
                answer = {"better" if crowd.is_pairs else "label": real.answer}
                body = {
                    "answer": answer,
                    "revision_id": assignment["revision_id"],
                    "active_seconds": real.seconds,
                    "next": False,
                }
                if assignment["feedback_asked"]:
                    body["feedback"] = VOTE
                taken = _sent(client, f"/api/v1/assignments/{assignment['id']}/submission", body)
            if taken.is_success or notes_refusals:
                progress.note(None if taken.is_success else _code(taken))


def _taken(client: httpx.Client, task_id: int) -> httpx.Response:
    """Take a task, and where the project is open to others first, wait until it is open to this worker."""
    until = time.monotonic() + OPENS_WITHIN_SECONDS
    while True:
        taken = _sent(client, f"/api/v1/tasks/{task_id}/take", {})
        if taken.is_success or _code(taken) != "not_open_to_you_yet" or time.monotonic() > until:
            return taken
        time.sleep(2)


def _sent(client: httpx.Client, path: str, body: dict[str, Any]) -> httpx.Response:
    """Send a request, again if the site was away for a moment: both requests are safe to repeat."""
    for attempt in range(5):
        try:
            reply = client.post(path, json=body)
        except httpx.TransportError as error:
            if attempt == 4:
                raise ReplayFailed(
                    f"The site does not answer: {error}. Start it, then replay again."
                ) from error
        else:
            if reply.status_code < 500 or attempt == 4:
                return reply
        time.sleep(0.2 * 2**attempt)
    raise AssertionError("the loop returns or raises")


def _code(reply: httpx.Response) -> str:
    try:
        return str(reply.json().get("code", reply.status_code))
    except ValueError:
        return str(reply.status_code)


def _design(crowd: RealCrowd) -> dict[str, Any]:
    if crowd.is_pairs:
        columns = {"prompt": "prompt", "a": "left_output", "b": "right_output"}
        return STARTING_DESIGNS["pairwise"].build(columns)
    options = [(label, f"Class {label}") for label in crowd.labels]
    return STARTING_DESIGNS["classification"].build({"text": "task"}, options=options)


def _until(upload: Upload, state: UploadState) -> None:
    """Wait until the site's jobs have brought the upload to a state."""
    for _tenth in range(PATIENCE_SECONDS * 10):
        upload.refresh_from_db()
        if upload.state == state:
            return
        if upload.state == UploadState.REFUSED or upload.error_count:
            raise ReplayFailed(f"The rows were refused: {upload.problem or upload.errors[:3]}")
        time.sleep(0.1)
    raise ReplayFailed("The site's jobs do not get on; is `canut work` (or the demo) running?")
