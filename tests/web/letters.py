"""The mails that a page has asked a job to send, read before the job does."""

import re
from dataclasses import dataclass

from procrastinate.contrib.django.models import ProcrastinateJob


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str

    def link(self, containing: str) -> str:
        """Return the path of the link in the letter that holds the given words."""
        found = [url for url in re.findall(r"https?://[^/\s]+(/\S+)", self.text) if containing in url]
        assert len(found) == 1, self.text
        return found[0]


def letters() -> list[Letter]:
    """Return every mail asked for so far, oldest first."""
    jobs = ProcrastinateJob.objects.filter(task_name="people.send_mail").order_by("id")
    return [Letter(**job.args) for job in jobs]
