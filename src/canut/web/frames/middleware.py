"""The switch between the site and its frames: on the frames' host nothing of the site is answered."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from canut.web.frames.views import answered, nothing_here
from canut.work.frame_host import is_frame_host, is_local, site_origin


class FrameHost:
    """Answer a request to the frames' host here, before sessions, cookies and sign-in are looked at.

    Where the frames are on this machine's other name, whoever types that name is sent to the site.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST", "")
        if not is_frame_host(host):
            return self.get_response(request)
        if request.path_info.startswith("/frame/"):
            return answered(request)
        if is_local() and request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(site_origin(host) + request.get_full_path())
        return nothing_here()
