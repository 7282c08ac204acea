"""Everybody who uses a site may have its code (AGPL-3.0, section 13)."""

import io
import tarfile

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_visitor_finds_the_code_from_every_page_and_gets_it_whole(client: Client) -> None:
    assert b'href="/source/"' in client.get("/").content
    assert b"/source/canut.tar.gz" in client.get("/source/").content
    reply = client.get("/source/canut.tar.gz")
    with tarfile.open(fileobj=io.BytesIO(reply.content)) as archive:
        names = archive.getnames()
        owners = {member.uname for member in archive}
    assert any(name.endswith("canut/work/hot/claim.sql") for name in names)
    assert any(name.endswith("/LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name or ".canut/" in name or "/.git/" in name]
    assert owners == {""}


def test_the_front_door_answers_a_look_at_its_head(client: Client) -> None:
    assert client.head("/").status_code == 200
