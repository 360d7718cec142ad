"""One sentence goes the whole way: from a phone in Nouakchott to a paragraph of the outcome, and back."""

import re

from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import expect

from apps.core.records import save_record
from apps.reviews.models import CycleDocument, Passage, Recommendation, Submission
from apps.stakeholders.models import Constituency
from tests.factories import make_decision, make_meeting
from tests.reviews.made import make_call

SENTENCE = "دفعت أجر أربعة أشهر قبل أن أبدأ العمل."
ENGLISH = "I paid four months’ wages before I began to work."
ANSWER = "خُصمت الرسوم من أجري شهراً بعد شهر."
ADVICE = {"ar": "أن تُنشر أرقام الرسوم كل سنة.", "en": "That the figures of the fees are published every year."}


def take(page, t, step: str, **fields) -> None:
    """Saves, chooses the step and confirms it."""
    page.get_by_role("button", name=t("Save, then: %(step)s", step=t(step)), exact=True).first.click()
    for name, value in fields.items():
        box = page.locator(f"[name={name}]")
        box.select_option(label=value) if box.evaluate("one => one.tagName") == "SELECT" else box.fill(value)
    page.get_by_role("button", name=t(step), exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def newest_link(kind: str) -> str:
    return re.search(r"http\S+", mail.outbox[-1].body)[0]


def test_one_sentence_goes_the_whole_way(
    open_page, sign_in, language, t, secretary, live_server, settings, monkeypatch
):
    settings.SITE_URL = live_server.url
    monkeypatch.setattr("apps.reviews.submitting.forms._TOO_QUICK", -1)
    question = {"kind": "text", "is_required": True, "wording_ar": "ماذا حدث؟", "wording_en": "What happened?"}
    call = make_call(question, title_ar="دعوة إلى المساهمة", title_en="Call for input")
    decision = make_decision(make_meeting(status="held", audience="public"), audience="public")
    outcome = CycleDocument(cycle=call.cycle, title_ar="الوثيقة", title_en="Outcome", address="https://a.example/o")
    outcome = save_record(outcome, by=None)
    with override(language):
        pages = {name: reverse(name) for name in ("input:calls", "admin:reviews_submission_changelist")}
        pages["section"] = reverse("admin:reviews_synthesissection_add")
        pages["recommendation"] = reverse("admin:reviews_recommendation_add")
        group = str(Constituency.objects.get(code="migrants"))

    # On a phone, without scripts, without a name.
    phone = open_page(width=390, height=800, java_script_enabled=False)
    phone.goto(pages["input:calls"])
    phone.get_by_role("main").get_by_role("link").first.click()
    phone.get_by_role("link", name=t("Write a contribution")).click()
    phone.get_by_label(t("Your e-mail address")).fill("amina@rives.example")
    phone.get_by_role("button", name=t("Send me the link")).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(t("Look into your mailbox"))
    link = newest_link("link")
    phone.goto(link)
    phone.get_by_label(t("In which language do you write?")).select_option("ar")
    phone.get_by_label(t("Challenge"), exact=True).check()
    phone.get_by_label(t("What do you say, in one sentence?")).fill(SENTENCE)
    phone.get_by_role("button", name=t("Save and go on")).click()
    phone.locator("textarea").fill(ANSWER)
    phone.get_by_role("button", name=t("Save and go on")).click()
    phone.get_by_label(t("For which constituency do you speak?")).select_option(label=group)
    phone.get_by_label(t("Name of your organisation")).fill("Canary Rives")
    phone.get_by_label(t("Without any name")).check()
    phone.get_by_label(t("I agree that it is kept and shown as I chose. I can take it back at any time.")).check()
    phone.get_by_role("button", name=t("Save and go on")).click()
    phone.get_by_role("button", name=t("Send the contribution")).click()
    expect(phone.get_by_role("main")).to_contain_text("RR-3/S1")

    # Read, translated and published by the secretary.
    desk = open_page()
    sign_in(desk, secretary)
    desk.goto(pages["admin:reviews_submission_changelist"])
    desk.get_by_role("link", name="RR-3/S1").click()
    desk.locator("[name=rendered_en]").fill(ENGLISH)
    take(desk, t, "Publish")
    assert mail.outbox[-1].to == ["amina@rives.example"]

    # Quoted in a section of the synthesis.
    desk.goto(pages["section"])
    desk.locator(".field-cycle .select2-selection").click()
    desk.locator(".select2-results__option").first.click()
    for code, text in ADVICE.items():
        desk.locator(f"[name=title_{code}]").fill(text)
        desk.locator(f".fieldBox.field-body_{code} .ProseMirror[contenteditable=true]").fill(text)
    desk.locator("[name=_continue]").click()
    take(desk, t, "Share with members")
    one = Submission.objects.get()
    desk.goto(f"/{language}/admin/reviews/submission/{one.pk}/change/")
    desk.locator("#passages-group .add-row a").click()
    desk.locator("[name=passages-0-quote]").fill(SENTENCE)
    desk.locator("[name=passages-0-section]").select_option(index=1)
    desk.locator("[name=_save]").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    passage = Passage.objects.get()
    desk.goto(f"/{language}/admin/reviews/synthesissection/{passage.section_id}/change/")
    take(desk, t, "Publish")

    # Built into a recommendation, adopted, transmitted, reflected.
    desk.goto(pages["recommendation"])
    desk.locator(".field-cycle .select2-selection").click()
    desk.locator(".select2-results__option").first.click()
    for code, text in ADVICE.items():
        desk.locator(f"[name=text_{code}]").fill(text)
    desk.locator(f"[name=passages][value='{passage.pk}']").check()
    desk.locator("[name=_continue]").click()
    take(desk, t, "Propose")
    take(desk, t, "It was adopted", decision=f"{decision.symbol} – {decision_text(decision, language)}")
    take(desk, t, "It was transmitted", on=timezone.localdate().isoformat())
    take(desk, t, "The outcome reflects it", outcome=outcome_title(outcome, language), paragraph="31")
    recommendation = Recommendation.objects.get()
    assert (recommendation.state, recommendation.symbol) == ("reflected", "RR-3/R1")

    # Its author is told, and finds it by the same link.
    told = [sent for sent in mail.outbox if sent.to == ["amina@rives.example"]]
    assert len(told) == 8
    assert "RR-3/R1" in told[-1].body
    phone.goto(newest_link("step"))
    expect(phone.get_by_role("main")).to_contain_text("RR-3/R1")
    expect(phone.get_by_role("main")).to_contain_text("31")

    # The public reads the same in the other language, without learning who it was.
    reader = open_page(width=390, height=800, java_script_enabled=False)
    reader.goto("/en/reviews/3/trace/")
    reader.get_by_role("main").get_by_role("link", name="RR-3/R1").click()
    expect(reader.get_by_role("main")).to_contain_text(SENTENCE)
    reader.get_by_role("main").get_by_role("link", name="RR-3/S1").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(SENTENCE)
    expect(reader.get_by_role("main")).to_contain_text(ENGLISH)
    expect(reader.get_by_role("main")).to_contain_text("Its author wants no name to be shown.")
    for hidden in ("amina", "Canary", "Migrants"):
        expect(reader.get_by_role("main").get_by_text(hidden)).to_have_count(0)


def decision_text(decision, language: str) -> str:
    with override(language):
        return str(decision)


def outcome_title(outcome, language: str) -> str:
    with override(language):
        return str(outcome)
