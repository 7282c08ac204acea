"""A refusal becomes a page: the sentence, a way on, and the code to quote when asking for help."""

from collections.abc import Callable, Mapping

from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from canut.kernel.refusals import Refusal


class RefusalPage:
    """Turn a refusal that no view has caught into a page. The API's addresses have their own door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal) or request.path_info.startswith("/api/"):
            return None
        if exception.status == 401 and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        fragment = bool(getattr(request, "htmx", False))
        response = render(
            request,
            "refusal_fragment.html" if fragment else "refusal.html",
            {"sentence": str(exception), "code": exception.code, "facts": exception.facts},
            status=exception.status,
        )
        if fragment:  # the page stays, with everything typed; the sentence appears at its top
            response.headers["HX-Retarget"] = "#notices"
            response.headers["HX-Reswap"] = "innerHTML show:top"
        return response


def show_above(form: Form, refusal: Refusal, field_of: Mapping[str, str] | None = None) -> None:
    """Show a refusal in a form: at the fields it names, at the field of its code, else at the top.

    `field_of` maps a refusal's code, or a field's name in the use case, to a field of the form.
    """
    field_of = field_of or {}
    named = refusal.facts.get("errors")
    if isinstance(named, Mapping) and named:
        for name, sentence in named.items():
            field = field_of.get(name, name)
            for each in sentence if isinstance(sentence, list | tuple) else [sentence]:
                form.add_error(field if field in form.fields else None, str(each))
        return
    about = field_of.get(refusal.code)
    form.add_error(about if about in form.fields else None, str(refusal))
