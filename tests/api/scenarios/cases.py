"""Situations of appeals: reading, adding files, taking back."""

from uuid import UUID

from django.core.files.base import ContentFile
from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.justice.cases import heard

from canut.justice.files import SentFile
from canut.justice.models import Case, CaseFile
from canut.justice.usecases.keep_case_file import add_case_file

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
NOWHERE = UUID(int=0)
ABOUT_ONE = {
    "get_case": lambda cast, pk: cast.get(cast.worker, f"/cases/{pk}"),
    "take_a_case_back": lambda cast, pk: cast.post(cast.worker, f"/cases/{pk}/take-back"),
    "add_a_case_file": lambda cast, pk: _send(cast, pk),
}
ABOUT_FILES = {
    "fetch_case_file": lambda cast, pk: cast.get(cast.worker, f"/case-files/{pk}"),
    "remove_a_case_file": lambda cast, pk: Call(cast.worker, "DELETE", f"/case-files/{pk}"),
}


def _send(cast: Cast, case_id: int, content: bytes = PNG, *, name: str = "shot.png") -> Call:
    path = f"/cases/{case_id}/files" + (f"?filename={name}" if name else "")
    return Call(cast.worker, "POST", path, raw=content, content_type="application/octet-stream")


def _kept(cast: Cast, case: Case, content: bytes = PNG) -> CaseFile:
    sent = SentFile(ContentFile(content), "shot.png")
    return add_case_file(case_id=case.pk, by=cast.worker, sent=sent, at=cast.at)


several(
    {name: ABOUT_ONE[name] for name in ("get_case", "take_a_case_back")},
    "200",
    lambda cast: cast.appealed().pk,
)
several(ABOUT_ONE, "case_not_found", lambda cast: 987654321)
says("add_a_case_file", "201")(lambda cast: _send(cast, cast.appealed().pk))
says("add_a_case_file", "case_file_type_refused")(lambda cast: _send(cast, cast.appealed().pk, b"<html>"))
says("add_a_case_file", "case_file_too_large")(
    lambda cast: _send(cast, cast.appealed().pk, PNG + b"0" * 10**7)
)
says("add_a_case_file", "case_file_empty")(
    lambda cast: _send(cast, cast.appealed().pk, b"").but(
        raw=b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n\r\n--x--\r\n',
        content_type="multipart/form-data; boundary=x",
    )
)
says("add_a_case_file", "bad_input")(lambda cast: _send(cast, cast.appealed().pk, name=""))
says("add_a_case_file", "request_not_understood")(
    lambda cast: _send(cast, cast.appealed().pk).but(content_type="multipart/form-data")
)


@says("add_a_case_file", "case_has_ended")
def _(cast: Cast) -> Call:
    return _send(cast, heard(cast.appealed(), overturn=True, at=cast.at).pk)


@says("add_a_case_file", "too_many_case_files")
def _(cast: Cast) -> Call:
    case = cast.appealed()
    for number in range(5):
        _kept(cast, case, PNG + bytes([number]))
    return _send(cast, case.pk)


@says("list_cases", "200")
def _(cast: Cast) -> Call:
    cast.appealed()
    return cast.get(cast.worker, "/cases")


says("fetch_case_file", "200")(
    lambda cast: ABOUT_FILES["fetch_case_file"](cast, _kept(cast, cast.appealed()).pk)
)
says("remove_a_case_file", "204")(
    lambda cast: ABOUT_FILES["remove_a_case_file"](cast, _kept(cast, cast.appealed()).pk)
)
several(ABOUT_FILES, "case_file_not_found", lambda cast: NOWHERE)


@says("remove_a_case_file", "case_has_ended")
def _(cast: Cast) -> Call:
    case = cast.appealed()
    file = _kept(cast, case)
    heard(case, overturn=False, at=cast.at)
    return ABOUT_FILES["remove_a_case_file"](cast, file.pk)
