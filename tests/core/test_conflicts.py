"""Two people save one record: the second sees both versions and chooses."""

from datetime import date, time

import pytest
from django.forms import modelform_factory
from django.urls import reverse
from django.utils.translation import override

from apps.core.forms import VersionedForm
from apps.meetings.models import AgendaItem
from apps.news.models import Article
from tests.factories import make_article, make_item, make_meeting, make_picture, picture


def change_page(record) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def form_data(response) -> dict:
    """What a browser would send back unchanged."""
    data = {}
    forms = [response.context["adminform"].form]
    for wrapped in response.context["inline_admin_formsets"]:
        forms += [wrapped.formset.management_form, *wrapped.formset.initial_forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False or hasattr(value, "field"):
                continue
            if hasattr(bound.field.widget, "widgets"):
                for index, part in enumerate(bound.field.widget.decompress(value)):
                    data[f"{bound.html_name}_{index}"] = part
            else:
                data[bound.html_name] = value
    return data


@pytest.fixture
def article(db):
    return make_article(title_en="First", title_ar="أول")


def test_r17_the_second_saver_gets_both_versions_and_nothing_is_lost(article, secretary, editor, log_in):
    first, second = log_in(secretary), log_in(editor)
    with override("en"):
        page = change_page(article)
    opened_by_first = form_data(first.get(page))
    opened_by_second = form_data(second.get(page))
    first.post(page, {**opened_by_first, "title_en": "Changed by the first"})

    response = second.post(page, {**opened_by_second, "title_ar": "غيّره الثاني"})

    form = response.context["adminform"].form
    assert response.status_code == 200
    assert {name: (c.theirs, c.mine, c.suggested) for name, c in form.conflicts.items()} == {
        "title_en": ("Changed by the first", "First", "theirs"),
        "title_ar": ("أول", "غيّره الثاني", "mine"),
    }
    article.refresh_from_db()
    assert (article.title_en, article.title_ar) == ("Changed by the first", "أول")
    html = response.content.decode()
    assert f"{secretary.get_full_name()} saved this while you were writing." in html
    assert 'name="keep-title_en" value="theirs" checked' in html


def test_r17_what_the_second_saver_chose_is_kept(article, secretary, editor, log_in):
    first, second = log_in(secretary), log_in(editor)
    page = change_page(article)
    opened_by_first = form_data(first.get(page))
    opened_by_second = form_data(second.get(page))
    first.post(page, {**opened_by_first, "title_en": "Changed by the first", "place_en": "Tunis"})
    conflict = second.post(page, {**opened_by_second, "title_ar": "غيّره الثاني", "place_en": "Rabat"})
    again = form_data(conflict)

    response = second.post(page, {**again, "keep-title_en": "theirs", "keep-title_ar": "mine", "keep-place_en": "mine"})

    assert response.status_code == 302
    article.refresh_from_db()
    assert (article.title_en, article.title_ar, article.place_en) == ("Changed by the first", "غيّره الثاني", "Rabat")
    assert article.updated_by == editor


def test_a_third_save_in_between_is_noticed_too(article, secretary, editor, log_in):
    first, second = log_in(secretary), log_in(editor)
    page = change_page(article)
    opened_by_first = form_data(first.get(page))
    opened_by_second = form_data(second.get(page))
    first.post(page, {**opened_by_first, "title_en": "One"})
    conflict = second.post(page, {**opened_by_second, "title_en": "Mine"})
    reopened = form_data(first.get(page))
    first.post(page, {**reopened, "title_en": "Two"})

    response = second.post(page, {**form_data(conflict), "keep-title_en": "mine"})

    assert response.context["adminform"].form.conflicts["title_en"].theirs == "Two"
    article.refresh_from_db()
    assert article.title_en == "Two"


def test_saving_what_was_opened_counts_up_the_revision_and_stamps_the_person(article, editor, log_in):
    client = log_in(editor)
    page = change_page(article)
    before = article.revision

    response = client.post(page, {**form_data(client.get(page)), "title_en": "Another"})

    article.refresh_from_db()
    assert response.status_code == 302
    assert (article.revision, article.updated_by) == (before + 1, editor)


def test_two_who_wrote_the_same_do_not_conflict(article, secretary, editor, log_in):
    first, second = log_in(secretary), log_in(editor)
    page = change_page(article)
    opened_by_first = form_data(first.get(page))
    opened_by_second = form_data(second.get(page))
    first.post(page, {**opened_by_first, "title_en": "The same"})

    response = second.post(page, {**opened_by_second, "title_en": "The same"})

    assert response.status_code == 302


@pytest.mark.parametrize("forged", ["", "x", "999", "-1"])
def test_a_forged_revision_is_a_conflict_and_never_an_error(article, editor, log_in, forged):
    client = log_in(editor)
    page = change_page(article)
    data = {**form_data(client.get(page)), "opened_revision": forged, "opened_values": "[]", "title_en": "New"}

    response = client.post(page, data)

    assert response.status_code == 200
    assert list(response.context["adminform"].form.conflicts) in (["title_en"], [])
    article.refresh_from_db()
    assert article.title_en == "First"


def test_a_row_that_nobody_touched_takes_the_other_savers_text(db, secretary, translator, log_in):
    meeting = make_meeting(day=date(2026, 12, 8), starts_time=time(10))
    item = make_item(meeting, title_en="Opening")
    first, second = log_in(secretary), log_in(translator)
    page = change_page(meeting)
    opened_by_first = form_data(first.get(page))
    opened_by_second = form_data(second.get(page))
    assert first.post(page, {**opened_by_first, "items-0-title_en": "Opening of the meeting"}).status_code == 302

    response = second.post(page, {**opened_by_second, "title_ar": "عنوان جديد"})

    conflicts = response.context["adminform"].form.conflicts
    assert list(conflicts) == ["title_ar"]
    assert not response.context["inline_admin_formsets"][0].formset.forms[0].conflicts
    response = second.post(page, {**form_data(response), "keep-title_ar": "mine"})
    assert response.status_code == 302
    item.refresh_from_db()
    meeting.refresh_from_db()
    assert (item.title_en, meeting.title_ar) == ("Opening of the meeting", "عنوان جديد")


def test_a_row_that_both_changed_shows_both_versions(db, secretary, translator, log_in):
    meeting = make_meeting()
    item = make_item(meeting, title_en="Opening")
    first, second = log_in(secretary), log_in(translator)
    page = change_page(meeting)
    opened_by_first = form_data(first.get(page))
    opened_by_second = form_data(second.get(page))
    first.post(page, {**opened_by_first, "items-0-title_en": "First text"})

    response = second.post(page, {**opened_by_second, "items-0-title_en": "Second text"})

    conflict = response.context["inline_admin_formsets"][0].formset.forms[0].conflicts["title_en"]
    assert (conflict.theirs, conflict.mine, conflict.choice_name) == (
        "First text",
        "Second text",
        "keep-items-0-title_en",
    )
    item.refresh_from_db()
    assert item.title_en == "First text"


def test_rows_removed_meanwhile_come_back_as_new_ones_and_this_is_said(db, secretary, translator, log_in):
    meeting = make_meeting()
    removed, kept = make_item(meeting, title_en="Removed"), make_item(meeting, title_en="Kept")
    client = log_in(translator)
    page = change_page(meeting)
    opened = form_data(client.get(page))
    AgendaItem.objects.filter(pk=removed.pk).delete()

    response = client.post(page, {**opened, "items-0-title_en": "Long work", "items-1-title_en": "Changed"})

    formset = response.context["inline_admin_formsets"][0].formset
    assert response.status_code == 200
    assert "Somebody removed rows while you were writing." in response.content.decode()
    assert [form["title_en"].value() for form in formset.forms] == ["Changed", "Long work"]
    assert (formset.initial_form_count(), formset.forms[1]["id"].value()) == (1, None)
    kept.refresh_from_db()
    assert kept.title_en == "Kept"


def test_a_constraint_about_a_field_that_the_form_does_not_show_is_a_message_too(article):
    article.status, article.is_shown = Article.Status.PUBLISHED, True
    form_class = modelform_factory(Article, form=VersionedForm, fields=["scope"])

    form = form_class({"scope": "local", "opened_revision": article.revision}, instance=article)

    assert form.errors == {"__all__": ["A published article has a publish time and a language that is ready."]}


def test_a_conflict_about_a_list_of_choices_names_them(db, secretary, translator, log_in):
    meeting = make_meeting(interpretation=["ar"])
    first, second = log_in(secretary), log_in(translator)
    page = change_page(meeting)
    opened_by_first = form_data(first.get(page))
    opened_by_second = form_data(second.get(page))
    first.post(page, {**opened_by_first, "interpretation": ["ar", "fr"]})

    response = second.post(page, {**opened_by_second, "interpretation": ["ar", "en"]})

    conflict = response.context["adminform"].form.conflicts["interpretation"]
    assert (conflict.theirs, conflict.mine) == ("Arabic, French", "Arabic, English")


def test_a_picture_sent_on_top_of_somebody_elses_is_refused_beside_it(db, secretary, editor, log_in):
    shown = make_picture()
    first, second = log_in(secretary), log_in(editor)
    page = change_page(shown)
    opened_by_first = form_data(first.get(page))
    opened_by_second = form_data(second.get(page))
    first.post(page, {**opened_by_first, "file": picture(), "opened_values": opened_by_first["opened_values"]})
    shown.refresh_from_db()
    kept = shown.file.name

    response = second.post(page, {**opened_by_second, "file": picture(90, 90)})

    assert list(response.context["adminform"].form.errors) == ["file"]
    shown.refresh_from_db()
    assert shown.file.name == kept
    again = second.post(page, {**form_data(response), "file": picture(90, 90)})
    assert again.status_code == 302
    shown.refresh_from_db()
    assert shown.file.name != kept


def test_a_row_that_somebody_changed_is_not_deleted_unseen(db, secretary, translator, log_in):
    meeting = make_meeting()
    item = make_item(meeting, title_en="Opening")
    first, second = log_in(secretary), log_in(secretary)
    page = change_page(meeting)
    opened_by_first = form_data(first.get(page))
    opened_by_second = form_data(second.get(page))
    first.post(page, {**opened_by_first, "items-0-title_en": "Rewritten"})

    response = second.post(page, {**opened_by_second, "items-0-DELETE": "on"})

    assert "Somebody changed a row that you are deleting." in response.content.decode()
    item.refresh_from_db()
    assert item.title_en == "Rewritten"
    assert second.post(page, {**form_data(response), "items-0-DELETE": "on"}).status_code == 302
    assert not AgendaItem.objects.exists()


def test_s29_deeply_nested_bookkeeping_is_no_error_page(article, editor, log_in):
    client = log_in(editor)
    page = change_page(article)
    opened = form_data(client.get(page))

    response = client.post(page, {**opened, "opened_revision": "0", "opened_values": "[" * 200_000, "title_en": "New"})

    assert response.status_code == 200
