"""The written reference is what the code says, and the pages that explain it open to anybody."""

from pathlib import Path

import pytest
from django.test import Client
from tests.api.calls import document

from canut.api import reference

DOCS = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_the_page_in_docs_is_what_the_code_says_now(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == reference.PAGES[name](), "run: python -m canut.api.reference"


def test_every_refusal_says_what_it_means() -> None:
    silent = [
        code for code, refused in reference.refusals().items() if not (refused.about or refused.sentences)
    ]
    assert silent == []


def test_every_shape_says_what_it_is() -> None:
    assert [shape.name for shape in reference.shapes() if not shape.about] == []


def test_every_reference_in_the_document_leads_somewhere() -> None:
    schemas = document()["components"]["schemas"]
    missing: list[str] = []

    def look(value: object) -> None:
        if isinstance(value, dict):
            target = value.get("$ref")
            if isinstance(target, str) and target.rpartition("/")[2] not in schemas:
                missing.append(target)
            for part in value.values():
                look(part)
        elif isinstance(value, list):
            for part in value:
                look(part)

    look(document())
    assert missing == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", ["/api/v1/docs", "/problems/", "/problems/insufficient_funds"])
def test_the_pages_open_to_anybody_without_script_or_style_in_them(path: str, language: str) -> None:
    answer = Client().get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'<html lang="{language}">' in page
    assert "<script>" not in page
    assert " style=" not in page
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_problems_type_leads_to_its_explanation() -> None:
    refused = Client().get("/api/v1/me").json()
    page = Client().get(refused["type"]).content.decode()
    assert refused["title"] in page
    assert Client().get("/problems/no_such_code").status_code == 404


@pytest.mark.django_db
def test_the_document_is_served_as_it_is_checked() -> None:
    assert Client().get("/api/v1/openapi.json").json() == document()
