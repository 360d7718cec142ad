"""READ_ONLY: every page is there to be read and nothing is taken, while the primary database is away or moved."""

from django.conf import settings
from django.db import InternalError
from django.http import HttpResponse

from apps.core import unsent

_SAFE = {"GET", "HEAD", "OPTIONS"}
RETRY_AFTER = "600"  # seconds


class ReadOnlyMiddleware:
    """Says so instead of failing, and gives back what was typed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.READ_ONLY and request.method not in _SAFE:
            return refusal(request)
        return self.get_response(request)

    def process_exception(self, request, exception):
        """A page that writes something when it is opened meets a database that takes nothing."""
        return refusal(request) if settings.READ_ONLY and isinstance(exception, InternalError) else None


def refusal(request) -> HttpResponse:
    from apps.core.views import unavailable

    response = unsent.page(request, template="read_only.html", status=503) or unavailable(request)
    response["Retry-After"] = RETRY_AFTER
    return response
