"""Keeping the documents as the records are: after each commit, each minute for what was missed, all of them anew."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import connection, models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import override

from apps.core import languages
from apps.core.audit_models import AuditEntry
from apps.core.tasks import is_queued, wake
from apps.search import finding, registry, spelling
from apps.search.models import SearchDocument
from apps.search.naming import Phrases
from apps.search.query import Query, phrases_of
from apps.search.registry import Content, Key, Searchable
from apps.search.words import stem_lists

# So many letters of a text are found.
LONGEST = 200_000
# Records that are read, and documents that are written, at a time.
_AT_ONCE = 200
# More records than this are left to the worker.
_IN_A_REQUEST = 30
# What a process that died has left behind is looked for among what was saved so lately.
_MISSED = timedelta(minutes=15)
_WRITTEN = (
    *("heading", "opening", "names", "content", "objectives", "countries", "constituencies", "on", "address"),
    *("is_public", "check_at", "stored_name", "is_read", "heads", "words", "indexed_at"),
)


# Following what happens to records

_CHANGES = {*map(str, (AuditEntry.Action.CREATED, AuditEntry.Action.CHANGED))}
_CHANGES |= {*map(str, (AuditEntry.Action.DELETED, AuditEntry.Action.ERASED))}

_local = threading.local()


def _waiting() -> dict[Key, None]:
    if not hasattr(_local, "keys"):
        _local.keys = {}
    return _local.keys


def follow(action: str, record: models.Model) -> None:
    """Notes that a record has changed; its documents follow when that is committed. Of what is deleted now, the parts
    are noted while they can still be asked for."""
    if action not in _CHANGES or not registry.concerns(record):
        return
    if action == AuditEntry.Action.DELETED:
        _waiting().update(dict.fromkeys(registry.keys_with(record)))
    else:
        _waiting()[type(record), record.pk] = None
    transaction.on_commit(_refresh_waiting, robust=True)


def _refresh_waiting() -> None:
    """All that has changed in a transaction at once. What was rolled back does no harm: it is read as it stands."""
    noted = list(_waiting())
    _waiting().clear()
    keys = {(what, pk): None for what, pk in noted if isinstance(what, str)}
    by_model: dict[type[models.Model], list[int]] = {}
    for what, pk in noted:
        if not isinstance(what, str):
            by_model.setdefault(what, []).append(pk)
    for model, pks in by_model.items():
        for record in model._base_manager.filter(pk__in=pks):
            keys.update(dict.fromkeys(registry.keys_with(record)))
    if len(keys) > _IN_A_REQUEST and is_queued():
        from apps.search.tasks import refresh_later

        refresh_later.enqueue([list(key) for key in keys])
    elif keys:
        refresh(keys)


# Documents of some records


def refresh(keys: Iterable[Key]) -> int:
    """Makes the documents of these records what they must be. Returns how many there are now."""
    by_kind: dict[str, list[int]] = {}
    for kind, pk in keys:
        by_kind.setdefault(kind, []).append(pk)
    count = 0
    for kind, pks in by_kind.items():
        for begin in range(0, len(pks), _AT_ONCE):
            count += _refresh_chunk(registry.kinds[kind], pks[begin : begin + _AT_ONCE])
    return count


def _refresh_chunk(searchable: Searchable, pks: list[int], known: set[str] | None = None) -> int:
    """``known`` is given when everything is made anew: what is gone goes at the end then, for all at once."""
    with transaction.atomic():
        before = SearchDocument.objects.of((searchable.kind, pk) for pk in pks).defer("heads", "words")
        before = list(before if known is None else before.exclude(stored_name=""))
        records = searchable.prepare(searchable.model._default_manager.filter(pk__in=pks))
        documents = _written(searchable, list(records), before)
        if known is None:
            there = {(document.object_id, document.language) for document in documents}
            gone = [old.pk for old in before if (old.object_id, old.language) not in there]
            SearchDocument.objects.filter(pk__in=gone).delete()
            spelling.follow(before, documents)
        else:
            spelling.add(documents, known)
    _read_files_of(documents)
    return len(documents)


def _written(searchable: Searchable, records: list[models.Model], before: list[SearchDocument]) -> list[SearchDocument]:
    """Writes the documents of these records over those that were there."""
    pks = [record.pk for record in records]
    everybodys = set(
        searchable.model.objects.visible_to(AnonymousUser()).filter(pk__in=pks).values_list("pk", flat=True)
    )
    read = {(old.object_id, old.language): old for old in before if old.stored_name and old.is_read}
    now, phrases = timezone.now(), Phrases()
    documents = []
    for record in records:
        for language in languages.CODES:
            with override(language):
                content = searchable.content(record, language)
                if content is None or not content.title:
                    continue
                address = content.address or record.get_absolute_url()
            document = SearchDocument(kind=searchable.kind, object_id=record.pk, language=language, address=address)
            document.is_public, document.indexed_at = record.pk in everybodys, now
            _fill(document, content, read.get((record.pk, language)), phrases)
            documents.append(document)
    SearchDocument.objects.bulk_create(
        documents,
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["kind", "object_id", "language"],
        update_fields=_WRITTEN,
    )
    return documents


def _fill(document: SearchDocument, content: Content, before: SearchDocument | None, phrases: Phrases) -> None:
    document.heading, document.opening, document.names = content.title, content.lead, content.names
    document.content = content.body[:LONGEST]
    if content.file:
        document.stored_name = content.file.name
        is_same = before is not None and before.stored_name == document.stored_name
        document.is_read = is_same
        document.content = before.content if is_same else ""
    document.objectives, document.countries, document.constituencies = (
        "".join(f" {code}" for code in codes) + " " if codes else ""
        for codes in (list(content.objectives), list(content.countries), list(content.constituencies))
    )
    document.on, document.check_at = content.on, content.check_at
    set_stems(document, phrases)


def set_stems(document: SearchDocument, phrases: Phrases) -> None:
    def stems_of(text: str) -> list[tuple[str, ...]]:
        return phrases.noted(stem_lists(text))

    heads = [("A", stems_of(document.heading)), ("B", stems_of(f"{document.opening}\n{document.names}"))]
    day = [("D", [(finding.day_lexeme(document.on),)])] if document.on else []
    document.heads = [*heads, *day]
    document.words = [*heads, ("C", stems_of(document.content)), *day]


def _read_files_of(documents: list[SearchDocument]) -> None:
    if any(not document.is_read for document in documents):
        from apps.search.tasks import read_files

        transaction.on_commit(lambda: wake(read_files), robust=True)


def keys_holding(names: Iterable[str]) -> list[Key]:
    """Of the records in whose documents one of these names stands, for what is called by a new name."""
    holding = [finding.holding(Query(wanted=(term,)), SearchDocument.objects.all()) for term in phrases_of(names)]
    return list({key: None for found in holding for key in found.values_list("kind", "object_id")})


# What was missed, and all of it


def sweep(now: datetime) -> int:
    """What changes by itself at a time, and what a process that died between commit and index has left behind."""
    late = SearchDocument.objects.filter(check_at__lte=now).values_list("kind", "object_id")
    keys = dict.fromkeys(late[:_AT_ONCE])
    for kind, searchable in registry.kinds.items():
        keys.update(dict.fromkeys((kind, pk) for pk in _unindexed(searchable, now)))
    refresh(keys)
    if SearchDocument.objects.filter(is_read=False).exists():
        from apps.search.tasks import read_files

        wake(read_files)
    return len(keys)


def _unindexed(searchable: Searchable, now: datetime) -> Iterable[int]:
    """Records that were saved lately and have no document, or one that is older than that. Those without a text for
    readers are among them: they have none, and are looked at until they were not saved lately any more."""
    documents = SearchDocument.objects.filter(kind=searchable.kind, object_id=OuterRef("pk")).order_by("indexed_at")
    oldest = Subquery(documents.values("indexed_at")[:1])
    saved = searchable.model._default_manager.filter(updated_at__gt=now - _MISSED).annotate(oldest=oldest)
    missed = saved.filter(Q(oldest=None) | Q(oldest__lt=F("updated_at"))).order_by("updated_at", "pk")
    return missed.values_list("pk", flat=True)[:_AT_ONCE]


def reindex(*, kinds: Iterable[str] = (), told: Callable[[str, int, int], None] = lambda *_: None) -> int:
    """Makes all documents anew while the old ones go on answering; then those go whose records are not there any more.

    Memory does not grow with the number of records. ``told(kind, done, of)`` hears after each step. Returns how many
    documents were written.
    """
    began, count, known = timezone.now(), 0, set()
    wanted = list(kinds) or list(registry.kinds)
    for kind in wanted:
        count += _reindex_kind(registry.kinds[kind], began, told, known)
    if not kinds:
        SearchDocument.objects.exclude(kind__in=registry.kinds).delete()
        spelling.forget_unseen(began)
    _settle()
    return count


def _settle() -> None:
    """Whatever PostgreSQL has put aside while so much was written, and its statistics."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for index in ("search_document_heads", "search_document_words", "search_spelling_alike"):
                cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index])
            cursor.execute("ANALYZE search_searchdocument, search_spelling")


def reindex_later(now: datetime) -> int:
    """A due service of its own pace: the worker does it beside everything else."""
    from apps.search import tasks

    wake(tasks.reindex)
    return 1


def _reindex_kind(searchable: Searchable, began: datetime, told, known: set[str]) -> int:
    records = searchable.model._default_manager.order_by("pk")
    total, done, count, last = records.count(), 0, 0, 0
    told(searchable.kind, 0, total)
    while pks := list(records.filter(pk__gt=last).values_list("pk", flat=True)[:_AT_ONCE]):
        count += _refresh_chunk(searchable, pks, known)
        last, done = pks[-1], done + len(pks)
        told(searchable.kind, done, total)
    SearchDocument.objects.filter(kind=searchable.kind, indexed_at__lt=began).delete()
    return count
