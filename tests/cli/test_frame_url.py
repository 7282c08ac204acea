"""The other origin of a site: what an operator may name, and what `canut check` says of it."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured

from canut.cli import check, environment
from canut.cli.failure import Failure
from canut.work.frame_host import frame_origin, frame_source, has_frames, is_frame_host, site_origin

SITE = "https://canut.example.org"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("https://canut.example.org", "the site's own host"),
        ("https://canut.example.org:8443", "the site's own host"),
        ("http://frames.example.org", "https"),
        ("frames.example.org", "must be an origin"),
        ("https://frames.example.org/below", "must be an origin"),
    ],
)
def test_an_address_that_would_not_keep_pages_apart_is_refused(monkeypatch, said, why):
    monkeypatch.setenv("CANUT_FRAME_URL", said)
    with pytest.raises(ImproperlyConfigured, match=why):
        environment.frame_url(SITE)


def test_another_host_is_taken(monkeypatch):
    monkeypatch.setenv("CANUT_FRAME_URL", "https://frames.example.net/")
    assert environment.frame_url(SITE) == "https://frames.example.net"
    monkeypatch.delenv("CANUT_FRAME_URL")
    assert environment.frame_url(SITE) == ""


@pytest.mark.parametrize(
    ("site", "asked", "frames", "own"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:9000", "http://localhost:9000", "http://127.0.0.1:9000"),
        ("http://127.0.0.1:8000", "localhost:9000", "http://localhost:9000", "http://127.0.0.1:9000"),
        ("http://127.0.0.1:8000", "", "http://localhost:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "localhost:8000", "http://127.0.0.1:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "[::1]:8000", "http://localhost:8000", "http://[::1]:8000"),
    ],
)
def test_a_site_on_this_machine_alone_has_its_other_name(settings, site, asked, frames, own):
    settings.SITE_URL, settings.FRAME_URL = site, ""
    assert (frame_origin(asked), site_origin(asked)) == (frames, own)
    assert is_frame_host(frames.removeprefix("http://"))
    assert not is_frame_host(own.removeprefix("http://"))
    assert not is_frame_host("localhost.example.org")
    assert not is_frame_host("")


def test_a_site_with_a_name_has_no_other_until_it_is_given_one(settings):
    settings.SITE_URL, settings.FRAME_URL = SITE, ""
    assert (has_frames(), frame_origin("localhost"), frame_source()) == (False, "", ())
    assert not is_frame_host("localhost")
    assert "CANUT_FRAME_URL" in check._frames()


class _Other(BaseHTTPRequestHandler):
    says = b"Nothing is here.\n"

    def do_GET(self):
        self.send_response(404)
        self.send_header("Content-Length", str(len(self.says)))
        self.end_headers()
        self.wfile.write(self.says)

    def log_message(self, *_said):
        """Say nothing on the terminal."""


def test_check_asks_whether_the_other_host_leads_here(settings, monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), _Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SITE_URL = "http://canut.example.org"
    settings.FRAME_URL = f"http://127.0.0.1:{server.server_port}"
    try:
        assert "127.0.0.1" in check._frames()
        monkeypatch.setattr(_Other, "says", b"Another site.\n")
        with pytest.raises(Failure, match="not answered by this site"):
            check._frames()
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(Failure, match="does not answer"):
        check._frames()
