"""How django-allauth, which does the signing in, meets our people.

It writes through our use cases (`register_person`, `activate_person`, `change_password`), its mails
leave by jobs, and its reset links carry our clock and die when somebody discards them.
"""

from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.sites.shortcuts import get_current_site
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from canut.justice.sanctions.link_token import sanction_token
from canut.kernel import clock
from canut.kernel.later import later
from canut.people.models import Bar, Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by
from canut.people.queries_restrictions import bars_of, not_shut_out
from canut.people.usecases.activate_person import activate_person
from canut.people.usecases.change_password import change_password


class SignIn(AuthenticationBackend):
    """Sign-in by name or e-mail address; a request's person comes with their party in one query."""

    def get_user(self, user_id: int) -> Person | None:
        return not_shut_out(Person.objects.select_related("party").filter(pk=user_id, is_active=True)).first()


def shown_name(person: Person) -> str:
    """Return how a person is called on pages and in mails."""
    return person.screen_name


class ResetTokens(PasswordResetTokenGenerator):
    """Makes reset links that work once, end after a while by the site's clock, and can be discarded.

    Once: the link holds a digest of the password it was made under and of the last sign-in.
    """

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.reset_serial}"

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)


class Adapter(DefaultAccountAdapter):
    """Where allauth would write by itself, ours writes; where it would send, a job does."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        request: HttpRequest = allauth_context.request
        person = context.get("user")
        words: dict[str, Any] = {
            "email": email,
            "current_site": get_current_site(request),
            "site_url": settings.SITE_URL,
        }
        if template_prefix == "account/email/password_reset_key":
            words["discard_url"] = request.build_absolute_uri(
                reverse("discard_reset_links", kwargs={"uidb36": context["uid"], "key": context["key"]})
            )
            words["hours"] = settings.PASSWORD_RESET_TIMEOUT // 3600
        with translation.override(
            person.locale if isinstance(person, Person) else translation.get_language()
        ):
            message = self.render_mail(template_prefix, email, {**words, **context, "request": request})
        later("people.send_mail", to=email, subject=message.subject, text=message.body)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell somebody that something about the safety of their account has changed.

        They read it on the site and by mail. Where it is about another address of theirs, such as the one
        that they have left, that gets a mail as well.
        """
        request, person = self.request, Person.objects.select_related("party").get(pk=user.pk)
        said = {
            "timestamp": clock.now(),
            "ip": self.get_client_ip(request),
            "user_agent": self.get_http_user_agent(request)[:HTTP_USER_AGENT_MAX_LENGTH],
            **(context or {}),
            "user": person,
        }
        if email and email.lower() != (person.email or "").lower():
            self.send_mail(template_prefix, email, said)
        with as_read_by(person):
            shown = {"current_site": get_current_site(request), "site_url": settings.SITE_URL}
            message = self.render_mail(
                template_prefix, person.email, {**shown, "email": person.email, **said, "request": request}
            )
        _hello, *paragraphs = message.body.partition("\n-- \n")[0].split("\n\n")
        tell(person, NoticeKind.ACCOUNT, message.subject, *paragraphs, path="/account/", at=clock.now())

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        with transaction.atomic():
            confirmed: bool = super().confirm_email(request, email_address)
            if confirmed:
                activate_person(person_id=email_address.user_id, at=clock.now())
        return confirmed

    def set_password(self, user: Any, password: str) -> None:
        change_password(by=user, password=password, at=clock.now())

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign somebody in, or take whom a sanction shuts out to its page: they proved who they are."""
        shut_by = bars_of(user.pk).get(Bar.SIGN_IN)
        if shut_by is not None:
            raise ImmediateHttpResponse(redirect("linked_sanction", sanction_token(shut_by)))
        super().login(request, user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")
