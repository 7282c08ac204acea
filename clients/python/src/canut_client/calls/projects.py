"""Projects: made, priced, published, watched, ended."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from canut_client.calls.base import AmountLike, Calls, given, moment, written
from canut_client.models import Closed, Price, Progress, Project, Quote, Round
from canut_client.reading import read


class ProjectCalls(Calls):
    def projects(self, state: str | None = None) -> Iterator[Project]:
        """Give one's own projects, newest first: all, or those that are draft, live, paused or closed."""
        return self._all(Project, "/projects", state=state)

    def project(self, project_id: int) -> Project:
        return read(Project, self._transport.get(f"/projects/{project_id}"))

    def create_project(
        self,
        *,
        title: str,
        design: Mapping[str, Any] | None = None,
        starting_design: str | None = None,
        columns: Mapping[str, str] | None = None,
        choices: Sequence[tuple[str, str]] | None = None,
        description: str = "",
        volunteer: bool = False,
        language: str = "",
        reward: AmountLike | None = None,
        expected_seconds: int = 60,
        answers_per_task: int = 1,
        allowed_only: bool = False,
        device: str = "any",
        risks: Sequence[str] = (),
        launches_itself: bool = False,
        pay_basis: str = "piece",
        hourly: AmountLike | None = None,
        hours_seconds: int = 0,
        session_most_seconds: int = 0,
        cascade_policy: str = "",
        key: str | None = None,
    ) -> Project:
        """Begin a draft with a whole `design`, or with one of the starting designs by name.

        `columns` says which column of the data stands for what in a starting design, `choices` the
        (value, label) pairs of a classification. `reward` is for one answer; with `pay_basis` "hour",
        `hourly` is for an hour of a session. `cascade_policy` ("ladder", "throughput", "share", "open")
        says how it opens to workers; without one as the charter says.
        """
        start = None
        if starting_design is not None:
            start = {
                "name": starting_design,
                "columns": dict(columns or {}),
                **given(choices=choices and [{"value": value, "label": label} for value, label in choices]),
            }
        body = {
            "title": title,
            "description": description,
            "kind": "volunteer" if volunteer else "paid",
            "language": language,
            "expected_seconds": expected_seconds,
            "answers_per_task": answers_per_task,
            "allowed_only": allowed_only,
            "device": device,
            "risks": list(risks),
            "launches_itself": launches_itself,
            "pay_basis": pay_basis,
            "cascade_policy": cascade_policy,
            "hours_seconds": hours_seconds,
            "session_most_seconds": session_most_seconds,
            **given(design=design, starting_design=start, reward=written(reward), hourly=written(hourly)),
        }
        return read(Project, self._transport.post("/projects", body, key=key))

    def change_draft(
        self,
        project_id: int,
        *,
        based_on: datetime | None = None,
        title: str | None = None,
        design: Mapping[str, Any] | None = None,
        description: str | None = None,
        kind: str | None = None,
        language: str | None = None,
        reward: AmountLike | None = None,
        expected_seconds: int | None = None,
        answers_per_task: int | None = None,
        allowed_only: bool | None = None,
        device: str | None = None,
        risks: Sequence[str] | None = None,
        launches_itself: bool | None = None,
        pay_basis: str | None = None,
        hourly: AmountLike | None = None,
        hours_seconds: int | None = None,
        session_most_seconds: int | None = None,
        cascade_policy: str | None = None,
    ) -> Project:
        """Change what is given of a draft and leave the rest."""
        body = given(
            based_on=moment(based_on),
            title=title,
            design=design,
            description=description,
            kind=kind,
            language=language,
            reward=written(reward),
            expected_seconds=expected_seconds,
            answers_per_task=answers_per_task,
            allowed_only=allowed_only,
            device=device,
            risks=None if risks is None else list(risks),
            launches_itself=launches_itself,
            pay_basis=pay_basis,
            hourly=written(hourly),
            hours_seconds=hours_seconds,
            session_most_seconds=session_most_seconds,
            cascade_policy=cascade_policy,
        )
        return read(Project, self._transport.patch(f"/projects/{project_id}", body))

    def quote(self, project_id: int) -> Price:
        """Return what publishing a draft, or the rows waiting in a published project, costs now."""
        return read(Price, self._transport.get(f"/projects/{project_id}/quote"))

    def publish(
        self, project_id: int, *, agreed_total: AmountLike | None = None, key: str | None = None
    ) -> Project:
        """Publish a draft. With `agreed_total`, exactly that is charged, or nothing."""
        body = given(agreed_total=written(agreed_total))
        return read(Project, self._transport.post(f"/projects/{project_id}/publish", body, key=key))

    def publish_rows(
        self, project_id: int, *, agreed_total: AmountLike | None = None, key: str | None = None
    ) -> Quote:
        """Pay for the rows that wait in a published project, and open them."""
        body = given(agreed_total=written(agreed_total))
        return read(Quote, self._transport.post(f"/projects/{project_id}/publish-rows", body, key=key))

    def prototype_round(
        self, project_id: int, *, revision: int | None = None, number: int | None = None
    ) -> Round:
        """Return a prototype round: the last one, or that of a revision by its number."""
        path = f"/projects/{project_id}/round"
        return read(Round, self._transport.get(path, **given(revision=revision, number=number)))

    def launch(
        self, project_id: int, *, agreed_total: AmountLike | None = None, key: str | None = None
    ) -> Project:
        """Pay for and open what a passed prototype round covers."""
        body = given(agreed_total=written(agreed_total))
        return read(Project, self._transport.post(f"/projects/{project_id}/launch", body, key=key))

    def begin_revision(self, project_id: int, *, keeps_answers: bool = True) -> Project:
        """Begin to revise a published project; change it with `change_draft`, then `publish` it."""
        body = {"keeps_answers": keeps_answers}
        return read(Project, self._transport.post(f"/projects/{project_id}/revision", body))

    def discard_revision(self, project_id: int) -> Project:
        """Throw away a revision that is not published."""
        return read(Project, self._transport.delete(f"/projects/{project_id}/revision"))

    def pause(self, project_id: int) -> Project:
        return read(Project, self._transport.post(f"/projects/{project_id}/pause"))

    def resume(self, project_id: int) -> Project:
        return read(Project, self._transport.post(f"/projects/{project_id}/resume"))

    def close_project(self, project_id: int) -> Closed:
        """End a project for good, and return what came back of its money just now."""
        return read(Closed, self._transport.post(f"/projects/{project_id}/close"))

    def duplicate(self, project_id: int, *, title: str | None = None, key: str | None = None) -> Project:
        """Make a draft that begins as the project is."""
        path = f"/projects/{project_id}/duplicate"
        return read(Project, self._transport.post(path, given(title=title), key=key))

    def schedule(self, project_id: int, publish_at: datetime | None) -> Project:
        """Have a draft publish itself at a moment; None for not any more."""
        body = {"publish_at": moment(publish_at)}
        return read(Project, self._transport.put(f"/projects/{project_id}/schedule", body))

    def set_deadline(self, project_id: int, deadline_at: datetime | None) -> Project:
        """Set or move the moment from which nothing can be taken; None lifts it."""
        body = {"deadline_at": moment(deadline_at)}
        return read(Project, self._transport.put(f"/projects/{project_id}/deadline", body))

    def set_device(self, project_id: int, device: str) -> Project:
        """Say what the work is best done with: "any", "computer" or "phone"; a hint for workers."""
        return read(Project, self._transport.put(f"/projects/{project_id}/device", {"device": device}))

    def progress(self, project_id: int) -> Progress:
        """Return how far a project has come, at this moment."""
        return read(Progress, self._transport.get(f"/projects/{project_id}/progress"))
