from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import feedparser
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from apps.meetings.models import Audience
from apps.news.models import Article, PressContact
from apps.news.services import publish_article, withdraw_article
from tests.factories import make_article, make_contact, make_meeting, make_published, make_user, picture

STRANGER = AnonymousUser()
FUTURE = datetime(2099, 1, 1, tzinfo=UTC)


def page_of(article, language: str) -> str:
    return article.address_in(language)


# Who sees what


def test_readers_see_what_is_published_by_now_and_writers_see_all(db):
    draft, published, scheduled = make_article(), make_published(), make_published(at=FUTURE)

    assert list(Article.objects.visible_to(STRANGER)) == [published]
    assert list(Article.objects.visible_to(make_user("member"))) == [published]
    for role in ("secretariat", "editor", "translator", "auditor"):
        assert set(Article.objects.visible_to(make_user(role))) == {draft, published, scheduled}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s24_a_draft_answers_like_an_article_that_does_not_exist(db, client, language):
    drafts = [make_article(title_en="Canary", title_ar="كناري"), make_published(at=FUTURE, title_en="Canary")]

    nothing = client.get(f"/{language}/news/999999-x/")
    for draft in drafts:
        for address in (page_of(draft, language), f"/{language}/news/{draft.pk}-canary/"):
            response = client.get(address)
            assert (response.status_code, response.content) == (404, nothing.content)
    for listing in ("/", "/news/", "/news/feed/"):
        assert b"Canary" not in client.get(f"/{language}{listing}").content


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s24_a_version_that_is_not_ready_leaks_nowhere(db, client, language):
    other = {"ar": "en", "en": "ar"}[language]
    article = make_article(**{f"title_{language}": "Canary title", f"body_{language}": "<p>Canary body</p>"})
    article.original_language = other
    publish_article(article, by=None, languages=[other], at=datetime(2026, 11, 1, tzinfo=UTC))

    for address in (
        page_of(article, language),
        page_of(article, other),
        f"/{language}/news/",
        f"/{language}/news/feed/",
    ):
        assert b"anary" not in client.get(address).content
    assert "canary" not in page_of(article, language)


@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_an_item_without_the_pages_language_is_a_notice_with_a_link(db, client, language, other):
    article = make_published(languages=(other,))
    link = f'<a href="{page_of(article, other)}" lang="{other}" hreflang="{other}"'
    notice = {"ar": "هذه المادة متاحة باللغة الإنجليزية فقط.", "en": "This item is available in Arabic only."}[language]

    detail = client.get(page_of(article, language))
    listing = client.get(f"/{language}/news/")

    assert detail.status_code == 200
    for html in (detail.content.decode(), listing.content.decode()):
        assert notice in html
        assert link in html
    assert getattr(article, f"lead_{other}") not in detail.content.decode()


def test_writers_read_drafts_with_a_notice(db, editor, log_in):
    draft = make_article()

    html = log_in(editor).get(page_of(draft, "en")).content.decode()

    assert draft.title_en in html
    assert "Only the back office sees this." in html
    assert '<meta name="robots" content="noindex">' in html


def test_writers_read_when_a_scheduled_article_comes_out(db, editor, log_in):
    html = log_in(editor).get(page_of(make_published(at=FUTURE), "en")).content.decode()

    assert "Readers get it from 1 January 2099, 02:00" in html


def test_a_writer_meets_a_plain_notice_for_a_language_without_text(db, editor, log_in):
    draft = make_article(title_en="", lead_en="", body_en="")

    html = log_in(editor).get(page_of(draft, "en")).content.decode()

    assert "It is not published in this language." in html


# Publishing


def test_publishing_shows_the_chosen_languages_and_no_other(db, editor):
    article = publish_article(make_article(), by=editor, languages=["ar"])

    assert (article.ready_languages, article.status, article.updated_by) == (["ar"], "published", editor)
    assert article.published_at <= timezone.now()


def test_publishing_again_keeps_the_first_publish_time(db, editor):
    at = datetime(2026, 11, 1, tzinfo=UTC)
    article = publish_article(make_article(), by=editor, languages=["ar"], at=at)

    publish_article(article, by=editor, languages=["ar", "en"])

    assert (article.published_at, article.ready_languages) == (at, ["ar", "en"])


@pytest.mark.parametrize("field", ["title_en", "lead_en", "body_en"])
def test_a_published_version_has_all_its_texts(db, editor, field):
    article = make_article(**{field: ""})

    with pytest.raises(ValidationError) as error:
        publish_article(article, by=editor, languages=["ar", "en"])

    assert error.value.messages == ["English: the title, the lead or the text is missing."]
    article.refresh_from_db()
    assert not article.is_published


def test_publishing_nothing_is_refused(db, editor):
    with pytest.raises(ValidationError) as error:
        publish_article(make_article(), by=editor, languages=[])

    assert error.value.messages == ["Choose at least one language."]


def test_a_picture_is_described_in_each_published_language(db, editor):
    article = make_article(picture=picture(), picture_text_ar="صورة")

    with pytest.raises(ValidationError) as error:
        publish_article(article, by=editor, languages=["ar", "en"])

    assert error.value.messages == ["Describe the picture for readers who cannot see it."]


def test_withdrawing_makes_a_draft_of_every_language(db, client, editor):
    article = make_published()
    address = page_of(article, "en")
    assert client.get(address).status_code == 200

    withdraw_article(article, by=editor)

    assert (article.status, article.ready_languages) == ("draft", [])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "broken",
    [
        lambda: make_article(ready_en=True, title_en=""),
        lambda: make_article(ready_en=True, body_en=None),
        lambda: make_article(ready_ar=True, lead_ar=""),
        lambda: make_article(status="published", ready_ar=True),
        lambda: make_article(status="published", published_at=FUTURE),
        lambda: make_article(original_language="en", title_en=""),
        lambda: make_article(original_language="ar", title_ar=None),
        lambda: make_article(ready_en=True, picture=picture(), picture_text_en=""),
        lambda: make_article(ready_ar=True, picture=picture(), picture_text_ar=None),
    ],
)
def test_the_database_refuses(db, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken()


FORM = {
    "original_language": "ar",
    "title_ar": "عنوان",
    "category": "news",
    "scope": "regional",
    "dated_on": "2026-11-05",
}


def add_article(client, language="en", **changes):
    return client.post(f"/{language}/admin/news/article/add/", {**FORM, **changes})


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_whole_way_from_typing_to_readers(db, client, editor, log_in, language):
    staff = log_in(editor)
    texts = {
        "lead_ar": "مقدمة",
        "body_ar": "<p>نص</p>",
        "title_en": "Title",
        "lead_en": "Lead",
        "body_en": "<p>Text</p>",
    }
    saved = add_article(staff, language, _step="publish", dated_on="٠٥/١١/٢٠٢٦", **texts)
    article = Article.objects.get()

    question = staff.get(saved["Location"])
    published = staff.post(saved["Location"], {"languages": ["ar", "en"], "at_0": "", "at_1": ""})

    assert saved["Location"] == f"/{language}/admin/news/article/{article.pk}/step/publish/"
    assert question.context["form"].initial["languages"] == ["ar", "en"]
    assert published.status_code == 302
    article.refresh_from_db()
    assert (article.dated_on, article.created_by) == (date(2026, 11, 5), editor)
    for code in ("ar", "en"):
        html = client.get(page_of(article, code)).content.decode()
        assert getattr(article, f"title_{code}") in html
        assert getattr(article, f"body_{code}") in html


def test_publishing_is_put_off_to_a_time_typed_in_arabic_digits(db, client, editor, log_in):
    article = make_article()

    response = log_in(editor).post(
        f"/ar/admin/news/article/{article.pk}/step/publish/",
        {"languages": ["ar"], "at_0": "٢٠٩٩-٠١-٠١", "at_1": "١٠:٠٠"},
    )

    article.refresh_from_db()
    assert response.status_code == 302
    assert article.published_at == datetime(2099, 1, 1, 8, tzinfo=UTC)
    assert client.get(page_of(article, "ar")).status_code == 404


@pytest.mark.parametrize("language", ["ar", "en"])
def test_publishing_without_text_is_refused_with_a_sentence(db, editor, log_in, language):
    article = make_article(body_en="")

    response = log_in(editor).post(f"/{language}/admin/news/article/{article.pk}/step/publish/", {"languages": ["en"]})

    expected = {"ar": "ينقص العنوان أو المقدمة أو النص.", "en": "the title, the lead or the text is missing."}
    assert response.status_code == 400
    assert expected[language] in response.content.decode()
    article.refresh_from_db()
    assert not article.is_published


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_ar": ""}, "title_ar"),
        ({"dated_on": "someday"}, "dated_on"),
        ({"category": "gossip"}, "category"),
        ({"picture": ContentFile(b"<svg/>", name="picture.png")}, "picture"),
    ],
)
def test_wrong_input_gets_a_message_beside_its_field_and_stays_typed(db, editor, log_in, language, changes, field):
    response = add_article(log_in(editor), language, title_en="Typed", **changes)

    form = response.context["adminform"].form
    assert response.status_code == 200
    assert list(form.errors) == [field]
    assert form["title_en"].value() == "Typed"
    assert not Article.objects.exists()


def test_emptying_the_text_of_a_published_article_is_refused_beside_it(db, editor, log_in):
    article = make_published()
    texts = {name: getattr(article, name) for name in ("title_ar", "lead_ar", "body_ar", "title_en", "lead_en")}

    response = log_in(editor).post(
        f"/en/admin/news/article/{article.pk}/change/", {**FORM, **texts, "opened_revision": article.revision}
    )

    message = "Readers have this version: it needs this text."
    assert response.context["adminform"].form.errors == {"body_en": [message]}
    article.refresh_from_db()
    assert article.body_en == "<p>The text.</p>"


def test_s22_a_translator_writes_but_does_not_publish(db, translator, log_in):
    article = make_article(title_en="")
    client = log_in(translator)

    page = client.get(f"/en/admin/news/article/{article.pk}/change/")
    response = client.post(f"/en/admin/news/article/{article.pk}/step/publish/", {"languages": ["ar"]})

    assert page.context["next_steps"] == []
    assert response.status_code == 403
    article.refresh_from_db()
    assert not article.is_published


def test_s21_publishing_by_an_extra_field_is_ignored(db, translator, log_in):
    article = make_article()
    data = {
        **FORM,
        "opened_revision": article.revision,
        "status": "published",
        "ready_ar": "on",
        "published_at_0": "2020-01-01",
    }

    log_in(translator).post(f"/en/admin/news/article/{article.pk}/change/", data)

    article.refresh_from_db()
    assert (article.status, article.ready_ar, article.published_at) == ("draft", False, None)


def test_a_published_article_is_withdrawn_before_it_is_deleted(db, editor, log_in):
    article = make_published()

    response = log_in(editor).post(f"/en/admin/news/article/{article.pk}/delete/", {"post": "yes"})

    assert response.status_code == 403
    assert Article.objects.filter(pk=article.pk).exists()


# Pictures


def test_a_picture_is_kept_light_and_served_to_whoever_may_read_the_article(db, client, editor, log_in):
    large = picture(2400, 1200, "JPEG", "photo.jpg")
    add_article(log_in(editor), title_en="T", picture=large)
    article = Article.objects.get()

    draft = client.get(article.picture_address)
    publish_texts = {"lead_ar": "مقدمة", "body_ar": "<p>نص</p>", "picture_text_ar": "صورة"}
    for name, text in publish_texts.items():
        setattr(article, name, text)
    publish_article(article, by=editor, languages=["ar"])
    shown = client.get(article.picture_address)
    content = b"".join(shown.streaming_content)

    assert draft.status_code == 404
    assert (shown["Content-Type"], Image.open(BytesIO(content)).size) == ("image/webp", (1200, 600))
    assert shown["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (article.picture_width, article.picture_height) == (1200, 600)
    assert client.get(article.picture_address.replace("-", "-0")).status_code == 404


def test_the_page_gives_the_pictures_size_text_and_credit(db, client):
    article = make_published(
        picture=picture(80, 60), picture_text_ar="نص", picture_text_en="A blue square", picture_credit_en="J. Doe"
    )

    html = client.get(page_of(article, "en")).content.decode()

    assert 'width="80" height="60" loading="lazy" alt="A blue square"' in html
    assert "<bdi>J. Doe</bdi>" in html


# Pages


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_press_release_shows_dateline_and_contacts(db, client, language):
    article = make_published(category="press_release", place_ar="تونس", place_en="Tunis", dated_on=date(2026, 11, 5))
    article.contacts.add(make_contact())

    html = client.get(page_of(article, language)).content.decode()

    dateline = {
        "ar": 'تونس، <time datetime="2026-11-05">5 تشرين الثاني/نوفمبر 2026</time>',
        "en": 'Tunis, <time datetime="2026-11-05">5 November 2026</time>',
    }
    assert dateline[language] in html
    assert '<a class="ltr" href="mailto:press@example.org">press@example.org</a>' in html
    assert '<a class="ltr" href="tel:+20255500100">+20 2 5550 0100</a>' in html


def test_the_page_names_its_related_meeting_only_to_who_may_see_it(db, client, secretary, log_in):
    hidden = make_meeting(audience=Audience.MEMBERS, title_en="Members canary")
    article = make_published(meeting=hidden)

    assert "Members canary" not in client.get(page_of(article, "en")).content.decode()
    assert "Members canary" in log_in(secretary).get(page_of(article, "en")).content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_f23_arabic_slugs_answer_and_old_ones_redirect(db, client, language):
    article = make_published(title_ar="مشاورة مع النقابات", title_en="Consultation with unions")
    address = page_of(article, language)

    old = client.get(f"/{language}/news/{article.pk}-old/")

    assert client.get(address).status_code == 200
    assert (old.status_code, old["Location"]) == (301, address)
    assert client.get(f"/{language}/news/{article.pk}-/").status_code == 301


@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_the_switch_leads_to_the_same_article(db, client, language, other):
    article = make_published()

    html = client.get(page_of(article, language)).content.decode()

    assert f'<a href="{page_of(article, other)}" lang="{other}" hreflang="{other}"' in html
    assert f'<link rel="alternate" hreflang="{other}" href="{page_of(article, other)}">' in html


@pytest.mark.parametrize("language", ["ar", "en"])
def test_filters_narrow_the_list(db, client, language):
    kept = make_published(category="statement", scope="global", dated_on=date(2025, 5, 1))
    make_published(category="story", scope="global", dated_on=date(2025, 5, 1))
    make_published(category="statement", scope="local", dated_on=date(2025, 5, 1))
    make_published(category="statement", scope="global", dated_on=date(2026, 5, 1))

    response = client.get(f"/{language}/news/", {"category": "statement", "scope": "global", "year": "٢٠٢٥"})

    assert response.status_code == 200
    assert list(response.context["articles"].page) == [kept]


@pytest.mark.parametrize(("name", "value"), [("year", "abc"), ("year", "1066"), ("scope", "moon"), ("category", "<b>")])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_s30_a_wrong_filter_gets_a_message_beside_its_field(db, client, language, name, value):
    make_published()

    response = client.get(f"/{language}/news/", {name: value})

    assert response.status_code == 400
    assert list(response.context["form"].errors) == [name]
    assert f'id="id_{name}_error"' in response.content.decode()
    assert "<b>" not in response.content.decode().split("<main", 1)[1].split("article", 1)[0]


@pytest.mark.parametrize("number", ["-1", "0", "abc", "999999999999999999999", "1e3"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_s30_a_wrong_page_number_gets_a_sentence_and_the_first_page(db, client, language, number):
    article = make_published()

    response = client.get(f"/{language}/news/", {"page": number})

    sentence = {"ar": "لا توجد صفحة بهذا الرقم.", "en": "There is no page with this number."}[language]
    assert response.status_code == 404
    assert sentence in response.content.decode()
    assert list(response.context["articles"].page) == [article]


def test_pages_keep_the_filter(db, client):
    for _number in range(11):
        make_published(category="story")

    html = client.get("/en/news/?category=story").content.decode()

    assert 'href="?category=story&amp;page=2"' in html
    assert "Page 1 of 2" in html


@pytest.mark.parametrize("query", ["", "?category=story"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_empty_list_says_what_to_do(db, client, language, query):
    html = client.get(f"/{language}/news/{query}").content.decode()

    expected = {
        ("ar", ""): "ستظهر الأخبار هنا حالما تنشر الأمانة أولى المواد.",
        ("ar", "?category=story"): "لا شيء يطابق هذا الاختيار.",
        ("en", ""): "News will stand here as soon as",
        ("en", "?category=story"): "Nothing fits this choice.",
    }
    assert expected[language, query] in html


def count_queries(client, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_lists_need_the_same_few_queries_for_1_3_and_300_rows(db, client, language):
    from apps.demo.bulk import load_many
    from tests.factories import make_group

    found = []
    for rows in (1, 3, 300):
        load_many(rows, make_group())
        article = Article.objects.latest("published_at")
        addresses = [f"/{language}/news/", f"/{language}/news/feed/", page_of(article, language)]
        found.append([count_queries(client, address) for address in addresses])

    assert found == [[3, 1, 2]] * 3


def test_an_article_with_everything_needs_at_most_six_queries(db, client):
    article = make_published(meeting=make_meeting())
    article.contacts.add(make_contact(), make_contact())

    assert count_queries(client, page_of(article, "en")) == 3


def test_the_admin_list_needs_the_same_queries_for_one_and_three(db, editor, log_in):
    client = log_in(editor)
    make_published()
    one = count_queries(client, "/en/admin/news/article/")
    make_article()
    make_published()

    assert count_queries(client, "/en/admin/news/article/") == one


# The feed


@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_s58_the_feed_holds_its_own_language_only(db, client, language, other):
    both, foreign = make_published(), make_published(languages=(other,))
    make_article()

    response = client.get(f"/{language}/news/feed/")

    feed = feedparser.parse(response.content)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not feed.bozo
    assert feed.feed.language == language
    assert [entry.title for entry in feed.entries] == [getattr(both, f"title_{language}")]
    assert feed.entries[0].link.endswith(page_of(both, language))
    assert feed.entries[0].id == f"https://portal.example.org/{language}/news/{both.pk}"
    assert getattr(foreign, f"title_{other}") not in response.content.decode()


# The back office


@pytest.mark.parametrize("language", ["ar", "en"])
def test_both_languages_stand_side_by_side_each_in_its_direction(db, editor, log_in, language):
    html = log_in(editor).get(f"/{language}/admin/news/article/add/").content.decode()

    for name in ("title", "lead", "body", "place", "picture_text"):
        arabic = html.index(f'name="{name}_ar"')
        english = html.index(f'name="{name}_en"')
        tag = html[html.rindex("<", 0, arabic) : html.index(">", arabic)]
        other = html[html.rindex("<", 0, english) : html.index(">", english)]
        assert ('lang="ar"' in tag, 'dir="rtl"' in tag) == (True, True), name
        assert ('lang="en"' in other, 'dir="ltr"' in other) == (True, True), name
        assert arabic < english


def test_s42_the_editors_page_lets_in_its_own_scripts_by_nonce_only(db, editor, log_in):
    response = log_in(editor).get("/en/admin/news/article/add/")

    policy = response["Content-Security-Policy"]
    html = response.content.decode()
    nonce = policy.split("'nonce-", 1)[1].split("'", 1)[0]
    assert f'<script type="importmap" nonce="{nonce}">' in html
    assert "unsafe" not in policy
    assert "googleapis" not in html


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_dashboard_says_what_waits(db, editor, log_in, language):
    make_article()
    make_article()
    for _number in range(3):
        make_published(languages=("ar",))

    html = log_in(editor).get(f"/{language}/admin/").content.decode()

    expected = {
        "ar": ["3 أخبار منشورة متاحة بلغة واحدة فقط.", "مسودتا خبرين."],
        "en": ["3 published articles stand in one language only.", "2 articles are drafts."],
    }
    assert [text for text in expected[language] if text not in html] == []


def test_the_list_in_the_back_office_is_filtered_by_language(db, editor, log_in):
    both, one = make_published(), make_published(languages=("ar",))
    client = log_in(editor)

    missing = client.get("/en/admin/news/article/?language=missing").context["cl"].queryset
    complete = client.get("/en/admin/news/article/?language=both").context["cl"].queryset

    assert (list(missing), list(complete)) == ([one], [both])


def test_who_and_when_is_shown(db, editor, log_in):
    client = log_in(editor)
    add_article(client)
    article = Article.objects.get()

    html = client.get(f"/en/admin/news/article/{article.pk}/change/").content.decode()

    assert f", by {editor.get_full_name()}" in html


def test_scheduled_articles_appear_on_their_minute_without_anybody(db, client, settings):
    soon = timezone.now() + timedelta(hours=1)
    article = make_published(at=soon)

    before = list(Article.objects.published(soon - timedelta(seconds=1)))
    after = list(Article.objects.published(soon))

    assert (before, after) == ([], [article])


def test_the_article_names_its_slug_after_a_language_that_readers_have(db):
    article = make_published(languages=("ar",), title_ar="خبر")

    with override("en"):
        assert article.get_absolute_url().endswith(f"{article.pk}-%D8%AE%D8%A8%D8%B1/")
    assert make_article().slug_in("en") == "article"


def test_an_empty_time_publishes_a_scheduled_article_at_once(db, editor):
    article = make_published(at=FUTURE)

    publish_article(article, by=editor, languages=["ar"])

    assert article.published_at <= timezone.now()


def test_browsers_do_not_keep_the_way_to_a_title_of_today(db, client):
    response = client.get(f"/en/news/{make_published().pk}-old/")

    assert (response.status_code, response["Cache-Control"]) == (301, "no-cache")


def test_a_phone_number_is_kept_in_digits_that_telephones_dial(db, editor, log_in):
    data = {"city_ar": "عمّان", "city_en": "Amman", "name_ar": "وحدة", "name_en": "Unit", "email": "a@example.org"}

    log_in(editor).post("/ar/admin/news/presscontact/add/", {**data, "phone": "+٩٦٢ ٦ ٥٥٥ ٠١٠٠"})

    assert PressContact.objects.get().phone == "+962 6 555 0100"
