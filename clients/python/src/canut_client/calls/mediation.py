"""Disputes: beginning one, writing, sending files, going on and settling; and what everybody may read."""

from collections.abc import Iterator
from datetime import date

from canut_client.calls.base import Calls, FileLike, bytes_left, name_of, opened
from canut_client.models import (
    Dispute,
    DisputeFile,
    DisputeGone,
    DisputeInList,
    MediationReport,
    Mediator,
    Summary,
)
from canut_client.reading import read


class MediationCalls(Calls):
    def disputes(self) -> Iterator[DisputeInList]:
        """Give the disputes in which one takes part, the newest first."""
        return self._all(DisputeInList, "/disputes", limit=200)

    def dispute(self, dispute_id: int, *, before: int | None = None) -> Dispute:
        """Return a dispute with its latest messages, or those before one. Refused as `dispute_not_found`."""
        return read(Dispute, self._transport.get(f"/disputes/{dispute_id}", before=before))

    def begin_dispute(
        self,
        *,
        topic: str,
        happened_on: date,
        words: str,
        wish: str,
        screen_name: str = "",
        project_id: int | None = None,
        key: str | None = None,
    ) -> Dispute:
        """Tell another side what divides the two. Without a name and a project: those who run the site.

        Refused as `dispute_no_work_between`, `dispute_too_late`, `dispute_open_already` or
        `dispute_too_many_open`.
        """
        body = {
            "topic": topic,
            "happened_on": happened_on.isoformat(),
            "words": words,
            "wish": wish,
            "screen_name": screen_name,
            "project_id": project_id,
        }
        return read(Dispute, self._transport.post("/disputes", body, key=key))

    def write_in_dispute(
        self, dispute_id: int, text: str, *, audience: str = "all", key: str | None = None
    ) -> Dispute:
        """Write to the others, or with a mediator to them alone. Refused as `dispute_not_at_this_point`."""
        body = {"text": text, "audience": audience}
        return read(Dispute, self._transport.post(f"/disputes/{dispute_id}/messages", body, key=key))

    def take_dispute_further(
        self,
        dispute_id: int,
        step: str,
        text: str = "",
        *,
        number: int | None = None,
        key: str | None = None,
    ) -> DisputeGone:
        """Take a step, such as `complain`, `reply`, `propose`, `agree`, `recommend` or `withdraw`.

        `number` is that of a wording, a mandate or a version, where the step needs one. Refused as
        `dispute_not_your_part` or `dispute_not_at_this_point`, among others.
        """
        body = {"step": step, "text": text, "number": number}
        return read(DisputeGone, self._transport.post(f"/disputes/{dispute_id}/steps", body, key=key))

    def write_summary(
        self,
        dispute_id: int,
        *,
        title_en: str = "",
        text_en: str = "",
        title_fr: str = "",
        text_fr: str = "",
    ) -> Dispute:
        """Write what others may learn of a dispute. Refused as `summary_names_somebody`, among others."""
        body = {"title_en": title_en, "text_en": text_en, "title_fr": title_fr, "text_fr": text_fr}
        return read(Dispute, self._transport.put(f"/disputes/{dispute_id}/summary", body))

    def send_dispute_file(
        self, dispute_id: int, file: FileLike, *, audience: str = "all", filename: str | None = None
    ) -> DisputeFile:
        """Send a file to the others, or with a mediator to them alone."""
        with opened(file, "rb") as content:
            sent = self._transport.upload(
                f"/disputes/{dispute_id}/files",
                content,
                size_bytes=bytes_left(content),
                filename=filename or name_of(file),
                asked={"audience": audience},
            )
        return read(DisputeFile, sent)

    def download_dispute_file(self, dispute_id: int, file_id: str, to: FileLike) -> int:
        """Write a file of a dispute that one may read; return how many bytes there were."""
        with opened(to, "wb") as target:
            return self._transport.download(f"/disputes/{dispute_id}/files/{file_id}", target)

    def take_back_dispute_file(self, dispute_id: int, file_id: str) -> None:
        """Take a file back that one has sent."""
        self._transport.delete(f"/disputes/{dispute_id}/files/{file_id}")

    def summaries(
        self, words: str = "", *, topic: str | None = None, language: str = ""
    ) -> Iterator[Summary]:
        """Give published summaries of disputes, the newest first; needs no key."""
        return self._all(
            Summary, "/mediation/summaries", limit=200, words=words, topic=topic, language=language
        )

    def summary(self, summary_id: int, *, language: str = "") -> Summary:
        """Return one published summary; needs no key. Refused as `summary_not_found`."""
        return read(Summary, self._transport.get(f"/mediation/summaries/{summary_id}", language=language))

    def mediators(self) -> Iterator[Mediator]:
        """Give those who mediate on the site; needs no key."""
        return self._all(Mediator, "/mediation/mediators", limit=200)

    def mediation_report(self, year: int) -> MediationReport:
        """Return the report on the disputes of a year; needs no key."""
        return read(MediationReport, self._transport.get(f"/mediation/reports/{year}"))
