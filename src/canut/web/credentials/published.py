"""What anybody needs to check a badge without us: the site's keys, and the lists of what was taken back."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from canut.guilds.credentials import queries
from canut.guilds.credentials.issuers import SiteHasNoDid
from canut.kernel import clock
from canut.kernel.refusals import Refusal

DID_DOCUMENT = "application/did+ld+json"
CREDENTIAL, TOKENS = "application/vc", ("application/vc+jwt", "application/jwt")
KEPT_SECONDS = 300
"""How long others may go on with what they fetched, for then a key or a badge may have been taken back."""

NOT_FOUND = 404
View = Callable[..., HttpResponse]


def for_programs(view: View) -> View:
    """Let pages of any site read the answer, keep it a while, and be told plainly why there is none."""

    @wraps(view)
    def answered(request: HttpRequest, **given: int) -> HttpResponse:
        try:
            response = view(request, **given)
            patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
        except Refusal as refusal:
            # A site that can have no DID has none at this address either.
            status = NOT_FOUND if isinstance(refusal, SiteHasNoDid) else refusal.status
            response = HttpResponse(
                f"{refusal.code}: {refusal}\n", status=status, content_type="text/plain; charset=utf-8"
            )
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return answered


@require_safe
@conditional_page
@for_programs
def did_document(request: HttpRequest) -> HttpResponse:
    """Give the site's DID document: every key that it signs or ever signed badges with."""
    return JsonResponse(queries.did_document(), content_type=DID_DOCUMENT, json_dumps_params={"indent": 1})


@require_safe
@conditional_page
@for_programs
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """Give a list of the badges that were taken back, signed; as a token to who asks for one by `Accept`."""
    wanted = request.get_preferred_type([CREDENTIAL, *TOKENS])
    is_token = wanted in TOKENS
    content = queries.status_list_file(
        number=number, at=clock.now(), form="jwt" if is_token else "data_integrity"
    )
    response = HttpResponse(content, content_type=wanted if is_token else CREDENTIAL)
    patch_vary_headers(response, ["Accept"])
    return response
