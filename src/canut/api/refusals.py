"""What this door itself refuses, before any room is asked. Whatever a room refuses keeps its own code."""

from canut.kernel.refusals import NotFound, Refusal


class KeyMissing(Refusal):
    """The request says no API key: send `Authorization: Bearer` and the key's token."""

    code = "key_missing"
    status = 401


class TooManyAttempts(Refusal):
    """Too many requests with keys that cannot be used came from this address. Fact: `retry_after_seconds`."""

    code = "too_many_attempts"
    status = 429


class AddressNotFound(NotFound):
    """The site has no such address."""

    code = "address_not_found"


class MethodNotAllowed(Refusal):
    """The address exists and answers other methods. Fact: `allowed`."""

    code = "method_not_allowed"
    status = 405


class RequestNotUnderstood(Refusal):
    """The request cannot be read, for a reason that its sentence or the server's log gives."""

    code = "request_not_understood"
    status = 400


class BodyNotJson(Refusal):
    """The body is no JSON in UTF-8."""

    code = "body_not_json"
    status = 400


class BodyTooLarge(Refusal):
    """The body is larger than the site takes. Fact: `most_bytes`."""

    code = "body_too_large"
    status = 413


class ContentTypeNotSupported(Refusal):
    """The body has another content type than the address takes. Fact: `supported`."""

    code = "content_type_not_supported"
    status = 415


class CursorNotUsable(Refusal):
    """The cursor was not given out by this list. Begin again without one."""

    code = "cursor_not_usable"
    status = 422


class NotAvailableNow(Refusal):
    """The database did not answer, or two requests got in each other's way. Try again in a moment."""

    code = "not_available_now"
    status = 503


class Unexpected(Refusal):
    """A fault of the site's own. Fact: `id`, under which its log has the details."""

    code = "unexpected"
    status = 500
