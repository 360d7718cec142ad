"""What a contribution leaves when its author takes it back, or is erased: no word of hers, and no name."""

import pytest

from apps.core.models import AuditDetail, AuditEntry
from apps.reviews import practices
from apps.reviews.models import GoodPractice, PracticeComment, Submission
from apps.reviews.submitting import services
from apps.search.models import SearchDocument
from apps.stakeholders.models import Engagement
from tests.factories import make_group, make_member, make_organisation
from tests.reviews.made import make_call, make_submission

pytestmark = pytest.mark.django_db


def told(**fields) -> Submission:
    """A good practice that Amina of River tells, published with her name."""
    call = make_call({"kind": "text"})
    return make_submission(
        call, state="published", kind="practice", headline="مرافقات", text="نرافقهن", email="amina@example.org",
        attribution="named", person_name="Amina", organisation_name="River", **fields,
    )  # fmt: skip


def made_of(one: Submission) -> GoodPractice:
    """The published good practice."""
    one.objectives.add(6)
    return practices.publish(practices.take_from(one, by=None), by=None)


def trail_of(model: str) -> str:
    details = AuditDetail.objects.filter(entry__model=model)
    return str(list(details.values_list("label", "changes")))


def test_what_is_taken_back_leaves_no_good_practice(client, django_capture_on_commit_callbacks):
    one = told()
    with django_capture_on_commit_callbacks(execute=True):
        practice = made_of(one)
    practices.comment(practice, by=make_member(make_group()), says="Also in Mauritania?")
    assert "مرافقات" in client.get(practice.get_absolute_url()).content.decode()
    assert SearchDocument.objects.filter(kind="practice").exists()

    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw(one)

    assert client.get(practice.get_absolute_url()).status_code == 404
    assert not GoodPractice.objects.exists()
    assert not PracticeComment.objects.exists()
    assert not SearchDocument.objects.filter(kind="practice").exists()
    for word in ("مرافقات", "نرافقهن", "Amina"):
        assert word not in trail_of("reviews.goodpractice")
    last = AuditEntry.objects.filter(model="reviews.goodpractice").latest("pk")
    assert (last.action, last.object_id) == ("deleted", f"{practice.pk}")


def test_another_good_practice_stays():
    kept = made_of(told())

    services.withdraw(told())

    assert list(GoodPractice.objects.all()) == [kept]


def test_an_erased_author_is_not_named_by_the_good_practice(client):
    practice = made_of(told())
    assert "Amina" in client.get(practice.get_absolute_url()).content.decode()

    services.erase_addresses(["amina@example.org"])

    page = client.get(practice.get_absolute_url()).content.decode()
    assert "مرافقات" in page
    assert "Amina" not in page
    assert GoodPractice.objects.get().carried_by == "Not named"
    assert "Amina" not in trail_of("reviews.goodpractice")


def test_an_organisation_that_let_itself_be_named_stays_named():
    one = told(organisation=make_organisation())
    Submission.objects.filter(pk=one.pk).update(attribution="organisation")
    made_of(Submission.objects.get())

    services.erase_addresses(["amina@example.org"])

    assert GoodPractice.objects.get().carried_by == "River"
    assert Engagement.objects.count() == 1


@pytest.mark.parametrize("leave", [services.withdraw, lambda one: services.erase_addresses([one.email])])
def test_the_log_ties_what_is_left_to_no_organisation(leave):
    one = told(organisation=make_organisation(name_en="River"))
    assert Engagement.objects.get().source == services.source_of(one)
    assert "River" in trail_of("stakeholders.engagement")

    leave(one)

    assert not Engagement.objects.exists()
    assert "River" not in trail_of("stakeholders.engagement")
