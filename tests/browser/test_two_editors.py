"""Two people save the same article: neither loses a word without having chosen so."""

from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from apps.accounts.roles import Role
from apps.news.models import Article
from tests.factories import make_article, make_user


def test_changes_of_two_editors_are_both_kept(open_page, sign_in, language, t):
    article = make_article(title_ar="العنوان الأول", title_en="The first title")
    mine, hers = open_page(), open_page()
    second = make_user(Role.SECRETARIAT)
    sign_in(mine, make_user(Role.SECRETARIAT))
    sign_in(hers, second)
    with override(language):
        address = reverse("admin:news_article_change", args=[article.pk])
        second_name = second.get_full_name()
    mine.goto(address)
    hers.goto(address)

    hers.locator("[name=title_en]").fill("Her title")
    hers.locator("[name=_save]").click()
    expect(hers.locator(".messagelist .success")).to_be_visible()
    mine.locator("[name=title_ar]").fill("عنواني")
    mine.locator("[name=_save]").click()

    expect(mine.locator(".errornote ~ .errorlist")).to_contain_text(second_name)
    expect(mine.locator("[name=title_ar]")).to_have_value("عنواني")
    expect(mine.locator("[name=title_en]")).to_have_value("The first title")
    expect(mine.locator("fieldset.conflict")).to_have_count(2)
    arabic, english = (mine.locator(f"fieldset.conflict:has([name=keep-title_{code}])") for code in ("ar", "en"))
    expect(arabic.locator(".theirs")).to_have_text("العنوان الأول")
    expect(english.locator(".theirs")).to_have_text("Her title")
    expect(arabic.get_by_label(t("What you wrote (above)"))).to_be_checked()
    expect(english.get_by_label(t("What was saved meanwhile:"))).to_be_checked()
    assert Article.objects.filter(title_ar="العنوان الأول", title_en="Her title").count() == 1

    arabic.get_by_label(t("What you wrote (above)")).check()
    english.get_by_label(t("What was saved meanwhile:")).check()
    mine.locator("[name=_save]").click()

    expect(mine.locator(".messagelist .success")).to_be_visible()
    assert Article.objects.filter(title_ar="عنواني", title_en="Her title").count() == 1
