"""The constitution in public: what its articles say, what they said, and what each version changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from canut.charter.constitution.pages import article_lines, constitution_lines
from canut.charter.constitution.refusals import ArticleNotFound
from canut.governance.queries.hub import ratification_of
from canut.kernel import clock
from canut.web.charter.forms import DayForm


@require_safe
def constitution(request: HttpRequest) -> HttpResponse:
    form, now = DayForm(request.GET), clock.now()
    is_sound = form.is_valid()
    at = form.moment(now)
    context = {
        "form": form,
        "at": at,
        "is_now": at == now,
        "constitution": constitution_lines(at=at),
        "first": ratification_of(None),
    }
    return render(request, "constitution/constitution.html", context, status=200 if is_sound else 400)


@require_safe
def article(request: HttpRequest, key: str) -> HttpResponse:
    found = article_lines(key, at=clock.now())
    if found is None:
        raise ArticleNotFound(_("The constitution has no article of this name."))
    return render(request, "constitution/article.html", {"article": found})
