"""Contributions on the secretariat's desk: what a save does, where links lead, and which files leave."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core.models import AuditEntry
from apps.reviews import practices
from apps.reviews.submitting import services
from apps.stakeholders.models import Engagement
from tests.core.test_conflicts import form_data
from tests.factories import client_for, make_organisation
from tests.reviews.made import make_call, make_section, make_submission, quote

pytestmark = pytest.mark.django_db


def test_an_organisation_that_is_chosen_after_publication_is_in_the_log(secretary):
    one = make_submission(state="published", attribution="organisation", organisation_name="River")
    organisation, client = make_organisation(), client_for(secretary)
    address = f"/en/admin/reviews/submission/{one.pk}/change/"
    assert not Engagement.objects.exists()

    client.post(address, {**form_data(client.get(address)), "organisation": organisation.pk})

    assert list(Engagement.objects.get().organisations.all()) == [organisation]


@pytest.mark.parametrize("reads", [True, False])
def test_a_quoted_contribution_is_one_click_away_for_who_may_open_it(secretary, editor, reads):
    one, section = make_submission(state="published"), make_section()
    quote(one, section=section)

    page = client_for(secretary if reads else editor).get(f"/en/admin/reviews/synthesissection/{section.pk}/change/")

    assert (f'href="/en/admin/reviews/submission/{one.pk}/change/"' in page.content.decode()) == reads
    assert one.symbol in page.content.decode()


def test_a_file_that_leaves_is_in_the_trail_and_one_that_is_gone_is_not_found(secretary):
    call = make_call({"kind": "file"})
    one, file = make_submission(call), SimpleUploadedFile("a.pdf", b"%PDF-1.4 \n%%EOF")
    answer = services.save_answers(one, {}, {call.questions.get(): file}).answers.get()
    services.send(one)
    address, client = f"/en/admin/reviews/submission/files/{answer.pk}/", client_for(secretary)

    assert b"".join(client.get(address).streaming_content).startswith(b"%PDF")
    entry = AuditEntry.objects.get(action=AuditEntry.Action.DOWNLOADED)
    assert (entry.model, entry.object_id, entry.actor) == ("reviews.answer", f"{answer.pk}", secretary)
    default_storage.delete(answer.file.name)
    assert client.get(address).status_code == 404
    assert AuditEntry.objects.filter(action=AuditEntry.Action.DOWNLOADED).count() == 1


def test_one_contribution_becomes_one_good_practice(secretary):
    one = make_submission(state="published", kind="practice")
    step, client = f"/en/admin/reviews/submission/{one.pk}/step/practice/", client_for(secretary)
    first = practices.take_from(one, by=secretary)

    with pytest.raises(ValidationError, match="taken already"):
        practices.take_from(one, by=secretary)
    client.post(step)
    assert list(one.practices.all()) == [first]
    first.delete(by=secretary)
    client.post(step)
    assert one.practices.count() == 1
