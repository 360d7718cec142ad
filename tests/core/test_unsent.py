"""A form that cannot be taken comes back to whoever typed it, and to nobody else's page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import make_article

HERE = {"HTTP_ORIGIN": "http://testserver"}
HEADINGS = {"ar": "لم يُرسل بعد", "en": "Not sent yet"}
TYPED = {"lead_ar": "سطر «أول»\nوسطر", "countries": ["1", "2"]}


def address(language: str = "en", pk: int = 1) -> str:
    return f"/{language}/admin/news/article/{pk}/change/"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_form_sent_without_a_session_comes_back_whole(db, client, language):
    answer = client.post(address(language), TYPED, **HERE)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert HEADINGS[language] in page
    assert '<input type="hidden" name="lead_ar" value="سطر «أول»\nوسطر">' in page
    assert [f'name="countries" value="{value}"' in page for value in ("1", "2")] == [True, True]
    assert f'href="/{language}/accounts/login/?next={address(language)}"' in page
    assert f'action="{address(language)}"' in page
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://testserver.evil.example", ""])
def test_what_another_site_sends_is_not_given_back(db, client, origin):
    answer = client.post(address(), TYPED, **({"HTTP_ORIGIN": origin} if origin else {}))

    assert answer.status_code in (302, 403)
    assert "سطر" not in answer.content.decode()


def test_typed_markup_comes_back_as_text(db, client):
    page = client.post(address(), {"lead_en": '"><script>x</script>'}, **HERE).content.decode()

    assert 'value="&quot;&gt;&lt;script&gt;x&lt;/script&gt;"' in page
    assert "<script>x" not in page


@pytest.mark.parametrize("name", ["password", "new_password1", "code", "otp_secret"])
def test_no_secret_is_ever_given_back(db, client, name):
    answer = client.post("/en/accounts/password/", {name: "olive-tree", "other": "text"}, **HERE)

    assert "olive-tree" not in answer.content.decode()


def test_a_form_with_an_old_token_is_asked_for_once_more(db, editor):
    article = make_article()
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)

    answer = client.post(address(pk=article.pk), {**TYPED, "csrfmiddlewaretoken": "x" * 64}, **HERE)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "The form was open while you logged in again." in page
    assert page.count('name="csrfmiddlewaretoken"') >= 1
    assert "x" * 64 not in page


def test_files_are_named_and_not_kept(db, client):
    sent = {"lead_en": "L", "picture": SimpleUploadedFile("صورة.png", b"picture data")}

    page = client.post(address(), sent, **HERE).content.decode()

    assert "<bdi>صورة.png</bdi>" in page
    assert "picture data" not in page


def test_an_empty_form_leads_to_the_log_in(db, client):
    assert client.post(address(), {"lead_en": " "}, **HERE).status_code == 302
