"""What is done while a page is being sent: done from where the page was asked for, and read by nobody."""

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation

from apps.accounts.roles import Role
from apps.core import current, progress
from apps.core.models import AuditDetail
from apps.stakeholders import services
from apps.stakeholders.importing import runs
from apps.stakeholders.models import Organisation
from tests.factories import client_for, make_person, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_user(Role.SECRETARIAT)


def sent(answer) -> str:
    return b"".join(answer.streaming_content).decode()


def test_what_an_import_writes_stands_in_the_trail_with_its_address(officer):
    run = runs.keep_file("organisations", "t.csv", b"name_en,constituency,country\nNew,media,LB\n", by=officer)
    list(runs.check(runs.choose_columns(run, run.columns, by=officer), by=officer))
    before = AuditDetail.objects.count()

    page = f"/en/admin/stakeholders/organisation/import/{run.pk}/"
    sent(client_for(officer).post(page, {"for_all": "skip"}, REMOTE_ADDR="203.0.113.77"))

    assert Organisation.objects.get().name_en == "New"
    written = AuditDetail.objects.order_by("pk")[before:]
    assert [(one.label, one.address) for one in written if one.label] == [("New", "203.0.113.0/24")]


def test_somebody_protected_stands_as_such_in_what_an_import_keeps(officer):
    person = make_person(name_en="Canary Yellow")
    services.protect(person, by=officer, guardians=[officer], reason="Threats")
    run = runs.keep_file("people", "t.csv", b"name_en\nCanary Yellow\n", by=officer)

    page = f"/en/admin/stakeholders/person/import/{run.pk}/columns/"
    sent(client_for(officer).post(page, {"column-0": "name_en"}))

    run.refresh_from_db()
    assert (run.state, run.problems) == ("checked", [])
    assert [found["other"] for found in run.duplicates] == [[person.pk, "A protected person"]]


def test_a_page_that_grows_has_the_language_and_the_zone_of_whoever_asked(monkeypatch):
    monkeypatch.setattr(progress, "render_to_string", lambda *_args, **_options: f"<ol>{progress._PLACE}</ol>")
    request, seen = RequestFactory().get("/", REMOTE_ADDR="203.0.113.77"), []

    def work():
        seen.append((translation.get_language(), str(timezone.get_current_timezone()), current.address()))
        yield 1

    with translation.override("en"), timezone.override("Asia/Muscat"):
        answer = progress.streamed(request, "page.html", {}, work=work(), total=1, leads_to="/x/")
    with translation.override("ar"), timezone.override("Africa/Cairo"):
        page = sent(answer)

    assert seen == [("en", "Asia/Muscat", "203.0.113.77")]
    assert "1 of 1 rows" in page
    assert current.address() == ""
