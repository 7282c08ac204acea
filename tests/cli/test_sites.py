"""Which site a command means, and where that site is."""

import os

import pytest

from canut.cli.sites import choose_site


@pytest.fixture
def said(monkeypatch, tmp_path):
    """Return an environment that says nothing, on a machine with nothing."""
    said = {"CANUT_HOME": str(tmp_path)}
    monkeypatch.setattr(os, "environ", said)
    return said


def a_demo_in(folder, *, port):
    (folder / "demo" / "postgres").mkdir(parents=True)
    (folder / "demo.lock").write_text(port)


def test_where_only_a_demo_is_it_is_meant_at_the_port_it_runs_on(said, tmp_path):
    a_demo_in(tmp_path, port="8123")
    choose_site()
    assert (said["CANUT_MODE"], said["CANUT_SITE_URL"]) == ("demo", "http://127.0.0.1:8123")


def test_an_address_that_was_said_is_kept(said, tmp_path):
    a_demo_in(tmp_path, port="8123")
    said["CANUT_SITE_URL"] = "http://127.0.0.1:9"
    choose_site()
    assert said["CANUT_SITE_URL"] == "http://127.0.0.1:9"


@pytest.mark.parametrize("written", ["", "eight"])
def test_a_demo_that_did_not_say_where_it_runs_has_no_other_address_than_before(said, tmp_path, written):
    a_demo_in(tmp_path, port=written)
    choose_site()
    assert "CANUT_SITE_URL" not in said


def test_a_site_beside_a_demo_is_meant_and_not_at_the_demos_address(said, tmp_path):
    a_demo_in(tmp_path, port="8123")
    (tmp_path / "site" / "postgres").mkdir(parents=True)
    choose_site()
    assert not {"CANUT_MODE", "CANUT_SITE_URL"} & set(said)
