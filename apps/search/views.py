"""The page of results, which needs no script; suggestions while typing; a feed and a description for browsers."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.languages import active_language, others
from apps.search import missed
from apps.search.answering import FACETS, Answer, answer, newest, suggestions
from apps.search.forms import SearchForm
from apps.search.query import LONGEST

_SHOWN = 12
_FEED = 30


@dataclass(frozen=True)
class Choice:
    """``count`` is None when there are too many to count. ``address`` chooses it, or takes the choice back."""

    label: str
    count: int | None
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    title: str
    choices: list[Choice]

    @property
    def is_open(self) -> bool:
        return any(choice.is_chosen for choice in self.choices)


@login_not_required
@require_safe
def results(request):
    request.GET = _shortened(request.GET)
    form = SearchForm(request.GET)
    is_valid = form.is_valid()
    language = active_language()
    found = answer(form.text, request.user, language=language, chosen=form.chosen, number=request.GET.get("page"))
    if found.query and not form.chosen and (not found.total or found.corrected or found.is_any):
        missed.count(form.text, language)
    context = {
        "form": form,
        "text": form.text[:LONGEST],
        "answer": found,
        "facets": _facets(request, form, found),
        "other": _other_language(request, form, found, language),
    }
    return render(request, "search/results.html", context, status=found.status if is_valid else 400)


def _shortened(asked: QueryDict) -> QueryDict:
    """Each link of the page repeats what was typed: of more than is looked at, one letter, so that it shows as cut."""
    asked = asked.copy()
    for name in asked:
        asked[name] = asked[name][: LONGEST + 1]
    return asked


def _facets(request, form: SearchForm, found: Answer) -> list[Facet]:
    facets = [Facet(name, form.fields[name].label, _choices(request, form, found, name)) for name in FACETS]
    return [facet for facet in facets if len(facet.choices) > 1 or facet.is_open]


def _choices(request, form: SearchForm, found: Answer, name: str) -> list[Choice]:
    labels, chosen = form.labels(name), form.chosen.get(name)
    if found.is_many:
        codes = [(code, None) for code in labels]
    else:
        counts = found.counts.get(name, {})
        codes = sorted(counts.items(), key=lambda pair: _place(name, *pair))
    shown = [pair for place, pair in enumerate(codes) if place < _SHOWN or pair[0] == chosen]
    if chosen and chosen not in dict(codes):
        shown.append((chosen, 0))
    return [
        Choice(
            str(labels.get(code, code)), count, _address(request, name, "" if code == chosen else code), code == chosen
        )
        for code, count in shown
    ]


def _place(name: str, code: str, count: int):
    """The newest year first, everything else by how much there is of it."""
    if name == "year":
        return -int(code)
    return (-count, code.zfill(4))


def _address(request, name: str, value: str) -> str:
    query = request.GET.copy()
    for gone in ("page", name):
        query.pop(gone, None)
    if value:
        query[name] = value
    return f"?{query.urlencode()}"


def _other_language(request, form: SearchForm, found: Answer, language: str) -> dict | None:
    """How much there is in the language that the reader has not chosen, and where."""
    if found.is_many or "language" in form.chosen:
        return None
    code = others(language)[0]
    counts = found.counts.get("language", {})
    if not counts.get(code) or not counts.get(language):
        return None  # what stands in the other language only is on the page, and says so
    return {"language": code, "count": counts[code], "address": _address(request, "language", code)}


@login_not_required
@require_safe
def suggest(request):
    """What browsers ask while somebody types (OpenSearch suggestions): the text, titles, nothing, addresses."""
    text = request.GET.get("q", "")[:LONGEST]
    found = suggestions(text, request.user, language=active_language())
    addresses = [settings.SITE_URL + document.address for document in found]
    titles = list(dict.fromkeys(document.heading for document in found))
    response = JsonResponse([text, titles, [], addresses], safe=False, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/x-suggestions+json; charset=utf-8"
    return response


@login_not_required
@require_safe
def opensearch(request):
    """Lets a browser offer the portal among its search engines."""
    context = {
        "results": settings.SITE_URL + reverse("search:results"),
        "suggestions": settings.SITE_URL + reverse("search:suggest"),
        "site": settings.SITE_URL,
    }
    return render(
        request, "search/opensearch.xml", context, content_type="application/opensearchdescription+xml; charset=utf-8"
    )


class SearchFeed(Feed):
    """The newest that everybody may read of what a search finds in the feed's language."""

    feed_type = Atom1Feed

    def get_object(self, request):
        form = SearchForm(request.GET)
        form.is_valid()
        return form

    def title(self, form):
        names = {"portal": settings.PORTAL_NAME[active_language()], "words": form.text[:100]}
        return _("%(portal)s: what is new on “%(words)s”") % names

    def link(self, form):
        query = form.data.copy()
        query.pop("page", None)
        return f"{reverse('search:results')}?{query.urlencode()}"

    def feed_url(self, form):
        query = form.data.copy()
        return f"{reverse('search:feed')}?{query.urlencode()}"

    def author_name(self):
        return settings.PORTAL_OWNER[active_language()]

    def items(self, form):
        chosen = {"language": active_language(), **form.chosen}
        return newest(form.text, AnonymousUser(), chosen=chosen, most=_FEED)

    def item_title(self, document):
        return document.heading

    def item_description(self, document):
        return document.opening

    def item_link(self, document):
        return document.address

    def item_pubdate(self, document):
        return document.moment

    def item_updateddate(self, document):
        return document.moment

    def item_guid(self, document):
        return f"{settings.SITE_URL}/{document.language}/{document.kind}/{document.object_id}"
