"""The life of an article: draft → in review → approved → scheduled or published → archived, language by language.

Each save is a version. While readers have an article its columns hold what they have; what is written meanwhile stands
in ``working_version`` until it is published.
"""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import audit
from apps.core.languages import CODES, field_in, others, own_name
from apps.core.records import save_record, set_links
from apps.news import content, rights, telling
from apps.news.models import TEXTS, Article, ArticleStep, ArticleVersion

Status, Kind = Article.Status, ArticleStep.Kind


# Versions


def newest_content(article: Article) -> dict:
    """What the newest version says; the columns, where nothing newer is in work."""
    if article.working_version_id:
        return article.working_version.content
    return content.content_of(article)


def with_newest(article: Article) -> Article:
    """The article in memory with its newest version, as its writers see it."""
    return content.overlay(article, article.working_version.content) if article.working_version_id else article


@transaction.atomic
def save_article(
    article: Article,
    *,
    by,
    links: dict[str, list] | None = None,
    reason: str = "",
    restored_from: ArticleVersion | None = None,
) -> Article:
    """Saves the article in memory as its newest version; readers keep what they have until that is published.

    ``links`` gives the records for many-to-many fields; those that are not named stay. What was approved has to be
    approved again.
    """
    rights.require(rights.may_write(by))
    if article._state.adding:
        return _first_save(article, links or {}, by, reason)
    before = _kept_content(article)
    after = content.content_of(article, links)
    if after == before and article.pk:
        return article
    version = _add_version(article, after, by=by, reason=reason, restored_from=restored_from)
    status = {Status.APPROVED: Status.IN_REVIEW, Status.PUBLISHED: Status.DRAFT}.get(article.status, article.status)
    article.status = status
    if article.is_shown:
        article.working_version = version
        told = audit.difference(content.readable(before), content.readable(after))
        article.save(update_fields=["status", "working_version"], by=by, reason=reason, also_changed=told)
    else:
        save_record(article, by=by, reason=reason)
        _set_links(article, after, by=by)
    return article


def _first_save(article: Article, links: dict, by, reason: str) -> Article:
    chosen = {field.name: links.get(field.name, []) for field in content.links()}
    told = {name: ["", ", ".join(sorted(map(str, records)))] for name, records in chosen.items() if records}
    article.save(by=by, reason=reason, also_changed=told)
    for name in told:
        getattr(article, name).add(*chosen[name])
    _add_version(article, content.content_of(article, chosen), by=by, reason=reason, number=1)
    return article


def _kept_content(article: Article) -> dict:
    """What the newest version in the database says. An article that was loaded in bulk gets its first one here."""
    if article.working_version_id:
        return article.working_version.content
    kept = content.content_of(Article.objects.get(pk=article.pk))
    if not article.versions.exists():
        _version_of_columns(article, kept)
    return kept


def _version_of_columns(article: Article, kept: dict) -> ArticleVersion:
    version = _add_version(article, kept, by=article.updated_by, at=article.updated_at)
    if article.is_shown:
        _mark_public(version)
    return version


def _add_version(
    article: Article, kept: dict, *, by, reason: str = "", at: datetime | None = None, restored_from=None, number=None
) -> ArticleVersion:
    return ArticleVersion.objects.create(
        article=article,
        number=number or 1 + (article.versions.aggregate(last=Max("number"))["last"] or 0),
        content=kept,
        saved_at=at or timezone.now(),
        saved_by=by,
        reason=reason,
        restored_from=restored_from,
    )


def _mark_public(version: ArticleVersion) -> None:
    ArticleVersion.objects.filter(pk=version.pk).update(is_public=True)


def newest_version(article: Article) -> ArticleVersion:
    """The newest version; made from the columns when the article was loaded in bulk and has none yet."""
    newest = article.versions.order_by("-number").first()
    return newest or _version_of_columns(article, content.content_of(Article.objects.get(pk=article.pk)))


def _set_links(article: Article, kept: dict, *, by) -> None:
    for field in content.links():
        article._prefetched_objects_cache = {}
        chosen = field.related_model._base_manager.filter(pk__in=kept.get(field.name, []))
        set_links(article, field.name, chosen, by=by)


# Steps


def _keep_step(article: Article, kind: str, *, by, reason: str = "", version: ArticleVersion | None = None) -> None:
    version = version or newest_version(article)
    ArticleStep.objects.create(article=article, version=version, kind=kind, taken_by=by, reason=reason)


def _require_status(article: Article, *allowed: str) -> None:
    if article.status not in allowed:
        raise ValidationError(_("This step is not possible any more; here is the record as it stands."))


@transaction.atomic
def send_to_review(article: Article, *, by, reason: str = "") -> Article:
    """Asks for approval of the newest version. The original language has to be complete."""
    rights.require(rights.may_write(by))
    _require_status(article, Status.DRAFT)
    with_newest(article)
    _refuse_incomplete(article, [article.original_language])
    article = _move(article, Status.IN_REVIEW, Kind.SENT, by=by, reason=reason)
    telling.review_asked(article, newest_version(article), by=by)
    return article


@transaction.atomic
def send_back(article: Article, *, by, reason: str) -> Article:
    """Gives the newest version back to its writers; ``reason`` tells them what to change."""
    rights.require(rights.may_decide(by))
    _require_status(article, Status.IN_REVIEW, Status.APPROVED)
    return _move(article, Status.DRAFT, Kind.SENT_BACK, by=by, reason=reason)


@transaction.atomic
def approve_article(article: Article, *, by, reason: str = "") -> Article:
    """Says that the newest version may reach readers. With ``FOUR_EYES`` somebody else has to have written it.

    Without ``FOUR_EYES`` a draft need not be sent to review first.
    """
    rights.require(rights.may_approve(by, article))
    _require_status(article, Status.IN_REVIEW, *([] if settings.FOUR_EYES else [Status.DRAFT]))
    with_newest(article)
    _refuse_incomplete(article, [article.original_language])
    return _move(article, Status.APPROVED, Kind.APPROVED, by=by, reason=reason)


def _move(article: Article, status: str, kind: str, *, by, reason: str) -> Article:
    article.status = status
    article.save(update_fields=["status"], by=by, reason=reason)
    _keep_step(article, kind, by=by, reason=reason)
    return article


def _refuse_incomplete(article: Article, chosen: list[str]) -> None:
    gaps = _("%(language)s: a place in the text waits to be filled in.")
    missing = _("%(language)s: the title, the lead or the text is missing.")
    problems = [
        (gaps if article.has_gaps(code) else missing) % {"language": own_name(code)}
        for code in chosen
        if not article.is_complete(code)
    ]
    if not chosen:
        problems.append(_("Choose at least one language."))
    if problems:
        raise ValidationError(problems)


def complete_languages(article: Article) -> list[str]:
    """The languages in which the newest version has all its texts."""
    with_newest(article)
    return [code for code in CODES if article.is_complete(code)]


def _first_published(article: Article) -> datetime | None:
    """When readers got it first; a time that has not come yet does not count."""
    return article.published_at if article.published_at and article.published_at <= timezone.now() else None


@transaction.atomic
def publish_article(
    article: Article,
    *,
    by,
    languages: list[str],
    at: datetime | None = None,
    is_minor: bool = False,
    reason: str = "",
) -> Article:
    """Shows the newest version in these languages from ``at`` on (at once by default), and in no other.

    What readers have already stays with them: a new version of it cannot be put off to a later time. ``is_minor``
    says that a change of the original leaves its translations as good as they were. Raises ValidationError when a
    chosen language lacks its title, lead, text or the description of its picture.
    """
    rights.require(rights.may_decide(by))
    _require_status(article, Status.APPROVED, Status.PUBLISHED)
    had = Article.objects.get(pk=article.pk)
    if had.is_out and at and at > timezone.now():
        raise ValidationError(_("Readers have this article already: a change of it is published at once."))
    kept = newest_content(article)
    version = newest_version(article)
    content.overlay(article, kept)
    _refuse_incomplete(article, languages)
    for code in CODES:
        setattr(article, f"ready_{code}", code in languages)
    article.is_shown = True
    article.working_version = None
    article.status = Status.PUBLISHED
    article.published_at = at or _first_published(article) or timezone.now()
    if had.is_out:
        article.changed_at = timezone.now()
    _mark_outdated(had, article, is_minor=is_minor)
    article.full_clean()
    save_record(article, by=by, reason=reason)
    _set_links(article, kept, by=by)
    _mark_public(version)
    kind = Kind.SCHEDULED if article.is_scheduled else Kind.PUBLISHED
    _keep_step(article, kind, by=by, reason=reason, version=version)
    telling.translation_awaited(article, version, by=by)
    return article


def _mark_outdated(had: Article, article: Article, *, is_minor: bool) -> None:
    """A translation is behind when readers get another original and it did not change with it."""
    original = article.original_language
    changed = {
        code for code in CODES if any(field_in(had, name, code) != field_in(article, name, code) for name in TEXTS)
    }
    original_changed = had.is_out and original in changed and not is_minor
    setattr(article, f"outdated_{original}", None)
    for code in others(original):
        since = getattr(article, f"outdated_{code}")
        if code in changed or not article.is_complete(code):
            since = None
        elif original_changed:
            since = since or timezone.now()
        setattr(article, f"outdated_{code}", since)


@transaction.atomic
def mark_current(article: Article, *, by, reason: str = "") -> Article:
    """Says that the translations are as good as the original, although it changed after them."""
    rights.require(rights.may_write(by))
    for code in CODES:
        setattr(article, f"outdated_{code}", None)
    article.save(update_fields=[f"outdated_{code}" for code in CODES], by=by, reason=reason)
    _keep_step(article, Kind.CURRENT, by=by, reason=reason)
    return article


@transaction.atomic
def pin_article(article: Article, *, by, reason: str = "") -> Article:
    """Puts what readers have on top of the home page and of lists."""
    rights.require(rights.may_decide(by))
    return _pin(article, True, by=by, reason=reason)


@transaction.atomic
def unpin_article(article: Article, *, by, reason: str = "") -> Article:
    rights.require(rights.may_decide(by))
    return _pin(article, False, by=by, reason=reason)


def _pin(article: Article, is_pinned: bool, *, by, reason: str) -> Article:
    article.is_pinned = is_pinned
    article.save(update_fields=["is_pinned"], by=by, reason=reason)
    _keep_step(article, Kind.PINNED if is_pinned else Kind.UNPINNED, by=by, reason=reason)
    return article


@transaction.atomic
def discard_changes(article: Article, *, by, reason: str = "") -> Article:
    """Drops what is in work on an article that readers have; the dropped version stays in the history."""
    rights.require(rights.may_decide(by))
    if not article.working_version_id:
        raise ValidationError(_("This step is not possible any more; here is the record as it stands."))
    _keep_step(article, Kind.DISCARDED, by=by, reason=reason)
    public = article.versions.filter(is_public=True).order_by("-number").first()
    _add_version(article, public.content, by=by, reason=reason, restored_from=public)
    _mark_public(newest := article.versions.order_by("-number").first())
    article.working_version = None
    article.status = Status.PUBLISHED
    article.save(update_fields=["status", "working_version"], by=by, reason=reason)
    return content.overlay(article, newest.content)


def _take_from_readers(article: Article, status: str, kind: str, *, by, reason: str) -> Article:
    """The newest version moves into the columns: there is none that readers have any more."""
    kept = newest_content(article)
    newest_version(article)
    content.overlay(article, kept)
    for code in CODES:
        setattr(article, f"ready_{code}", False)
        setattr(article, f"outdated_{code}", None)
    article.published_at = _first_published(article)
    article.is_shown = article.is_pinned = False
    article.working_version = None
    article.status = status
    save_record(article, by=by, reason=reason)
    _set_links(article, kept, by=by)
    _keep_step(article, kind, by=by, reason=reason)
    return article


@transaction.atomic
def withdraw_article(article: Article, *, by, reason: str = "") -> Article:
    """Makes the article a draft again in every language; its texts and its publish time stay."""
    rights.require(rights.may_decide(by))
    return _take_from_readers(article, Status.DRAFT, Kind.WITHDRAWN, by=by, reason=reason)


@transaction.atomic
def archive_article(article: Article, *, by, reason: str = "") -> Article:
    """Puts the article away: readers have it no more, and its address says so."""
    rights.require(rights.may_decide(by))
    _require_status(article, *(status for status in Status if status != Status.ARCHIVED))
    return _take_from_readers(article, Status.ARCHIVED, Kind.ARCHIVED, by=by, reason=reason)


@transaction.atomic
def reopen_article(article: Article, *, by, reason: str = "") -> Article:
    """Takes an archived article up again, as a draft."""
    rights.require(rights.may_decide(by))
    _require_status(article, Status.ARCHIVED)
    return _move(article, Status.DRAFT, Kind.REOPENED, by=by, reason=reason)


@transaction.atomic
def restore_version(article: Article, *, version: ArticleVersion, by, reason: str = "") -> Article:
    """Makes an earlier version the newest one again, as a draft; readers keep what they have."""
    content.overlay(article, newest_content(article))
    content.overlay(article, version.content)
    return save_article(article, by=by, links=content.chosen_links(article), reason=reason, restored_from=version)
