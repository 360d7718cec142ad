"""An article's life: who may take which step, what readers have meanwhile, and what stays of it."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from apps.news import services
from apps.news.models import Article, ArticleStep
from tests.factories import approve, make_approved, make_article, make_contact, make_published, make_user
from tests.news.life import again, change

FUTURE = datetime(2099, 1, 1, tzinfo=UTC)
NOT_NEXT = ["This step is not possible any more; here is the record as it stands."]


# The steps


def test_the_whole_life_leaves_its_steps_with_who_when_and_why(db, editor, secretary):
    article = services.save_article(make_article(), by=editor)
    services.send_to_review(article, by=editor, reason="Please read")
    services.send_back(article, by=secretary, reason="Name the city")
    services.send_to_review(article, by=editor)
    services.approve_article(article, by=secretary)
    services.publish_article(article, by=editor, languages=["ar"])
    services.archive_article(article, by=secretary, reason="Replaced")
    services.reopen_article(article, by=editor)

    steps = list(ArticleStep.objects.order_by("pk").values_list("kind", "taken_by", "reason"))
    assert steps == [
        ("sent", editor.pk, "Please read"),
        ("sent_back", secretary.pk, "Name the city"),
        ("sent", editor.pk, ""),
        ("approved", secretary.pk, ""),
        ("published", editor.pk, ""),
        ("archived", secretary.pk, "Replaced"),
        ("reopened", editor.pk, ""),
    ]
    assert (again(article).status, again(article).is_shown) == ("draft", False)
    assert ArticleStep.objects.exclude(taken_at__lte=timezone.now()).count() == 0


LIFE = {
    "draft": {"send_to_review", "archive_article"},
    "in_review": {"approve_article", "send_back", "archive_article"},
    "approved": {"publish_article", "send_back", "archive_article"},
    "published": {"publish_article", "archive_article", "mark_current", "withdraw_article"},
    "archived": {"reopen_article"},
}
ARGUMENTS = {"send_back": {"reason": "Why"}, "publish_article": {"languages": ["ar"]}}


def in_state(status: str) -> Article:
    article = make_article()
    if status != "draft":
        services.send_to_review(article, by=None)
    if status in ("approved", "published", "archived"):
        services.approve_article(article, by=None)
    if status in ("published", "archived"):
        services.publish_article(article, by=None, languages=["ar"])
    if status == "archived":
        services.archive_article(article, by=None)
    return article


@pytest.mark.parametrize("status", LIFE)
@pytest.mark.parametrize(
    "step", ["send_to_review", "send_back", "approve_article", "publish_article", "archive_article", "reopen_article"]
)
def test_only_the_next_steps_are_possible(db, editor, status, step):
    article = in_state(status)

    def take():
        getattr(services, step)(article, by=editor, **ARGUMENTS.get(step, {}))

    if step in LIFE[status]:
        take()
        return
    with pytest.raises(ValidationError) as error:
        take()
    assert error.value.messages == NOT_NEXT
    assert again(article).status == status


DECISIONS = ["send_back", "approve_article", "publish_article", "withdraw_article", "archive_article", "reopen_article"]


@pytest.mark.parametrize("step", DECISIONS)
@pytest.mark.parametrize("role", ["translator", "auditor", "member", "observer"])
def test_s22_only_editors_and_the_secretariat_decide(db, step, role):
    status = next(status for status, steps in LIFE.items() if step in steps)
    article = in_state(status)

    with pytest.raises(PermissionDenied):
        getattr(services, step)(article, by=make_user(role), **ARGUMENTS.get(step, {}))

    assert again(article).status == status


@pytest.mark.parametrize("role", ["auditor", "member", "observer"])
def test_who_does_not_write_news_saves_none(db, role):
    article = make_article()

    with pytest.raises(PermissionDenied):
        change(article, by=make_user(role), title_en="Mine")
    with pytest.raises(PermissionDenied):
        services.send_to_review(article, by=make_user(role))


# Four eyes


@pytest.mark.parametrize("is_on", [True, False])
def test_s22_who_wrote_it_approves_it_only_where_one_pair_of_eyes_is_enough(db, editor, settings, is_on):
    settings.FOUR_EYES = is_on
    article = change(make_article(), by=editor, title_en="Mine")
    services.send_to_review(article, by=editor)

    if is_on:
        with pytest.raises(PermissionDenied):
            services.approve_article(article, by=editor)
    else:
        services.approve_article(article, by=editor)

    assert again(article).status == ("in_review" if is_on else "approved")


def test_s22_who_wrote_a_part_of_what_is_new_does_not_approve_the_whole(db, editor, secretary, translator):
    article = change(make_article(), by=editor, title_ar="عنوان آخر")
    change(article, by=secretary, lead_ar="مقدمة أخرى")
    article = change(article, by=translator, title_en="Another")
    services.send_to_review(article, by=translator)

    for writer in (editor, secretary):
        with pytest.raises(PermissionDenied):
            services.approve_article(article, by=writer)

    assert services.approve_article(article, by=make_user("editor")).status == "approved"


def test_who_wrote_what_readers_already_have_may_approve_the_next_change(db, editor, secretary):
    article = approve(change(make_article(), by=editor, title_en="First"))
    services.publish_article(article, by=secretary, languages=["en", "ar"])
    article = change(article, by=secretary, title_en="Second")
    services.send_to_review(article, by=secretary)

    assert services.approve_article(article, by=editor).status == "approved"


def test_one_person_without_four_eyes_needs_no_review_first(db, editor, settings):
    settings.FOUR_EYES = False

    assert services.approve_article(make_article(), by=editor).status == "approved"


def test_what_is_changed_after_its_approval_is_approved_again(db, editor):
    article = change(make_approved(), by=editor, title_en="Slipped in")

    assert again(article).status == "in_review"
    with pytest.raises(ValidationError):
        services.publish_article(article, by=editor, languages=["en"])


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_step_is_not_taken_on_a_text_that_changed_meanwhile(db, editor, secretary, log_in, language):
    article = change(make_article(), by=editor, title_en="Harmless")
    services.send_to_review(article, by=editor)
    officer = log_in(secretary)
    address = f"/{language}/admin/news/article/{article.pk}/step/approve/"
    opened = officer.get(address).context["original"].revision
    change(article, by=editor, title_en="Something else")

    response = officer.post(address, {"opened_revision": opened})

    sentence = {"ar": "حفظ شخص آخر", "en": "Somebody saved this meanwhile."}[language]
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert again(article).status == "in_review"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_writer_who_decides_is_told_why_there_is_no_button_to_approve(db, editor, secretary, log_in, language):
    article = change(make_article(), by=editor, title_en="Mine")
    services.send_to_review(article, by=editor)

    def note(user) -> bool:
        page = log_in(user).get(f"/{language}/admin/news/article/{article.pk}/change/")
        sentence = {"ar": "شاركتم في كتابة هذا الإصدار", "en": "You wrote in this version"}[language]
        return sentence in page.content.decode()

    assert (note(editor), note(secretary)) == (True, False)


# What readers have while somebody writes


def test_readers_keep_what_they_have_until_the_change_is_published(db, client, editor, secretary):
    article = make_published(title_en="As published")
    contact = make_contact()

    article = change(article, by=editor, title_en="In work", links={"contacts": [contact]})

    shown = again(article)
    assert (shown.title_en, shown.status, shown.is_shown, list(shown.contacts.all())) == (
        "As published",
        "draft",
        True,
        [],
    )
    for address in (shown.address_in("en"), "/en/news/", "/en/news/feed/"):
        html = client.get(address).content.decode()
        assert ("As published" in html, "In work" in html) == (True, False)

    services.send_to_review(article, by=editor)
    services.approve_article(article, by=secretary)
    services.publish_article(again(article), by=editor, languages=["ar", "en"])

    shown = again(article)
    assert (shown.title_en, shown.status, shown.working_version, list(shown.contacts.all())) == (
        "In work",
        "published",
        None,
        [contact],
    )
    assert "In work" in client.get(shown.address_in("en")).content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_back_office_opens_the_newest_version(db, editor, log_in, language):
    article = make_published(title_en="As published")
    contact = make_contact()
    change(article, by=editor, title_en="In work", links={"contacts": [contact]})

    page = log_in(editor).get(f"/{language}/admin/news/article/{article.pk}/change/")

    form = page.context["adminform"].form
    assert (form["title_en"].value(), list(form["contacts"].value())) == ("In work", [contact.pk])
    assert {"ar": "لدى القراء نسخة سابقة", "en": "readers have an earlier version"}[language] in page.content.decode()


def test_saving_in_the_back_office_writes_to_the_newest_version(db, editor, log_in):
    article = make_published(title_en="As published")
    change(article, by=editor, title_en="In work", lead_en="Changed lead")
    client = log_in(editor)
    address = f"/en/admin/news/article/{article.pk}/change/"
    form = client.get(address).context["adminform"].form
    texts = {name: value for name in form.fields if (value := form[name].value())}

    client.post(address, {**texts, "title_en": "In work, too", "contacts": [make_contact().pk]})

    newest = services.newest_version(again(article)).content
    assert (newest["title_en"], newest["lead_en"], len(newest["contacts"])) == ("In work, too", "Changed lead", 1)
    assert again(article).title_en == "As published"


def test_discarded_changes_stay_in_the_history(db, editor):
    article = make_published(title_en="As published")
    change(article, by=editor, title_en="In work")

    services.discard_changes(again(article), by=editor, reason="Not now")

    shown = again(article)
    assert (shown.status, shown.title_en, shown.working_version) == ("published", "As published", None)
    titles = [version.content["title_en"] for version in shown.versions.all()]
    assert titles == ["As published", "In work", "As published"]


@pytest.mark.parametrize("step", [services.withdraw_article, services.archive_article])
def test_what_is_taken_from_readers_keeps_the_newest_text(db, editor, step):
    article = make_published(title_en="As published")
    change(article, by=editor, title_en="In work")

    step(again(article), by=editor)

    kept = again(article)
    assert (kept.title_en, kept.is_shown, kept.working_version, kept.ready_languages) == ("In work", False, None, [])


def test_a_change_of_what_readers_have_cannot_be_put_off(db, editor, log_in):
    article = approve(change(make_published(), by=None, title_en="In work"))

    with pytest.raises(ValidationError) as error:
        services.publish_article(article, by=editor, languages=["en"], at=FUTURE)
    form = log_in(editor).get(f"/en/admin/news/article/{article.pk}/step/publish/").context["form"]

    assert error.value.messages == ["Readers have this article already: a change of it is published at once."]
    assert list(form.fields) == ["languages", "is_minor", "reason"]


# Versions


def test_each_save_that_changes_something_is_a_version(db, editor, translator):
    article = make_article(title_en="One")
    change(article, by=editor, title_en="Two")
    change(article, by=editor, title_en="Two")
    change(article, by=translator, title_en="Three")

    kept = [(version.number, version.content["title_en"], version.saved_by) for version in article.versions.all()]
    assert kept == [(3, "Three", translator), (2, "Two", editor), (1, "One", None)]


def test_restoring_makes_a_new_draft_and_readers_keep_what_they_have(db, editor):
    contact = make_contact()
    article = make_published(title_en="One")
    first = services.newest_version(article)
    article = change(article, by=editor, title_en="Two", links={"contacts": [contact]})
    services.publish_article(approve(article), by=editor, languages=["en", "ar"])

    services.restore_version(again(article), version=first, by=editor, reason="Better")

    shown, newest = again(article), services.newest_version(again(article))
    assert (shown.title_en, shown.status, list(shown.contacts.all())) == ("Two", "draft", [contact])
    assert (newest.content["title_en"], newest.content["contacts"]) == ("One", [])
    assert (newest.restored_from, newest.reason, newest.saved_by) == (first, "Better", editor)


def test_a_version_outlives_what_it_pointed_to(db, editor):
    contact, gone = make_contact(), make_contact()
    article = change(make_article(), by=editor, links={"contacts": [contact, gone]})
    with_both = services.newest_version(article)
    article = change(article, by=editor, title_en="Alone", links={"contacts": []})
    gone.delete()

    services.restore_version(again(article), version=with_both, by=editor)

    assert list(again(article).contacts.all()) == [contact]


def test_a_version_holds_clean_text_as_the_columns_do(db, editor):
    article = change(make_published(), by=editor, body_en='<p onclick="x">T</p><script>alert(1)</script>')

    assert services.newest_version(article).content["body_en"] == "<p>T</p>"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_address_of_an_archived_article_says_that_it_was_taken_back(db, client, editor, language):
    article = make_published(title_en="Canary", title_ar="كناري")
    address = article.address_in(language)
    services.archive_article(article, by=editor)

    response = client.get(address)

    sentence = {"ar": "سُحب هذا الخبر", "en": "This article was taken back"}[language]
    html = response.content.decode()
    assert (response.status_code, sentence in html, "Canary" in html, "كناري" in html) == (410, True, False, False)


@pytest.mark.parametrize("at", [None, FUTURE])
def test_s24_an_archived_article_that_readers_never_had_does_not_exist(db, client, editor, at):
    article = make_published(at=at) if at else make_article()
    services.archive_article(article, by=editor)

    assert client.get(f"/en/news/{article.pk}-x/").status_code == 404
    assert again(article).published_at is None
