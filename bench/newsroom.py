"""The newsroom with 50,000 articles: pages, the admin list beside the stock one, publishing, a table of 5,000 rows.

    .venv/bin/python bench/newsroom.py [articles]

A scratch PostgreSQL database, made and dropped at BENCH_DATABASE_ADMIN_URL (this machine); production settings;
requests go through Django's test client in this process, in turns. Prints a Markdown table: medians, and ratios to a
peer.
"""

import csv
import io
import statistics
import sys

from scratch import in_turns, scratch, set_up, took

ARTICLES = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
ROUNDS = 20
ROWS = 5_000


def main() -> None:
    set_up()

    from django.contrib import admin
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client, RequestFactory
    from django.test.utils import CaptureQueriesContext

    call_command("seed_demo", verbosity=0)

    from apps.news.models import Article

    editor = get_user_model().objects.get(email="secretariat@example.org")
    reader = Client()
    article = Article.objects.visible_to(AnonymousUser()).first()

    factory = RequestFactory()
    stock_site, own_site = admin.AdminSite("stock"), admin.site

    class StockAdmin(admin.ModelAdmin):
        list_display = ("title_en", "category", "dated_on", "status", "updated_at")
        list_filter = ("status", "category", "scope")
        search_fields = ("title_ar", "title_en", "lead_ar", "lead_en")
        list_per_page = own_site.get_model_admin(Article).list_per_page
        date_hierarchy = "dated_on"

    stock_site.register(Article, StockAdmin)

    def get(address: str):
        response = reader.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return b"".join(response.streaming_content) if response.streaming else response.content

    def change_list(site, query=""):
        request = factory.get("/ar/admin/news/article/", query)
        request.user, request.session = editor, {}
        response = site.get_model_admin(Article).changelist_view(request)
        assert response.status_code == 200
        return response.render().content

    def queries(action) -> int:
        with CaptureQueriesContext(connection) as captured:
            action()
        return len(captured)

    pages = {
        "list, page 1": lambda: get("/ar/news/"),
        "article": lambda: get(article.get_absolute_url()),
        "feed": lambda: get("/ar/news/feed/"),
        "archive": lambda: get("/ar/news/archive/"),
        "back office list": lambda: change_list(own_site),
    }
    few = {name: queries(action) for name, action in pages.items() if action()}  # asked once before it is counted

    call_command("seed_demo", scale=ARTICLES, verbosity=0)
    connection.cursor().execute("VACUUM ANALYZE")
    pages["list, page 500"] = lambda: get("/ar/news/?page=500")
    pages["stock admin list"] = lambda: change_list(stock_site)
    pages["back office, search"] = lambda: change_list(own_site, {"q": "Synthetic item 499"})
    pages["stock admin, search"] = lambda: change_list(stock_site, {"q": "Synthetic item 499"})
    many = {name: queries(action) for name, action in pages.items() if action()}
    medians = in_turns(ROUNDS, **pages)

    print(f"{Article.objects.count():,} articles, {ROUNDS} rounds\n")
    print("| page | queries, demonstration | queries, all | median ms |\n|---|---:|---:|---:|")
    for name, median in medians.items():
        print(f"| {name} | {few.get(name, '')} | {many[name]} | {median:.1f} |")
    print()
    print(f"page 500 to page 1: {medians['list, page 500'] / medians['list, page 1']:.2f}")
    print(f"back office to stock list: {medians['back office list'] / medians['stock admin list']:.2f}")
    print(f"back office to stock, search: {medians['back office, search'] / medians['stock admin, search']:.2f}")

    print(f"publishing and reading it in the list: {publishing(get)}")
    bring_in_a_table()


def publishing(get) -> str:
    """From the button's service to the public list that has the title."""
    from django.utils import timezone

    from apps.news import services
    from apps.news.models import Article

    spent = []
    for number in range(ROUNDS):
        texts = {"title_ar": f"خبر {number}", "lead_ar": "سطر", "body_ar": "<p>نص</p>"}
        fresh = services.save_article(Article(dated_on=timezone.localdate(), **texts), by=None)
        fresh = services.approve_article(services.send_to_review(fresh, by=None), by=None)

        def publish_and_see(fresh=fresh, number=number):
            services.publish_article(fresh, by=None, languages=["ar"])
            assert f"خبر {number}" in get("/ar/news/").decode()

        spent.append(took(publish_and_see))
    return f"{statistics.median(spent):.0f} ms (slowest {max(spent):.0f})"


def bring_in_a_table() -> None:
    from django.contrib.auth import get_user_model

    from apps.news import services
    from apps.news.exchange import runs
    from apps.news.exchange.rows import columns, row_of
    from apps.news.models import Article

    editor = get_user_model().objects.get(email="secretariat@example.org")
    row = row_of(services.with_newest(Article.objects.get(title_en="Synthetic item 100")))
    row |= {"id": "", "revision": "", "objectives": "6, 23", "countries": "LB, EG"}
    out = io.StringIO()
    writer = csv.DictWriter(out, columns())
    writer.writeheader()
    writer.writerows({**row, "title_ar": f"صف {number}", "title_en": f"Row {number}"} for number in range(ROWS))
    data = out.getvalue().encode()
    print(f"a table of {ROWS:,} rows, {len(data) / 1024**2:.1f} MB")
    found = []
    steps = {
        "reading": lambda: found.append(runs.keep_file("rows.csv", data, by=editor)),
        "checking": lambda: list(runs.check(found[0], by=editor)),
        "saving": lambda: list(runs.carry_out(found[0], by=editor)),
    }
    for name, action in steps.items():
        print(f"{ROWS:,} rows, {name}: {took(action) / 1000:.1f} s")
        assert not found[0].problems, found[0].problems[:3]


if __name__ == "__main__":
    with scratch():
        main()
