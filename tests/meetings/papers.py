"""What the tests of papers share."""

from django.core.files.base import ContentFile

from apps.meetings import papers
from apps.meetings.models import Document
from tests.factories import pdf_in


def replaced(document: Document, code: str = "ar", *, by=None, **fields) -> Document:
    """Another file in this language, and whatever else is saved with it."""
    document = Document.objects.get(pk=document.pk)
    setattr(document, f"file_{code}", ContentFile(pdf_in(f"{code}-again"), name="new.pdf"))
    for name, value in fields.items():
        setattr(document, name, value)
    return papers.save_paper(document, by=by)


def content_of(response) -> bytes:
    return b"".join(response.streaming_content)
