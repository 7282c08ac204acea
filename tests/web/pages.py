"""What tests of pages have in common: a signed-in browser, and a page's text in one line."""

import re

from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from canut.people.models import Person


def browser_of(person: Person, *, checks_csrf: bool = False) -> Client:
    """Return a browser in which this person has signed in with their password."""
    browser = Client(HTTP_USER_AGENT=f"Browser of {person.username}")
    with override_settings(ACCOUNT_RATE_LIMITS=False):  # to count who signs in how often takes two thirds
        browser.post(reverse("account_login"), {"login": person.username, "password": "correct horse"})
    browser.handler.enforce_csrf_checks = checks_csrf
    return browser


def text_of(response: HttpResponse) -> str:
    return re.sub(r"[ \n]+", " ", response.content.decode())
