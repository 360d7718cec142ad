"""Many articles take a step at once; each for itself, with the same rights."""

from zeal import zeal_ignore

from apps.news import services
from apps.news.models import Article
from tests.factories import make_approved, make_article
from tests.news.forms import FORM
from tests.news.life import again, change


def test_many_articles_take_a_step_at_once_and_each_refusal_is_told(db, editor, log_in):
    ready, own, draft = make_article(), change(make_article(), by=editor, title_en="My own"), make_article()
    for article in (ready, own):
        services.send_to_review(article, by=None)
    chosen = [article.pk for article in (ready, own, draft)]

    page = log_in(editor).post(
        "/en/admin/news/article/", {"action": "step-approve", "_selected_action": chosen}, follow=True
    )

    assert [again(article).status for article in (ready, own, draft)] == ["approved", "in_review", "draft"]
    assert sorted(str(message) for message in page.context["messages"]) == [
        "Approve: done for 1 record.",
        "My own: this is not a next step now.",
        f"{draft.title_en}: this is not a next step now.",
    ]


def test_s22_no_bulk_action_publishes_for_a_translator(db, translator, log_in):
    article = make_approved()

    client = log_in(translator)
    offered = client.get("/en/admin/news/article/").context["action_form"].fields["action"].choices
    client.post("/en/admin/news/article/", {"action": "step-publish", "_selected_action": [article.pk]})

    assert [name for name, _label in offered] == [
        *["", "step-send"],
        *["export-csv", "export-xlsx", "export-xliff", "export-po"],
    ]
    assert again(article).status == "approved"


def test_publishing_in_bulk_takes_the_languages_that_are_complete(db, editor, log_in):
    both, one, none = make_approved(), make_approved(original_language="ar", lead_en=""), make_approved()
    Article.objects.filter(pk=none.pk).update(lead_ar="", lead_en="")

    client = log_in(editor)
    with zeal_ignore():  # each article is a transaction of its own
        page = client.post(
            "/en/admin/news/article/",
            {"action": "step-publish", "_selected_action": [both.pk, one.pk, none.pk]},
            follow=True,
        )

    assert [again(article).ready_languages for article in (both, one, none)] == [["ar", "en"], ["ar"], []]
    assert "Choose at least one language." in page.content.decode()


def test_the_form_of_a_new_article_offers_only_the_first_step(db, editor, log_in):
    page = log_in(editor).get("/en/admin/news/article/add/")

    assert [step.name for step in page.context["next_steps"]] == ["send"]
    assert FORM["title_ar"] not in page.content.decode()
