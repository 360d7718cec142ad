"""The next allowed steps of a record in the back office: each is a button that calls a service."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms


@dataclass(frozen=True)
class Step:
    """A change of state. ``offered`` tells from the record whether it is a next step now; ``service`` does it.

    The service is called with the record and ``by=``, and with the confirmation form's cleaned data when ``form`` is
    given. It may raise ValidationError, which the person reads on the confirmation page.
    """

    name: str
    label: str
    explanation: str
    service: Callable
    offered: Callable[[object], bool]
    done: str
    form: type[forms.Form] | None = None
    is_main: bool = True
    # For the list's menu, where many records take the step at once: what the form would have asked, from the record.
    in_bulk: Callable[[object], dict] | None = None
    # What the person should have seen before, as HTML: shown above the form.
    about: Callable[[object], str] | None = None
    # Where the person goes afterwards, from what the service answers; the record's own page when there is none.
    leads_to: Callable[[object], str] | None = None
