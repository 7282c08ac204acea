"""Pages for people who are signed in: the decorator that sends others to sign in, and its request."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from canut.people.models import Person


class SignedIn(HttpRequest):
    """A request of somebody who is signed in: `user` is a person, with their party at hand."""

    user: Person
    htmx: HtmxDetails


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def signed_in(view: View) -> View:
    """Let only people in who are signed in; take others to the sign-in page and back here."""
    return login_required(view)
