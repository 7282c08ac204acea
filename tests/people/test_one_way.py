"""There is one way to tell somebody anything: by their notices, from which mails and messages leave."""

import re
from pathlib import Path

import canut
from canut.people.notices.kinds import NoticeKind

SOURCE = Path(canut.__file__).parent
KINDS = SOURCE / "people" / "notices" / "kinds.py"
TO_NO_ACCOUNT = {"web/people/sign_in.py", "membership/usecases/invite_member.py"}
"""Links that only the address may have: to confirm it, to set a password anew, to accept an invitation."""
SENDS = re.compile(
    r"^\s*(?:from django\.core\.mail import (?!get_connection\b)|import smtplib|from smtplib)", re.M
)


def files() -> dict[str, str]:
    """Return the source outside the room of people, by its path."""
    found = {path.relative_to(SOURCE).as_posix(): path.read_text() for path in SOURCE.rglob("*.py")}
    return {name: text for name, text in found.items() if not name.startswith("people/")}


def test_no_other_room_sends_mails_by_itself() -> None:
    read = files()
    assert {name for name, text in read.items() if SENDS.search(text)} == set()
    assert {name for name, text in read.items() if re.search(r"\bEmailMessage\(", text)} == set()
    asked = {name for name, text in read.items() if re.search(r"later(?:_in)?\(\s*\"people\.send_mail", text)}
    assert asked == TO_NO_ACCOUNT
    use = {
        name for name, text in read.items() if re.search(r"people\.usecases(?:\.| import )send_mail", text)
    }
    assert use == {"jobs/tasks.py"}


def test_each_kind_of_notice_is_told_by_somebody() -> None:
    text = "\n".join(path.read_text() for path in SOURCE.rglob("*.py") if path != KINDS)
    named = set(re.findall(r"\bNoticeKind\.([A-Z_]+)\b", text))
    assert named == set(NoticeKind.__members__)
