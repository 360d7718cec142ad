"""Digits, slugs, dates, zones, file names, language versions."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.utils.translation import override

from apps.core import dates, languages, zones
from apps.core.digits import ascii_digits, key_in
from apps.core.formfields import DateField, IntegerField, TimeField
from apps.core.slugs import slug
from apps.core.storage import RandomName, safe_filename
from apps.core.templatetags import portal as tags
from config import env
from tests.factories import make_group, make_person


@pytest.mark.parametrize(
    ("typed", "read"), [("٢٠٢٦", "2026"), ("۱۲", "12"), ("3٫5", "3.5"), ("1٬000", "1000"), ("x7", "x7")]
)
def test_digits_of_any_script_count(typed, read):
    assert ascii_digits(typed) == read


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("7", 7),
        ("007", 7),
        ("", None),
        ("-7", None),
        ("٧", None),
        ("²", None),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
    ],
)
def test_a_key_is_read_from_an_address(text, key):
    assert key_in(text) == key


@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        (IntegerField(), "١٥", 15),
        (DateField(), "٢٠٢٦-١٢-٠٨", date(2026, 12, 8)),
        (DateField(input_formats=["%d/%m/%Y"]), "٠٨/١٢/٢٠٢٦", date(2026, 12, 8)),
    ],
)
def test_fields_accept_arabic_digits(field, typed, read):
    assert field.clean(typed) == read


def test_time_field_accepts_arabic_digits():
    assert TimeField().clean("١٠:٣٠").strftime("%H:%M") == "10:30"


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("مشاورة مع النقابات", "مشاورة-مع-النقابات"),
        ("مُلتقى: اجتماعٌ أوّل", "ملتقى-اجتماع-أول"),
        ("Fair recruitment: what next?", "fair-recruitment-what-next"),
        ("GCM وما بعد 2026", "gcm-وما-بعد-2026"),
        ("؟!", ""),
    ],
)
def test_slugs_keep_the_letters_of_their_language(title, address):
    assert slug(title) == address


def test_long_slugs_end_at_a_word():
    assert slug("word " * 30) == "-".join(["word"] * 12)


@pytest.mark.parametrize(
    ("language", "written"),
    [("ar", "12 تشرين الثاني/نوفمبر 2026"), ("en", "12 November 2026")],
)
def test_months_stand_in_the_double_form(language, written):
    with override(language):
        assert dates.long_date(date(2026, 11, 12)) == written


def test_every_month_has_its_double_form_in_arabic():
    with override("ar"):
        months = [dates.long_date(date(2026, month, 1)).split(" ", 1)[1] for month in range(1, 13)]

    assert [("/" in month) for month in months] == [True] * 12
    assert months[0] == "كانون الثاني/يناير 2026"


def test_day_filter_marks_the_day():
    with override("en"):
        assert tags.day(date(2026, 11, 5)) == '<time datetime="2026-11-05">5 November 2026</time>'


def test_month_may_break_after_its_stroke():
    with override("ar"):
        assert tags.month(date(2026, 11, 5)) == "تشرين الثاني/<wbr>نوفمبر"


def test_r13_instant_follows_the_zone_through_its_changes():
    assert dates.instant(datetime(2026, 4, 24, 10), "Africa/Cairo") == datetime(2026, 4, 24, 7, tzinfo=UTC)
    assert dates.instant(datetime(2026, 4, 23, 10), "Africa/Cairo") == datetime(2026, 4, 23, 8, tzinfo=UTC)
    assert dates.instant(datetime(2026, 7, 1, 10), "Africa/Nouakchott") == datetime(2026, 7, 1, 10, tzinfo=UTC)


def test_r13_a_skipped_hour_is_refused_and_a_repeated_one_is_the_first():
    with pytest.raises(dates.MissingWallTimeError):
        dates.instant(datetime(2026, 4, 24, 0, 30), "Africa/Cairo")

    assert dates.instant(datetime(2026, 10, 29, 23, 30), "Africa/Cairo") == datetime(2026, 10, 29, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "name"),
    [
        ("ar", "Africa/Cairo", "القاهرة"),
        ("en", "Africa/Cairo", "Cairo"),
        ("ar", "Pacific/Port_Moresby", "Port Moresby"),
    ],
)
def test_zones_are_named_by_their_city(language, zone, name):
    with override(language):
        assert zones.zone_name(zone) == name


def test_unknown_zones_are_refused():
    with pytest.raises(ValidationError):
        zones.validate_zone("Mars/Olympus")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("مشروع التوصيات", "مشروع-التوصيات.pdf"),
        ('a"b\r\nc/../d', "a-b-c-d.pdf"),
        ("\u202egpj.exe", "gpj-exe.pdf"),
        ("...", "file.pdf"),
    ],
)
def test_s37_file_names_are_safe_in_both_languages(title, name):
    assert safe_filename(title, "pdf") == name


def test_stored_names_say_nothing():
    stored = RandomName("documents")(None, "Secret plan.PDF")

    assert stored.startswith("documents/")
    assert stored.endswith(".pdf")
    assert "ecret" not in stored
    assert len(stored) == len("documents/") + 32 + len(".pdf")


def test_version_marks_a_text_of_the_other_language(db):
    person = make_person(name_ar="سميرة", name_en="")

    foreign = languages.version(person, "name", "en")
    own = languages.version(person, "name", "ar")

    assert foreign.__html__() == '<bdi lang="ar" dir="rtl">سميرة</bdi>'
    assert own.__html__() == "<bdi>سميرة</bdi>"
    assert not languages.version(person, "function", "ar")


def test_version_escapes_what_people_typed(db):
    group = make_group(name_en='"><img onerror=x>')

    html = languages.version(group, "name", "en").__html__()

    assert html == "<bdi>&quot;&gt;&lt;img onerror=x&gt;</bdi>"


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("flag", "maybe", lambda: env.flag("SOME_SETTING", default=False)),
        ("number", "three", lambda: env.number("SOME_SETTING", 1)),
        ("zone", "Mars/Olympus", lambda: env.zone("SOME_SETTING", "UTC")),
        ("database", "not a database", lambda: env.database("SOME_SETTING", "")),
        ("cache", "memcached://x", lambda: env.cache("SOME_SETTING")),
        ("text", "", lambda: env.text("SOME_SETTING")),
    ],
)
def test_a_wrong_setting_stops_the_start_and_names_itself(monkeypatch, name, value, read):
    monkeypatch.setenv("SOME_SETTING", value)

    with pytest.raises(ImproperlyConfigured) as error:
        read()

    assert "SOME_SETTING" in str(error.value)
    assert not value or value not in str(error.value)


def test_settings_are_read_with_their_defaults(monkeypatch):
    monkeypatch.setenv("SOME_SETTING", " a, b ")

    assert env.words("SOME_SETTING") == ["a", "b"]
    assert env.flag("NO_SUCH_SETTING", default=True) is True
    assert env.number("NO_SUCH_SETTING", 7) == 7
    assert env.cache("NO_SUCH_SETTING") == {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def test_catalogues_are_compiled_without_gettext_and_only_when_they_changed(settings, tmp_path):
    folder = tmp_path / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "News"\nmsgstr "الأخبار"\n'
    )
    settings.LOCALE_PATHS = [tmp_path]

    call_command("compile_translations")
    compiled = folder / "django.mo"
    first = compiled.read_bytes()
    compiled.write_bytes(b"newer than its source")
    call_command("compile_translations")

    assert "الأخبار".encode() in first
    assert compiled.read_bytes() == b"newer than its source"
