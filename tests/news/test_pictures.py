"""The library of pictures: sent once, painted anew, described, and seen by whoever may see what it stands in."""

import json
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from PIL import Image

from apps.news import services
from apps.news.models import Picture
from apps.news.pictures import save_picture
from apps.news.previews import share_preview
from tests.core.files import flood
from tests.factories import make_article, make_picture, make_published, picture
from tests.news.life import change


def content_of(response) -> Image.Image:
    return Image.open(BytesIO(b"".join(response.streaming_content)))


def test_each_size_is_served_once_readers_have_an_article_with_it(db, client):
    shown = make_picture(picture(2400, 1200, "JPEG", "photo.jpg"))
    addresses = [shown.address_of(size) for size in ("400", "800", "1200", "fallback")]
    before = [client.get(address).status_code for address in addresses]

    make_published(picture=shown)
    responses = [client.get(address) for address in addresses]

    assert before == [404] * 4
    assert [response["Content-Type"] for response in responses] == ["image/webp"] * 3 + ["image/jpeg"]
    assert [response["Cache-Control"] for response in responses] == ["public, max-age=31536000, immutable"] * 4
    assert [content_of(response).size for response in responses] == [(400, 200), (800, 400), (1200, 600), (800, 400)]


def test_a_wrong_stamp_or_size_is_no_address(db, client):
    shown = make_published(picture=make_picture()).picture

    wrong = [f"/pictures/{shown.pk}-{shown.stamp}-401", f"/pictures/{shown.pk}-0{shown.stamp}-400"]

    assert [client.get(address).status_code for address in wrong] == [404, 404]


def test_the_picture_goes_from_readers_with_its_article(db, client, editor, log_in):
    article = make_published(picture=make_picture())
    address = article.picture.fallback_address

    services.withdraw_article(article, by=editor)
    writer = log_in(editor).get(address)
    list(writer.streaming_content)

    assert client.get(address).status_code == 404
    assert (writer.status_code, writer["Cache-Control"]) == (200, "private, no-store")


def test_a_preview_link_shows_the_picture_of_its_version_and_no_other(db, client, editor):
    article = make_published()
    other = make_picture()
    shown = make_picture(text_en="In work")
    change(article, by=editor, picture=shown)
    share_preview(article, by=editor, days=7, note="Partner")
    link = article.preview_links.get()

    html = client.get(f"/en/news/shared/{link.token}/").content.decode()
    own = client.get(f"/pictures/shared/{link.token}/{shown.pk}-400")
    list(own.streaming_content)

    assert 'alt="In work"' in html
    assert f"/pictures/shared/{link.token}/{shown.pk}-fallback" in html
    assert (own.status_code, own["Cache-Control"]) == (200, "private, no-store")
    assert client.get(f"/pictures/shared/{link.token}/{other.pk}-400").status_code == 404
    assert client.get(f"/pictures/shared/{link.token}x/{shown.pk}-400").status_code == 404
    assert client.get(shown.fallback_address).status_code == 404


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_gives_sizes_description_and_credit(db, client, language):
    shown = make_picture(picture(600, 300), text_ar="أمواج زرقاء", credit_ar="ليلى", credit_en="J. Doe", focus="ne")
    article = make_published(picture=shown)

    html = client.get(article.address_in(language)).content.decode()

    assert f'srcset="{shown.address_of("400")} 400w, {shown.address_of("800")} 600w"' in html
    assert 'width="600" height="300" loading="lazy"' in html
    assert {"ar": 'alt="أمواج زرقاء" class="focus-ne"', "en": 'alt="Waves" class="focus-ne"'}[language] in html
    assert {"ar": "<bdi>ليلى</bdi>", "en": "<bdi>J. Doe</bdi>"}[language] in html


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg"),
        (b"MZ\x90\x00" + b"\x00" * 200, "photo.jpg"),
        (flood(65_000, 65_000), "flood.png"),
        (picture().read(), "photo\u202egpj.exe"),
    ],
)
def test_s31_s35_hostile_files_are_refused_beside_the_field(db, editor, log_in, content, name):
    file = ContentFile(content, name=name)

    response = log_in(editor).post("/en/admin/news/picture/add/", {"file": file, "text_en": "X", "focus": "c"})

    assert list(response.context["adminform"].form.errors) == ["file"]
    assert not Picture.objects.exists()


def test_a_picture_without_any_description_is_refused(db, editor, log_in):
    response = log_in(editor).post("/en/admin/news/picture/add/", {"file": picture(), "focus": "c"})

    assert list(response.context["adminform"].form.errors) == ["text_ar"]


@pytest.mark.parametrize("texts", [(None, None), ("", None), (None, ""), ("", "")])
def test_the_database_refuses_a_picture_without_any_description(db, texts):
    shown = make_picture()

    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.filter(pk=shown.pk).update(text_ar=texts[0], text_en=texts[1])


def test_the_description_that_readers_have_cannot_be_emptied(db, editor):
    shown = make_published(picture=make_picture(), languages=("en",)).picture
    shown.text_en = ""

    with pytest.raises(ValidationError) as error:
        save_picture(shown, by=editor)

    assert list(error.value.message_dict) == ["text_en"]
    shown.text_en, shown.text_ar = "Waves", ""
    assert save_picture(shown, by=editor).text_ar == ""


def test_a_translator_describes_a_picture_until_readers_have_it(db, translator, log_in):
    shown = make_picture()
    shown.text_en = "Blue waves"
    save_picture(shown, by=translator)
    make_published(picture=shown)

    with pytest.raises(PermissionDenied):
        save_picture(shown, by=translator)
    page = log_in(translator).get(f"/en/admin/news/picture/{shown.pk}/change/")
    assert page.context["has_change_permission"] is False


def test_a_picture_in_use_is_not_deleted(db, editor, log_in):
    article = make_article(picture=make_picture())

    page = log_in(editor).post(f"/en/admin/news/picture/{article.picture_id}/delete/", {"post": "yes"})

    assert page.status_code == 200
    assert Picture.objects.filter(pk=article.picture_id).exists()


def test_a_version_whose_picture_is_gone_is_shown_without_it(db, editor, log_in):
    article = make_article(picture=make_picture())
    change(article, by=editor, picture=None)
    Picture.objects.all().delete()

    response = log_in(editor).get(f"/en/news/{article.pk}/preview/1/")

    assert json.loads(json.dumps(article.versions.get(number=1).content))["picture"].isdecimal()
    assert (response.status_code, "<picture>" in response.content.decode()) == (200, False)
