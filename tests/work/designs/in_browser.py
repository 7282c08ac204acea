"""A task's page in a real browser, on as much of a site as it needs."""

from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

QUICKLY_SECONDS = 0.02
"""How often a site served from a thread looks whether to stop."""

TAKEN = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)


class Site(ThreadingHTTPServer):
    """As much of a site as the page of one task needs: its page, its two files, and two places to post to."""

    daemon_threads = True
    html = b""
    draft_status = 204

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.drafts = []
        self.handed_in = []
        self.asked = []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/task":
            self._send(200, self.server.html, "text/html; charset=utf-8")
        elif self.path in FILES:
            self._send(200, Path(finders.find(self.path[1:])).read_bytes(), FILES[self.path])
        else:
            self.server.asked.append(self.path)
            self._send(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/draft":
            self.server.drafts.append(_fields(self.headers["Content-Type"], body))
            self._send(self.server.draft_status)
        else:
            self.server.handed_in.append(_fields(self.headers["Content-Type"], body))
            self._send(200, b"<title>Done</title>", "text/html")

    def _send(self, status, body=b"", content_type="text/plain"):
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said):
        """Say nothing on the terminal."""


DRESS = ("/pico/pico.min.css", "/canut.css", "/work.css", "/task.css")
FILES = {"/task.js": "text/javascript", **dict.fromkeys(DRESS, "text/css")}


def _fields(content_type, body):
    if content_type.startswith("multipart/form-data"):
        boundary = "--" + content_type.split("boundary=")[1]
        parts = [part.partition("\r\n\r\n") for part in body.split(boundary)[1:-1]]
        return {
            head.split('name="')[1].split('"')[0]: value.removesuffix("\r\n") for head, _gap, value in parts
        }
    return {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}


def until(page, holds):
    """Wait until something holds; the browser's own way needs what our policy forbids."""
    for _tenth in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come to hold in ten seconds")


class TaskPage:
    """A task's page in the browser, and what it has sent to the site."""

    def __init__(self, page, site):
        self.page = page
        self.site = site
        self.said = []
        page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self._notice(request.url))

    def _notice(self, url):
        if not url.startswith(self.site.address) or url.endswith("/stolen"):
            self.said.append(url)

    @property
    def drafts(self):
        return self.site.drafts

    @property
    def handed_in(self):
        return self.site.handed_in

    def open(self, form, *, minutes=30, dress=("/task.css",)):
        lease = {"now": TAKEN, "lease_until": TAKEN + timedelta(minutes=minutes)}
        context = {"form": form, "design": form.design, **lease}
        names = ("clock", "instructions", "items", "draft")
        styles = "".join(f'<link rel="stylesheet" href="{path}">' for path in dress)
        parts = [render_to_string(f"work/items/{name}.html", context) for name in names]
        self.site.html = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Task</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="data:,">{styles}</head>
            <body><main><h1>Task</h1>
            <form method="post" action="/hand-in" data-task-form data-draft-url="/draft">
            <input type="hidden" name="csrfmiddlewaretoken" value="token">
            {"".join(parts)}<button type="submit" data-hand-in>Hand in</button></form></main>
            <script src="/task.js" defer></script></body></html>""".encode()
        self.page.goto(f"{self.site.address}/task")
        return self

    def checked(self):
        return self.page.evaluate(
            "[...document.querySelectorAll('input:checked[name^=answer]')].map(i => i.value)"
        )

    def text(self, selector):
        return self.page.locator(selector).text_content().strip()
