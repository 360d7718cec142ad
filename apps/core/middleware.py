from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.db import DataError
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from apps.core import unsent
from apps.core.storage import NotStoredError
from apps.core.views import bad_request, server_error
from apps.core.zones import zone_or_none


class IsolationMiddleware:
    """No other site gets at our pages, pictures and files, and our pages take nothing from another site."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "forget_site", False):
            response["Clear-Site-Data"] = '"cache", "storage"'
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Cross-Origin-Embedder-Policy"] = "require-corp"
        return response


class StorableInputMiddleware:
    """Input that no database can hold is a bad request and not a fault of ours: NUL characters, endless numbers.

    A file that the storage does not take is our fault: what was typed with it comes back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        values = [*request.COOKIES.values(), *(value for values in request.GET.lists() for value in values[1])]

        if any("\x00" in value for value in values):
            raise BadRequest
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if any("\x00" in value for _name, values in request.POST.lists() for value in values):
            raise BadRequest

    def process_exception(self, request, exception):
        if isinstance(exception, OverflowError | DataError):
            return bad_request(request, exception)
        if isinstance(exception, NotStoredError):
            return unsent.page(request, template="not_stored.html", status=507) or server_error(request)
        return None


class LoginMiddleware(LoginRequiredMiddleware):
    """Leads strangers to the log-in; who was logged in until just now keeps what they typed."""

    def handle_no_permission(self, request, view_func):
        return unsent.page(request) or super().handle_no_permission(request, view_func)


class PersonalResponseMiddleware:
    """For a person who has logged in: her time zone while the page is made, and no cache that keeps it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        has_session = bool(request.COOKIES) and request.user.is_authenticated
        if not has_session:
            return self.get_response(request)
        with timezone.override(zone_or_none(request.user.time_zone)):
            response = self.get_response(request)
        response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Cookie"])
        return response
