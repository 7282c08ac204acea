"""Simulated workers over HTTP: each hands in an answer, gets the next task, and goes on.

A process of its own, so that its CPU can be told from the server's. Reads a JSON order from standard
input and writes its figures to standard output:

    {"address": ["127.0.0.1", 8000], "seconds": 10, "door": "program" | "page", "workers": [
        {"key": "cnt_...", "cookie": "sessionid=...", "assignment_id": 12, "revision_id": 3,
         "work_token": "...", "csrf": "..."}, ...]}

By the door "program" a cycle is one request: submit and next over REST. By the door "page" it is what
a browser does: the task page's form, and the page of the task it is sent on to, where the next work
token stands.
"""

import asyncio
import json
import resource
import sys
import time
from typing import Any
from urllib.parse import urlencode

Order = dict[str, Any]


class Connection:
    """One kept-alive HTTP/1.1 connection, so plain that the driver is not what is measured."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, headers: str) -> None:
        self.reader, self.writer, self.headers = reader, writer, headers

    async def ask(self, line: str, body: bytes = b"") -> tuple[int, bytes, bytes]:
        """Send one request and return status, head in lower case, and body of the answer."""
        head = f"{line} HTTP/1.1\r\n{self.headers}Content-Length: {len(body)}\r\n\r\n"
        self.writer.write(head.encode() + body)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        status, lowered = int(answer[9:12]), answer.lower()
        start = lowered.index(b"content-length:") + 15
        length = int(lowered[start : lowered.index(b"\r\n", start)])
        return status, lowered, await self.reader.readexactly(length)


async def by_program(connection: Connection, worker: Order) -> str | None:
    """Hand in and note the next assignment in `worker`; return what went wrong, or None."""
    line = f"POST /api/v1/assignments/{worker['assignment_id']}/submission"
    sent = (
        b'{"answer":{"label":"cat"},"revision_id":%d,"active_seconds":30,"next":true}' % worker["revision_id"]
    )
    status, _head, body = await connection.ask(line, sent)
    if status != 200:
        return f"{status} {body[:300].decode()}"
    start = body.index(b'"next":{"assignment_id":') + 24
    worker["assignment_id"] = int(body[start : body.index(b",", start)])
    return None


async def by_page(connection: Connection, worker: Order) -> str | None:
    """Post the form, follow to the next task's page, and read its work token."""
    fields = {
        "work_token": worker["work_token"],
        "csrfmiddlewaretoken": worker["csrf"],
        "answer-label": "cat",
    }
    form = urlencode(fields | {"active_seconds": "30", "next": "1", "next_was": "1"})
    status, head, body = await connection.ask(f"POST /work/{worker['assignment_id']}/hand-in", form.encode())
    if status != 303:
        return f"{status} {body[:300].decode()}"
    start = head.index(b"location: /work/") + 16
    worker["assignment_id"] = int(head[start : head.index(b"/", start)])
    status, head, body = await connection.ask(f"GET /work/{worker['assignment_id']}/")
    if status != 200:
        return f"{status} {body[:300].decode()}"
    for name, field in (
        ("work_token", b'name="work_token" value="'),
        ("csrf", b'name="csrfmiddlewaretoken" value="'),
    ):
        start = body.index(field) + len(field)
        worker[name] = body[start : body.index(b'"', start)].decode()
    return None


async def work(order: Order, worker: Order, ends_at: float, times: list[float], errors: list[str]) -> None:
    address = order["address"]
    reader, writer = await asyncio.open_connection(address[0], address[1], limit=2**20)
    if order["door"] == "program":
        kind, cycle = "application/json", by_program
        who = f"Authorization: Bearer {worker['key']}\r\n"
    else:
        kind, cycle = "application/x-www-form-urlencoded", by_page
        who = f"Cookie: {worker['cookie']}\r\n"
    connection = Connection(
        reader, writer, f"Host: {address[0]}:{address[1]}\r\n{who}Content-Type: {kind}\r\n"
    )
    while time.perf_counter() < ends_at:
        begun = time.perf_counter()
        wrong = await cycle(connection, worker)
        if wrong is not None:
            errors.append(wrong)
            break
        times.append(time.perf_counter() - begun)
    writer.close()


async def main(order: Order) -> Order:
    times: list[float] = []
    errors: list[str] = []
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    ends_at = begun + order["seconds"]
    await asyncio.gather(*(work(order, worker, ends_at, times, errors) for worker in order["workers"]))
    took = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    times.sort()

    def at(share: float) -> float:
        return round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 2) if times else 0.0

    return {
        "cycles": len(times),
        "seconds": took,
        "p50_ms": at(0.50),
        "p95_ms": at(0.95),
        "p99_ms": at(0.99),
        "cpu_seconds": used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime,
        "errors": errors,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.load(sys.stdin)))))
