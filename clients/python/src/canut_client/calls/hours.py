"""Work by the hour, sensitive work, and refusing a project together."""

from collections.abc import Iterator, Sequence

from canut_client.calls.base import Calls, given
from canut_client.models import Hours, Project, ProjectRefusal, RisksAccepted, Withdrawal, WorkSession
from canut_client.reading import read


class HoursCalls(Calls):
    def open_session(self, project_id: int, *, key: str | None = None) -> WorkSession:
        """Open a paid session in a project that pays by the hour; tasks are then taken as elsewhere."""
        return read(WorkSession, self._transport.post(f"/projects/{project_id}/session", key=key))

    def sessions(self) -> Iterator[WorkSession]:
        """Give one's own sessions, newest first; one that is open is the first."""
        return self._all(WorkSession, "/sessions")

    def session(self, session_id: int) -> WorkSession:
        return read(WorkSession, self._transport.get(f"/sessions/{session_id}"))

    def close_session(self, session_id: int, *, key: str | None = None) -> WorkSession:
        """Close a session: its time is in one's earnings at once."""
        return read(WorkSession, self._transport.post(f"/sessions/{session_id}/close", key=key))

    def begin_break(self, session_id: int, *, paid: bool = False, key: str | None = None) -> WorkSession:
        """Let the clock stand still, or take a paid break from sensitive work."""
        path = f"/sessions/{session_id}/break"
        return read(WorkSession, self._transport.post(path, {"paid": paid}, key=key))

    def end_break(self, session_id: int, *, key: str | None = None) -> WorkSession:
        return read(WorkSession, self._transport.post(f"/sessions/{session_id}/back", key=key))

    def give_sign(self, session_id: int, *, key: str | None = None) -> WorkSession:
        """Say that one is at work; without a sign for some minutes a session ends."""
        return read(WorkSession, self._transport.post(f"/sessions/{session_id}/seen", key=key))

    def accepted_risks(self) -> RisksAccepted:
        """Return the kinds of sensitive work that one has said one will see; none by default."""
        return read(RisksAccepted, self._transport.get("/accepted-risks"))

    def accept_risks(self, risks: Sequence[str]) -> RisksAccepted:
        """Accept exactly these kinds of sensitive work from now on."""
        return read(RisksAccepted, self._transport.put("/accepted-risks", {"risks": list(risks)}))

    def refuse(
        self, project_id: int, ground: str, words: str = "", *, key: str | None = None
    ) -> ProjectRefusal:
        """Refuse a project one has looked at: "underpaid", "unsafe", "unclear" or "other"."""
        body = {"ground": ground, "words": words}
        return read(ProjectRefusal, self._transport.post(f"/projects/{project_id}/refuse", body, key=key))

    def hours(self, project_id: int) -> Hours:
        """Return the hours of one's own project: paid for, used, reserved, left; and its sessions."""
        return read(Hours, self._transport.get(f"/projects/{project_id}/hours"))

    def add_hours(
        self,
        project_id: int,
        seconds: int,
        *,
        agreed_total: str | None = None,
        hours_before_seconds: int | None = None,
        key: str | None = None,
    ) -> Hours:
        """Add hours to a published project; their money is set aside first."""
        body = {
            "seconds": seconds,
            **given(agreed_total=agreed_total, hours_before_seconds=hours_before_seconds),
        }
        return read(Hours, self._transport.post(f"/projects/{project_id}/hours", body, key=key))

    def withdrawal(self, project_id: int) -> Withdrawal:
        """Return why workers withdrew one's own project."""
        return read(Withdrawal, self._transport.get(f"/projects/{project_id}/withdrawal"))

    def appeal_withdrawal(self, project_id: int, words: str, *, key: str | None = None) -> Withdrawal:
        """Appeal the withdrawal of one's own project, once."""
        path = f"/projects/{project_id}/withdrawal/appeal"
        return read(Withdrawal, self._transport.post(path, {"words": words}, key=key))

    def reinstate(self, project_id: int, *, key: str | None = None) -> Project:
        """Take up one's own project again whose withdrawal was overturned; it comes back as a revision."""
        return read(Project, self._transport.post(f"/projects/{project_id}/reinstate", key=key))
