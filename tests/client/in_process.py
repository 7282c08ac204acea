"""The way of a client's requests to the site in this process, and what can go wrong on it."""

from collections.abc import Callable

import httpx
from django.core.handlers.wsgi import WSGIHandler


class InProcess(httpx.BaseTransport):
    """Hands requests to Django; `trouble` may break one before or after it was answered."""

    def __init__(self) -> None:
        self._wsgi = httpx.WSGITransport(app=WSGIHandler())  # type: ignore[arg-type]
        self.sent: list[httpx.Request] = []
        self.trouble: Callable[[httpx.Request, Callable[[], httpx.Response]], httpx.Response] | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)

        def answered() -> httpx.Response:
            response = self._wsgi.handle_request(request)
            response.read()
            return response

        return self.trouble(request, answered) if self.trouble else answered()
