"""Figures for Prometheus. With METRICS_BIND set gunicorn serves those of all its processes on a port of its own
(deploy/gunicorn.conf.py); without it they are counted and nobody asks. No figure names a person or an address."""

import time

from prometheus_client import Counter, Gauge, Histogram

PAGES = Counter("portal_public_pages", "Pages for strangers: kept, made, or old because none could be made", ["how"])
REQUESTS = Counter("portal_requests", "Requests that the portal itself answered", ["page", "status"])
SECONDS = Histogram(
    "portal_request_seconds",
    "How long the portal took for them",
    ["area"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
SLOW_QUERIES = Counter("portal_slow_queries", "Queries that took longer than SLOW_QUERY_MS")
CHECKS = Gauge("portal_check", "Checks of /readyz: 1 good, 0 not", ["check"], multiprocess_mode="mostrecent")


class MetricsMiddleware:
    """Outermost: what the portal does before and after a view counts, too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        page = match.view_name if match and match.view_name else "(none)"
        SECONDS.labels(_area(request, page)).observe(time.perf_counter() - began)
        REQUESTS.labels(page, response.status_code).inc()
        return response


def _area(request, page: str) -> str:
    if page.startswith("admin:"):
        return "back office"
    return "people" if request.COOKIES else "strangers"
