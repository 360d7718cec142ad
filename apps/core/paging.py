"""Pages of a list that answer a wrong number with a sentence instead of an error."""

from dataclasses import dataclass

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Paged:
    """``page`` is the first one when the number asked for does not exist; then ``problem`` says so, status is 404."""

    page: Page
    problem: str
    status: int


def paged(queryset, number: str | None, *, size: int) -> Paged:
    paginator = Paginator(queryset, size)
    try:
        return Paged(paginator.page(number or 1), "", 200)
    except (EmptyPage, PageNotAnInteger):
        problem = _("There is no page with this number. This is the first page.")
        return Paged(paginator.page(1), problem, 404)
