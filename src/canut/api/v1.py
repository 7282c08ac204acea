"""Version 1 of the REST API: everything that is declared, under one roof."""

import json
import re
from copy import deepcopy
from functools import cached_property
from inspect import getdoc
from typing import Any

from ninja import NinjaAPI
from pydantic.json_schema import models_json_schema

from canut import __version__
from canut.api import problems
from canut.api.bodies import StrictJson
from canut.api.doors import (
    account,
    appeal_seats,
    badges,
    board,
    bounces,
    broken,
    cases,
    charter,
    comparisons,
    constitution,
    contests,
    designs,
    discussions,
    explanations,
    files,
    flags,
    guilds,
    history,
    hours,
    journal,
    juries,
    lists,
    log,
    mediation,
    membership,
    money,
    moratoria,
    notices,
    opening,
    operators,
    pages,
    projects,
    proposals,
    qualifications,
    ratings,
    replays,
    requirements,
    results,
    review,
    rounds,
    sanctions,
    searches,
    talk,
    top_ups,
    uploads,
    votes,
    webhooks,
    work,
)
from canut.api.shapes.common import Page, Problem
from canut.api.wire import Json

SUBJECTS = (
    account,
    notices,
    projects,
    designs,
    rounds,
    opening,
    requirements,
    uploads,
    work,
    broken,
    explanations,
    searches,
    files,
    hours,
    guilds,
    journal,
    pages,
    webhooks,
    review,
    cases,
    appeal_seats,
    mediation,
    contests,
    sanctions,
    ratings,
    qualifications,
    results,
    comparisons,
    top_ups,
    money,
    history,
    badges,
    lists,
    charter,
    constitution,
    log,
    membership,
    talk,
    discussions,
    moratoria,
    flags,
    operators,
    replays,
    proposals,
    juries,
    votes,
    board,
    bounces,
)
"""The files of endpoints, in the order in which the reference shows them."""

DESCRIPTION = """
Publish tasks, do them, decide on what was handed in, and read what came of it.

Every request shows an API key (`Authorization: Bearer cnt_…`), made on the account page for one or more
scopes; what may be read without one says so. Amounts are whole numbers of the currency's smallest unit.
Moments are in UTC. Lists come in pages: go on with `next_cursor` until it is null; rows that come in
meanwhile shift nothing. A POST may carry an `Idempotency-Key`: a repeat with the same key within a week
does nothing more and is answered as the first time, with the header `Idempotent-Replay: true`.

Errors are problem documents (RFC 9457, `application/problem+json`) with a stable `code`; sentences come
in English or French, as `Accept-Language` asks or else as the key's owner has chosen. Beside what each
address lists, any request may be answered 500 `unexpected`, and 503 `not_available_now`, after which it
can be tried again.
"""


class Api(NinjaAPI):
    """Writes its own document once, with the parts in it that endpoints only refer to."""

    def get_openapi_schema(self, **options: Any) -> Any:
        return deepcopy(self._document)

    @cached_property
    def _document(self) -> Any:
        document = super().get_openapi_schema()
        _names, shared = models_json_schema(
            [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
        )
        schemas = document["components"]["schemas"]
        schemas.update(shared["$defs"])
        for name in [name for name in schemas if name.startswith("Page_")]:
            schemas[name]["description"] = getdoc(Page)
        for methods in document["paths"].values():
            for operation in methods.values():
                if scope := operation.get("x-scope"):
                    operation["security"] = [{"ApiKey": [scope]}]
                # Ninja repeats the first line of the docstring, which is the summary already.
                _first, _line, rest = operation.pop("description", "").partition("\n")
                if rest.strip():
                    operation["description"] = rest.strip()
        document["components"]["securitySchemes"] = {
            "ApiKey": {"type": "http", "scheme": "bearer", "description": "An API key of the account page."}
        }
        # A page of projects is called ProjectPage, not Page_Project_.
        return json.loads(re.sub(r"\bPage_(\w+?)_(?=[\"/])", r"\1Page", json.dumps(document)))


def _made() -> Api:
    api = Api(
        title="Canut",
        version=__version__,
        description=DESCRIPTION.strip(),
        urls_namespace="api-v1",
        docs_url=None,
        renderer=Json(),
        parser=StrictJson(),
    )
    problems.register(api)
    for subject in SUBJECTS:
        api.add_router("", subject.doors.router)
    return api


api = _made()
