"""Requests to a site: keys, retries, errors.

A request is sent again only where that is safe: it reads, it sets something to a value, or it carries
an idempotency key, which every POST does unless its work has a natural one. So a lost answer never
means that something was done twice.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO
from uuid import uuid4

import httpx

from canut_client.errors import CanutError, NotACanutSite, Unreachable

API = "/api/v1"
ATTEMPTS = 6
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
TRY_AGAIN = frozenset({429, 502, 503, 504})
PROBLEM = "application/problem+json"


class Transport:
    """One connection pool to one site, with one API key."""

    def __init__(
        self,
        base_url: str,
        key: str | None,
        *,
        language: str | None = None,
        timeout_seconds: float = 60,
        attempts: int = ATTEMPTS,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"Accept": "application/json", "User-Agent": "canut-client"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        if language:
            headers["Accept-Language"] = language
        self._http = httpx.Client(
            base_url=base_url.rstrip("/") + API, headers=headers, timeout=timeout_seconds, transport=transport
        )
        self._attempts = attempts
        self._sleep = sleep

    def close(self) -> None:
        self._http.close()

    def use_key(self, key: str) -> None:
        """Go on with another key."""
        self._http.headers["Authorization"] = f"Bearer {key}"

    def get(self, path: str, **params: Any) -> Any:
        return self.request("GET", path, params=params)

    def pages(self, path: str, **params: Any) -> Iterator[Any]:
        """Give the items of a list, page after page."""
        while True:
            page = self.get(path, **params)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            params["cursor"] = page["next_cursor"]

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """Send a POST that is done once however often it is sent: by `key`, or by one made for it."""
        return self.request("POST", path, body=body, headers={"Idempotency-Key": key or uuid4().hex})

    def put(self, path: str, body: Any) -> Any:
        return self.request("PUT", path, body=body)

    def patch(self, path: str, body: Any) -> Any:
        return self.request("PATCH", path, body=body)

    def delete(self, path: str) -> Any:
        return self.request("DELETE", path)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        safe: bool = True,
    ) -> Any:
        """Send a request and return the decoded answer, None if it has no body.

        `safe` says that sending it twice does what sending it once does.

        Raises:
            CanutError: the site said no. Unreachable: it did not answer.
        """
        asked = {name: value for name, value in (params or {}).items() if value is not None}

        def send() -> httpx.Response:
            return self._http.request(method, path, params=asked, json=body, headers=dict(headers or {}))

        return _decoded(self._persistently(send, safe=safe))

    def upload(
        self,
        path: str,
        file: BinaryIO,
        *,
        size_bytes: int,
        filename: str | None = None,
        key: str | None = None,
        asked: Mapping[str, str] | None = None,
    ) -> Any:
        """Send a file from where it stands, in pieces; it is sent again from there if that fails."""
        start = file.tell()
        params = {**({} if filename is None else {"filename": filename}), **(asked or {})}
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Length": str(size_bytes),
            "Idempotency-Key": key or uuid4().hex,
        }

        def send() -> httpx.Response:
            file.seek(start)
            return self._http.post(path, params=params, content=_pieces(file), headers=headers)

        return _decoded(self._persistently(send, safe=True))

    def download(self, path: str, to: BinaryIO) -> int:
        """Write a file that the site keeps, in pieces, and return how many bytes there were."""
        start = to.tell() if to.seekable() else None

        def send() -> httpx.Response:
            with self._http.stream("GET", path) as response:
                if response.status_code >= 400:
                    response.read()
                    return response
                if start is not None:
                    to.seek(start)
                    to.truncate()
                response.extensions["canut_written"] = sum(to.write(piece) for piece in response.iter_bytes())
                return response

        response = self._persistently(send, safe=start is not None)
        _raise_for(response)
        return int(response.extensions["canut_written"])

    def _persistently(self, send: Callable[[], httpx.Response], *, safe: bool) -> httpx.Response:
        """Send until there is an answer worth having, waiting longer each time.

        What was surely not sent, because no connection was made, may always be sent again.
        """
        for attempt in range(1, self._attempts + 1):
            last = attempt == self._attempts
            try:
                response = send()
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if last:
                    raise Unreachable(f"{self._http.base_url.host} does not answer: {error}") from error
            except httpx.TransportError as error:
                if last or not safe:
                    raise Unreachable(
                        f"{self._http.base_url.host} broke off: {type(error).__name__} {error}".strip()
                    ) from error
            else:
                seconds = _asked_to_wait(response)
                too_long = seconds is not None and seconds > LONGEST_WAIT_SECONDS
                if last or not safe or too_long or response.status_code not in TRY_AGAIN:
                    return response
                self._sleep(_wait(attempt) if seconds is None else seconds)
                continue
            self._sleep(_wait(attempt))
        raise AssertionError("the last attempt returns or raises")


def _wait(attempt: int) -> float:
    """Return how long to wait after an attempt: longer each time, and not all programs alike."""
    longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** (attempt - 1))
    return longest * random.uniform(0.5, 1)  # noqa: S311 - nothing secret


def _asked_to_wait(response: httpx.Response) -> float | None:
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isdecimal() else None


def _pieces(file: BinaryIO, size: int = 1 << 16) -> Iterator[bytes]:
    while piece := file.read(size):
        yield piece


def _decoded(response: httpx.Response) -> Any:
    _raise_for(response)
    if not response.content:
        return None
    try:
        return response.json()
    except ValueError as error:
        raise _not_canut(response) from error


def _raise_for(response: httpx.Response) -> None:
    if response.status_code < 300:
        return
    if response.headers.get("Content-Type", "").startswith(PROBLEM):
        said = response.json()
        raise CanutError(
            said["detail"], code=said["code"], status=response.status_code, facts=said.get("facts")
        )
    raise _not_canut(response)


def _not_canut(response: httpx.Response) -> NotACanutSite:
    return NotACanutSite(
        f"{response.request.url.host} answered {response.status_code}, but not as a Canut site does. "
        "Check the address.",
        status=response.status_code,
    )
