"""A program of somebody's that takes webhooks, on this machine: it can be slow, fail, or lead elsewhere."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Receiver:
    """What came in; each request is answered by the next of `answers`, the last of which goes on.

    An answer is a status, or a text: "slow" takes longer than a sender waits, "drip" sends its head a byte at
    a time, "endless" a body without end, "cut" nothing at all.
    """

    url: str = ""
    answers: list[Any] = field(default_factory=lambda: [200])
    came: list[tuple[str, dict[str, str], str]] = field(default_factory=list)

    @property
    def ids(self) -> Sequence[str]:
        return [headers["webhook-id"] for _path, headers, _body in self.came]

    @property
    def told(self) -> Sequence[Any]:
        return [json.loads(body) for _path, _headers, body in self.came]

    @property
    def types(self) -> Sequence[str]:
        return [one["type"] for one in self.told]


class Handler(BaseHTTPRequestHandler):
    """Answers each request as its receiver says."""

    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.came.append((self.path, headers, body))
        answers = self.receiver.answers
        with suppress(OSError):  # whoever asked is gone
            self._answer(answers.pop(0) if len(answers) > 1 else answers[0])

    def _answer(self, answer: Any) -> None:
        match answer:
            case "slow":
                time.sleep(3)
            case "drip":
                for letter in b"HTTP/1.1 200 OK\r\n":
                    self.wfile.write(bytes([letter]))
                    time.sleep(0.1)
            case "endless":
                self.send_response(200)
                self.end_headers()
                while True:
                    self.wfile.write(b"more \x00 " * 1_000)
            case "cut":
                self.close_connection = True
            case int(status):
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{self.receiver.url}/elsewhere")
                self.send_header("Content-Length", "5")
                self.end_headers()
                self.wfile.write(b"Said.")

    def log_message(self, *_said: Any) -> None:
        """Say nothing on the terminal."""


@contextmanager
def a_receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Its", (Handler,), {"receiver": receiver}))
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
