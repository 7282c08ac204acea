"""Situations of designs being worked on: changed, undone, brought in, compared."""

from copy import deepcopy

from tests.api.calls import Call
from tests.api.scenarios.cast import GOOD_DESIGN, Cast
from tests.api.scenarios.projects import change
from tests.api.scenarios.registry import says, several
from tests.api.scenarios.rounds import tried

from canut.work.models import Project
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.restore_design import undo_design

ABOUT_BIRDS = deepcopy(GOOD_DESIGN) | {"instructions": "Say which bird it is."}
WITHOUT_ROWS = deepcopy(GOOD_DESIGN) | {"items": GOOD_DESIGN["items"][1:]}


def undo(cast: Cast, project_id: int) -> Call:
    return cast.post(cast.requester, f"/projects/{project_id}/design/undo")


def redo(cast: Cast, project_id: int) -> Call:
    return cast.post(cast.requester, f"/projects/{project_id}/design/redo")


def restore(cast: Cast, project_id: int, number: int = 1) -> Call:
    return cast.post(cast.requester, f"/projects/{project_id}/design/versions/{number}/restore")


def look(cast: Cast, project_id: int) -> Call:
    return cast.get(cast.requester, f"/projects/{project_id}/design")


def chain(cast: Cast, project_id: int) -> Call:
    return cast.get(cast.requester, f"/projects/{project_id}/revisions")


def bring(cast: Cast, text: str) -> Call:
    return cast.post(cast.requester, "/designs/read", {"text": text})


WALKS = {"undo_a_design": undo, "redo_a_design": redo, "restore_a_design": restore}


def changed(cast: Cast, design: dict[str, object] = ABOUT_BIRDS) -> Project:
    """A draft whose design was changed once."""
    project = cast.draft()
    return change_draft(project_id=project.pk, by=cast.requester, at=cast.at, design=design)


def undone(cast: Cast) -> Project:
    return undo_design(project_id=changed(cast).pk, by=cast.requester, at=cast.at)


def _draft_of_one_who_gave_up(cast: Cast) -> int:
    project = changed(cast)
    cast.given_up(cast.requester)
    return project.pk


several({**WALKS, "get_design": look, "list_revisions": chain}, "project_not_found", lambda cast: 987654321)
several(WALKS, "requester_role_missing", _draft_of_one_who_gave_up)
several(WALKS, "project_not_draft", lambda cast: cast.live().pk)
several({"undo_a_design": undo, "redo_a_design": redo}, "nothing_to_undo", lambda cast: cast.draft().pk)


def _with_rows_on_the_move(cast: Cast, *, go_back: bool) -> int:
    """Rows become tasks while the step to be made would change what workers are shown of them."""
    project = changed(cast, WITHOUT_ROWS)
    if go_back:
        undo_design(project_id=project.pk, by=cast.requester, at=cast.at)
    cast.rows_move(project)
    return project.pk


several(
    {"undo_a_design": undo, "restore_a_design": restore},
    "rows_under_way",
    lambda cast: _with_rows_on_the_move(cast, go_back=False),
)
several({"redo_a_design": redo}, "rows_under_way", lambda cast: _with_rows_on_the_move(cast, go_back=True))


@says("get_design", "200")
def _(cast: Cast) -> Call:
    return look(cast, changed(cast).pk)


@says("undo_a_design", "200")
def _(cast: Cast) -> Call:
    return undo(cast, changed(cast).pk)


@says("redo_a_design", "200")
def _(cast: Cast) -> Call:
    return redo(cast, undone(cast).pk)


@says("restore_a_design", "200")
def _(cast: Cast) -> Call:
    return restore(cast, changed(cast).pk)


@says("restore_a_design", "design_version_not_found")
def _(cast: Cast) -> Call:
    return restore(cast, changed(cast).pk, 99)


@says("list_revisions", "200")
def _(cast: Cast) -> Call:
    project = tried(cast)
    begin_revision(project_id=project.pk, by=cast.requester, at=cast.at)
    assert change(cast, project.pk, design=ABOUT_BIRDS, reward="0.70").answered().status == 200
    return chain(cast, project.pk)


@says("read_a_design", "200")
def _(cast: Cast) -> Call:
    return bring(cast, '<View><Text name="t" value="$text"/><TextArea name="a" toName="t"/><Brush/></View>')


@says("read_a_design", "requester_role_missing")
def _(cast: Cast) -> Call:
    return bring(cast, "{}").but(by=cast.guest)


@says("read_a_design", "import_refused")
def _(cast: Cast) -> Call:
    return bring(cast, "<html></html>")


@says("read_a_design", "design_refused")
def _(cast: Cast) -> Call:
    return bring(cast, '{"version": 1, "items": [{"type": "sculpture"}]}')
