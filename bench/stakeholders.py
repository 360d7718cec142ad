"""People and organisations by the thousand: lists, searches, coverage, segments, a duplicate check, beside a bare list;
then a table of organisations imported into the largest of them, beside bare saves of the same rows.

    .venv/bin/python bench/stakeholders.py [people ...]        sizes; 1000 10000 100000 without

For each size as many people, a fifth of it organisations and a fifth engagements, in a scratch PostgreSQL database made
and dropped at BENCH_DATABASE_ADMIN_URL (this machine); production settings; pages are asked for in this process, in
turns. Prints a Markdown table of medians in milliseconds, and one of the seconds of single imports. The peers are a
stock ModelAdmin's list of the same people, and Django's own save() of each row without links, trail and keys.
"""

import random
import sys
import time
from datetime import date, timedelta

from scratch import in_turns, scratch

SIZES = [int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000]

WORDS = [
    ("union", "اتحاد"), ("network", "شبكة"), ("society", "جمعية"), ("centre", "مركز"), ("forum", "منتدى"),
    ("council", "مجلس"), ("league", "رابطة"), ("house", "بيت"), ("road", "طريق"), ("river", "نهر"), ("cedar", "أرز"),
]  # fmt: skip


def fill(people: int) -> None:
    """Up to so many people, a fifth as many organisations, a fifth as many engagements."""
    from apps.core.arabic import folded
    from apps.stakeholders.matching import keys_of
    from apps.stakeholders.models import (
        Constituency,
        Country,
        Engagement,
        MatchKey,
        Objective,
        Organisation,
        Person,
    )

    pick = random.Random(people)
    groups, countries = list(Constituency.objects.all()), list(Country.objects.all())
    objectives = list(Objective.objects.values_list("pk", flat=True))

    def named(model, number: int, **fields):
        words = [pick.choice(WORDS) for _word in range(3)]
        record = model(
            name_en=" ".join(english for english, _arabic in words) + f" {number}",
            name_ar=" ".join(arabic for _english, arabic in words) + f" {number}",
            phone=f"+961 {number:08d}",
            **fields,
        )
        record.folded = folded(f"{record.name_ar} {record.name_en}")
        return record

    first = Organisation.objects.count()
    made = Organisation.objects.bulk_create(
        [
            named(Organisation, number, constituency=pick.choice(groups), country=pick.choice(countries))
            for number in range(first, people // 5)
        ],
        batch_size=2000,
    )
    works = Organisation.countries.through
    works.objects.bulk_create(
        [works(organisation=one, country=pick.choice(countries)) for one in made], batch_size=5000
    )
    on = Organisation.objectives.through
    on.objects.bulk_create(
        [on(organisation=one, objective_id=pick.choice(objectives)) for one in made], batch_size=5000
    )
    organisations = list(Organisation.objects.all())
    persons = Person.objects.bulk_create(
        [
            named(Person, number, organisation=pick.choice(organisations), country=pick.choice(countries))
            for number in range(Person.objects.count(), people)
        ],
        batch_size=2000,
    )
    for owner, records in (("organisation", made), ("person", persons)):
        MatchKey.objects.bulk_create(
            [MatchKey(kind=kind, key=key, **{owner: one}) for one in records for kind, key in keys_of(one)],
            batch_size=5000,
        )
    talks = Engagement.objects.bulk_create(
        [
            Engagement(subject=f"Talk {number}", happened_on=date(2026, 1, 1) - timedelta(days=pick.randrange(1500)))
            for number in range(Engagement.objects.count(), people // 5)
        ],
        batch_size=2000,
    )
    heard = Engagement.organisations.through
    heard.objects.bulk_create(
        [heard(engagement=talk, organisation=pick.choice(organisations)) for talk in talks], batch_size=5000
    )
    spoken = Engagement.objectives.through
    spoken.objects.bulk_create(
        [spoken(engagement=talk, objective_id=pick.choice(objectives)) for talk in talks], batch_size=5000
    )


def table_of(count: int, start: int) -> bytes:
    """So many organisations; each twentieth is there already, each hundredth has a mistake."""
    lines = ["name_en,name_ar,constituency,country,countries,objectives,phone,languages"]
    for number in range(start, start + count):
        name = f"cedar union network {number % 97}" if number % 20 == 0 else f"Imported organisation {number}"
        country = "nowhere" if number % 100 == 1 else "LB"
        lines.append(
            f'{name},منظمة مستوردة {number},media,{country},"SY, JO","6, 18",+962 7{number + 50_000_000:08d},"ar, en"'
        )
    return "\n".join(lines).encode()


def imports(secretary) -> None:
    from apps.stakeholders.importing import runs
    from apps.stakeholders.models import Constituency, Country, Organisation

    print("\n| rows | read and checked (s) | saved (s) | new | completed | left out | bare saves (s) |")
    print("|---" * 7 + "|")
    for count in (1_000, 10_000):
        start = time.perf_counter()
        run = runs.keep_file("organisations", "table.csv", table_of(count, count * 10), by=secretary)
        for _done in runs.check(runs.choose_columns(run, run.columns, by=secretary), by=secretary):
            pass
        checked = time.perf_counter()
        for _done in runs.carry_out(run, by=secretary, for_all=runs.FILL, choices={}):
            pass
        saved = time.perf_counter()
        run.refresh_from_db()
        group, country = Constituency.objects.first(), Country.objects.first()
        for number in range(count):
            bare = Organisation(name_en=f"Bare {number}", constituency=group, country=country)
            bare.save_base(force_insert=True)
        bare = time.perf_counter() - saved
        print(
            f"| {count:,} | {checked - start:.1f} | {saved - checked:.1f} | {run.new} | {run.filled} | {run.left_out} "
            f"| {bare:.1f} |"
        )


def main() -> None:
    import django

    django.setup()

    from django.contrib import admin
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client, RequestFactory

    from apps.accounts.models import User
    from apps.accounts.roles import Role
    from apps.accounts.services import create_account, settle_in
    from apps.stakeholders.coverage import Axis, matrix
    from apps.stakeholders.matching import alike
    from apps.stakeholders.models import Constituency, Country, Organisation, Person, Segment
    from apps.stakeholders.segments import records

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    names = {"ar": "أمانة", "en": "Secretary"}
    secretary = create_account(
        email="s@example.org", names=names, language="en", time_zone="UTC", roles=[Role.SECRETARIAT], by=None,
        password=None,
    )  # fmt: skip
    settle_in(secretary)
    secretary = User.objects.get(pk=secretary.pk)
    client = Client(HTTP_HOST="testserver")
    factory = RequestFactory()

    class Stock(admin.ModelAdmin):
        list_display = ["name_en", "name_ar"]
        list_per_page = 50

    stock_site = admin.AdminSite("stock")
    stock_site.register(Person, Stock)

    def change_list(model, site=admin.site, **query):
        def ask():
            request = factory.get("/en/admin/", query)
            request.user, request.session = secretary, {}
            response = site.get_model_admin(model).changelist_view(request)
            assert response.status_code == 200
            response.render()

        return ask

    def get(address):
        def ask():
            assert client.get(address).status_code == 200

        return ask

    segment = Segment.objects.create(name_en="Silent", silent_months=6)
    segment.constituencies.set(Constituency.objects.all()[:2])
    segment.countries.set(Country.objects.filter(iso2__in=["LB", "SY", "JO", "IQ", "PS"]))
    columns = "people", "list of people", "search", "no hit", "list of organisations", "coverage by country"
    columns += "coverage by objective", "public page", "duplicate check", "segment counted", "stock list"
    print(f"| {' | '.join(columns)} |")
    print("|---" * len(columns) + "|")
    for size in SIZES:
        fill(size)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        typed = Organisation(name_en="cedar union network 7", name_ar="اتحاد أرز شبكة 7", phone="+961 00000007")
        found = in_turns(
            people=change_list(Person),
            search=change_list(Person, q="أرز"),
            nothing=change_list(Person, q="nobody-at-all"),
            organisations=change_list(Organisation),
            country=lambda: matrix(Axis.COUNTRY),
            objective=lambda: matrix(Axis.OBJECTIVE),
            public=get("/en/group/coverage/"),
            check=lambda typed=typed: alike(typed, secretary),
            segment=lambda: records(segment, secretary).count(),
            stock=change_list(Person, stock_site),
        )
        print(f"| {size:,} | " + " | ".join(f"{spent:.0f}" for spent in found.values()) + " |")
    imports(secretary)


if __name__ == "__main__":
    with scratch():
        main()
