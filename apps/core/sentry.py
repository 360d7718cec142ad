"""Errors to Sentry, with nothing in them about people: neither what they sent nor what the code had in hand."""

import sentry_sdk
from sentry_sdk.integrations.django import DjangoIntegration

# What may leave the portal of an event, of an error in it and of a line of code; everything else is dropped.
_KEPT = {"event_id", "timestamp", "level", "platform", "environment", "release", "exception", "transaction", "sdk"}
_KEPT_OF_ERRORS = {"type", "module", "mechanism", "stacktrace"}
_KEPT_OF_FRAMES = {"filename", "abs_path", "module", "function", "lineno", "in_app"}


def begin(dsn: str) -> None:
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[DjangoIntegration(transaction_style="function_name", middleware_spans=False)],
        before_send=stripped,
    )


def stripped(event: dict, hint: dict) -> dict:
    """Kinds of errors and lines of code. Messages of errors hold values; addresses hold titles and personal links."""
    event = _only(event, _KEPT)
    errors = [_only(error, _KEPT_OF_ERRORS) for error in event.get("exception", {}).get("values", [])]
    for error in errors:
        frames = (error.get("stacktrace") or {}).get("frames", [])
        error["stacktrace"] = {"frames": [_only(frame, _KEPT_OF_FRAMES) for frame in frames]}
        error["mechanism"] = _only(error.get("mechanism") or {}, {"type", "handled"})
    if errors:
        event["exception"] = {"values": errors}
    return event


def _only(of: dict, names: set[str]) -> dict:
    return {name: value for name, value in of.items() if name in names}
