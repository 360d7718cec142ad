"""A review with 5,000 contributions and 300 recommendations: its pages and tables, beside a bare Django list.

    .venv/bin/python bench/reviews.py [contributions ...]        sizes; 100 5000 without

In a scratch PostgreSQL database made and dropped at BENCH_DATABASE_ADMIN_URL (this machine); production settings;
pages are asked for in this process, in turns, none is cached. Prints a Markdown table of medians in milliseconds with
the queries of each page, the seconds and the memory of the table of all contributions, and the size of the form's
pages. The peer reads as many contributions as a page has, with their links, and renders them with a short template.
"""

import random
import sys
import time
import tracemalloc
from datetime import timedelta

from scratch import in_turns, scratch

SIZES = [int(size) for size in sys.argv[1:]] or [100, 5_000]
RECOMMENDATIONS = 300
TABLE = "/ar/reviews/3/submissions.csv"
TEXT = "دفعت أجر أربعة أشهر لمكتب الاستقدام قبل أن أبدأ العمل، ولم أجد من يخبرني إن كان ذلك مسموحاً. " * 12
BARE = (
    "{% for one in rows %}<p>{{ one.headline }}"
    "{% for o in one.objectives.all %} {{ o.number }}{% endfor %}</p>{% endfor %}"
)


def fill(count: int):
    from django.utils import timezone

    from apps.reviews.models import (
        Answer,
        CallForInput,
        Passage,
        Question,
        Recommendation,
        ReviewCycle,
        Submission,
        SynthesisSection,
    )
    from apps.stakeholders.models import Constituency, Country, Objective

    pick, now = random.Random(count), timezone.now()
    cycle = ReviewCycle.objects.get(number=3)
    call, is_new = CallForInput.objects.get_or_create(
        cycle=cycle, title_en="Call", title_ar="دعوة", is_published=True,
        opens_on=now.date() - timedelta(days=9), closes_on=now.date() + timedelta(days=9),
    )  # fmt: skip
    if is_new:
        for order in (1, 2, 3):
            Question.objects.create(call=call, order=order, wording_ar=f"سؤال {order}", wording_en=f"Question {order}")
        SynthesisSection.objects.create(
            cycle=cycle, state="published", title_ar="قسم", title_en="Section", body_ar="<p>نص</p>", body_en="<p>x</p>"
        )
    questions, section = list(call.questions.all()), SynthesisSection.objects.get()
    groups, countries = list(Constituency.objects.all()), list(Country.objects.all())
    objectives = list(Objective.objects.all())
    there = Submission.objects.count()
    rows = [
        Submission(
            call=call, cycle=cycle, number=number, state="published", language="ar", spoken="ar", kind="challenge",
            headline=f"الرسوم دُفعت مرتين {number}", attribution="anonymous", has_agreed=True, sent_at=now,
            constituency=pick.choice(groups), country=pick.choice(countries),
        )
        for number in range(there + 1, count + 1)
    ]  # fmt: skip
    for one in rows:
        one.fold()
    new = Submission.objects.bulk_create(rows)
    Answer.objects.bulk_create(
        Answer(
            submission=one, question=question, order=question.order, kind="text", asked_ar=question.wording_ar,
            asked_en=question.wording_en, value={"text": TEXT},
        )
        for one in new
        for question in questions
    )  # fmt: skip
    link(Submission.objectives, "submission", "objective", new, objectives, pick)
    link(Submission.countries, "submission", "country", new, countries, pick)
    recommend(cycle, there, objectives, pick)
    passages = Passage.objects.bulk_create(
        Passage(submission=one, quote="الرسوم", section=section) for one in new if pick.random() < 0.3
    )
    rows = list(Recommendation.objects.filter(cycle=cycle))
    link(Recommendation.passages, "passage", "recommendation", passages, rows, pick)
    link(Recommendation.submissions, "submission", "recommendation", new[::4], rows, pick)
    return call


def recommend(cycle, there: int, objectives, pick) -> None:
    from django.utils import timezone

    from apps.reviews.models import Recommendation

    if there:
        return
    rows = Recommendation.objects.bulk_create(
        Recommendation(
            cycle=cycle, number=number, state="adopted", adopted_on=timezone.localdate(),
            text_ar=f"أن تُنشر أرقام الرسوم كل سنة {number}", text_en=f"That the figures are published {number}",
        )
        for number in range(1, RECOMMENDATIONS + 1)
    )  # fmt: skip
    link(Recommendation.objectives, "recommendation", "objective", rows, objectives, pick)


def link(relation, left: str, right: str, lefts, rights, pick) -> None:
    through = relation.through
    through.objects.bulk_create(through(**{left: one, right: pick.choice(rights)}) for one in lefts)


def queries(client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200, address
    return len(found)


def table(client) -> tuple[float, float, float]:
    """Seconds, megabytes of the file, and the peak of what Python held while it streamed."""
    start = time.perf_counter()
    size = sum(map(len, client.get(TABLE).streaming_content))
    spent = time.perf_counter() - start
    tracemalloc.start()  # a second time, since looking at the memory takes most of the time
    sum(map(len, client.get(TABLE).streaming_content))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return spent, size / 1e6, peak / 1e6


def run() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.template import engines
    from django.test import Client

    from apps.reviews.models import Submission
    from apps.reviews.submitting import services
    from apps.stakeholders.models import Objective

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    bare = engines["django"].from_string(BARE)
    client = Client()

    def stock():
        rows = Submission.objects.filter(state="published").prefetch_related("objectives").order_by("-number")[:25]
        bare.render({"rows": rows})

    print("| contributions | page | queries | median ms | to the bare list |\n|---:|---|---:|---:|---:|")
    for size in SIZES:
        call = fill(size)
        objective = Objective.objects.get(number=6).pk
        pages = {
            "review": "/ar/reviews/3/",
            "contributions": "/ar/reviews/3/submissions/",
            "contributions, objective": f"/ar/reviews/3/submissions/?objective={objective}",
            "contributions, words": "/ar/reviews/3/submissions/?words=مرتين",
            "a contribution": "/ar/reviews/3/submissions/7/",
            "the whole way": "/ar/reviews/3/trace/",
            "recommendations": "/ar/reviews/3/recommendations/",
            "recommendations, words": "/ar/reviews/3/recommendations/?words=الرسوم",
            "an objective": "/ar/reviews/objectives/6/",
        }
        counts = {name: queries(client, address) for name, address in pages.items()}
        actions = {name: lambda address=address: client.get(address) for name, address in pages.items()}
        found = in_turns(**{"bare list of 25": stock, **actions})
        for name, median in found.items():
            ratio = median / found["bare list of 25"]
            print(f"| {size:,} | {name} | {counts.get(name, 2)} | {median:.0f} | {ratio:.1f} |")
        spent, megabytes, peak = table(client)
        print(f"\nAll {size:,} as a table: {spent:.1f} s, {megabytes:.1f} MB; at most {peak:.1f} MB held by Python.\n")
    draft = services._new(call, "a@example.org", "ar")
    services.save_part(draft, {})
    parts = {part: f"/ar/have-your-say/mine/{draft.token}/{part}/" for part in ("matter", "answers", "who")}
    parts |= {"overview": f"/ar/have-your-say/mine/{draft.token}/", "call": f"/ar/have-your-say/{call.pk}/"}
    sizes = {name: len(client.get(address).content) / 1024 for name, address in parts.items()}
    print("KB of HTML: " + ", ".join(f"{name} {size:.1f}" for name, size in sizes.items()))


if __name__ == "__main__":
    with scratch():
        run()
