"""What the worker does for the search: many records at once, and the texts of files."""

from django.core.files.storage import default_storage
from django_tasks import task

from apps.core.models import HeldFile
from apps.search import indexing, spelling
from apps.search.models import SearchDocument
from apps.search.naming import Phrases
from apps.search.reading import text_of


@task(priority=-10)
def refresh_later(keys: list) -> int:
    return indexing.refresh((kind, pk) for kind, pk in keys)


@task(priority=-30)
def reindex() -> int:
    return indexing.reindex()


@task(priority=-20)
def read_files() -> int:
    """Reads the files that stand in documents and were not read yet. One that cannot be read is found by its title."""
    held = set(HeldFile.objects.values_list("path", flat=True))
    count, phrases = 0, Phrases()
    for document in SearchDocument.objects.filter(is_read=False).defer("heads", "words").iterator(chunk_size=50):
        if document.stored_name not in held:
            _read(document, phrases)
            count += 1
    return count


def _read(document: SearchDocument, phrases: Phrases) -> None:
    body = ""
    if default_storage.exists(document.stored_name):
        with default_storage.open(document.stored_name) as file:
            body = text_of(file, document.stored_name)
    document.content, document.is_read = body[: indexing.LONGEST], True
    indexing.set_stems(document, phrases)
    # Unless it was replaced meanwhile: then the new file is read.
    same = SearchDocument.objects.filter(pk=document.pk, stored_name=document.stored_name)
    if same.update(content=document.content, is_read=True, heads=document.heads, words=document.words):
        spelling.follow([], [document])
