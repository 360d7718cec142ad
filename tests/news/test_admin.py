import pytest

from apps.core.site import tasks_for
from apps.news.models import Article, PressContact
from apps.news.services import send_to_review
from tests.factories import make_approved, make_article, make_published
from tests.news.forms import add_article


@pytest.mark.parametrize("language", ["ar", "en"])
def test_both_languages_stand_side_by_side_each_in_its_direction(db, editor, log_in, language):
    html = log_in(editor).get(f"/{language}/admin/news/article/add/").content.decode()

    for name in ("title", "lead", "body", "place", "correction"):
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


@pytest.mark.parametrize(("role", "count"), [("editor", 4), ("secretary", 4), ("translator", 2), ("auditor", 0)])
def test_the_dashboard_asks_those_who_can_do_it(request, editor, role, count):
    make_article()
    make_published(languages=("ar", "en"))
    send_to_review(make_article(), by=editor)
    make_approved()
    make_published(languages=("ar",))
    waiting = [
        "1 published article stands in one language only.",
        "1 article is a draft.",
        "1 article waits for approval.",
        "1 approved article waits to be published.",
    ]

    texts = [task.text for task in tasks_for(request.getfixturevalue(role))]

    assert [text for text in waiting if text in texts] == waiting[:count]


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


def test_a_phone_number_is_kept_in_digits_that_telephones_dial(db, editor, log_in):
    data = {"city_ar": "عمّان", "city_en": "Amman", "name_ar": "وحدة", "name_en": "Unit", "email": "a@example.org"}

    log_in(editor).post("/ar/admin/news/presscontact/add/", {**data, "phone": "+٩٦٢ ٦ ٥٥٥ ٠١٠٠"})

    assert PressContact.objects.get().phone == "+962 6 555 0100"
