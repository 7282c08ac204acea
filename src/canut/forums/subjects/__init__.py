"""What is talked about, by its kind: who may read and write, and what it is called."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from canut.discussion.models import SubjectKind
from canut.forums.stands import Stand
from canut.forums.subjects.college import stand_in_college
from canut.forums.subjects.conversation import stand_in_conversation
from canut.forums.subjects.facilitated import stand_in_facilitated
from canut.forums.subjects.guild import stand_in_guild
from canut.forums.subjects.project import stand_in_project
from canut.people.models import Person


class StandsBefore(Protocol):
    def __call__(self, subject_id: int, /, *, by: Person, at: datetime) -> Stand:
        """Return where `by`, who may read what is said about a subject, stands.

        Raises:
            Refusal: there is no such subject, or they may not read what is said about it.
        """


SUBJECTS: Mapping[SubjectKind, StandsBefore] = {
    SubjectKind.PROJECT: stand_in_project,
    SubjectKind.GUILD: stand_in_guild,
    SubjectKind.COLLEGE: stand_in_college,
    SubjectKind.CONVERSATION: stand_in_conversation,
    SubjectKind.FACILITATED: stand_in_facilitated,
}
