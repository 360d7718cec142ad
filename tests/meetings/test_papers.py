from urllib.parse import quote

import pytest

from apps.meetings.models import Document
from tests.factories import (
    make_document,
    make_group,
    make_meeting,
    make_member,
    pdf_in,
)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s37_a_paper_leaves_as_a_download_with_its_title_as_name(db, client, language):
    document = make_document(make_meeting(), title_ar="مشروع التوصيات", title_en="Draft recommendations")

    response = client.get(f"/{language}/meetings/{document.meeting_id}/papers/{document.pk}/{language}/")

    names = {
        "ar": f"attachment; filename*=utf-8''{quote('مشروع-التوصيات.pdf')}",
        "en": 'attachment; filename="Draft-recommendations.pdf"',
    }
    assert response["Content-Disposition"] == names[language]
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert b"".join(response.streaming_content) == pdf_in(language)


def test_a_members_paper_is_kept_by_no_cache(db, log_in):
    group = make_group()
    document = make_document(make_meeting(group), audience="members")

    response = log_in(make_member(group)).get(document.files[0].get_absolute_url())

    assert b"".join(response.streaming_content) == pdf_in("en")
    assert response["Cache-Control"] == "private, no-store"


def test_a_paper_whose_file_is_gone_is_404(db, client):
    document = make_document(make_meeting())
    document.file_en.storage.delete(document.file_en.name)

    assert client.get(document.files[0].get_absolute_url()).status_code == 404


def test_a_paper_whose_file_is_gone_can_still_be_corrected(db):
    document = make_document(make_meeting())
    document.file_en.storage.delete(document.file_en.name)
    Document.objects.update(size_en=None)
    document = Document.objects.get()
    document.title_en = "Corrected"

    document.save()

    document.refresh_from_db()
    assert (document.title_en, document.size_en) == ("Corrected", None)


def test_a_private_file_has_the_checked_views_address_and_no_other(db):
    document = make_document(make_meeting())

    assert document.file_en.url == f"/en/meetings/{document.meeting_id}/papers/{document.pk}/en/"
    with pytest.raises(ValueError, match="no address"):
        document.file_en.storage.url(document.file_en.name)


def test_a_number_that_no_record_can_have_is_404(db, client):
    document = make_document(make_meeting())

    assert client.get(f"/en/meetings/9223372036854775808/papers/{document.pk}/en/").status_code == 404
    assert client.get("/en/meetings/9223372036854775808-x/").status_code == 404
