"""Texts from people: rich text that does nothing, names that are what they look like, tables that do not act."""

import itertools
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from apps.accounts.roles import Role
from apps.core import richtext
from apps.core.models import AuditEntry
from apps.core.records import save_record
from apps.core.tables import csv_response, safe_cell
from apps.core.textpolicy import clean_name, clean_text, skeleton
from tests.factories import client_for, make_article, make_organisation, make_person, make_user
from tests.stakeholders.forms import person_form

# Rich text

SCHEMES = [
    "javascript:alert(1)",
    "vbscript:x",
    "data:text/html,<script>1</script>",
    "file:///etc/passwd",
    "blob:x",
    "ws:x",
]
SPELLINGS = [
    "{}",
    " {}",
    "\t{}",
    "\n{}",
    "\x01{}",
    "&#9;{}",
    "&NewLine;{}",
    "\u200f{}",
    "\u202e{}",
    "\ufeff{}",
]
SPLIT = ["java\tscript:alert(1)", "java\nscript:alert(1)", "java&#9;script:alert(1)", "java&Tab;script:alert(1)"]
SPLIT += ["&#106;avascript:alert(1)", "&#x6A;avascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript&colon;alert(1)"]
SPLIT += ["java\x00script:alert(1)", "javascript\t:alert(1)", "java\u200bscript:alert(1)", "//evil.example\\@x"]
LINKS = [f'<a href="{way.format(scheme)}">x</a>' for scheme, way in itertools.product(SCHEMES, SPELLINGS)]
LINKS += [f"<a href='{address}'>x</a>" for address in SPLIT]

EVENTS = [
    "onclick",
    "onerror",
    "onload",
    "onmouseover",
    "onfocus",
    "ontoggle",
    "onanimationend",
    "onpointerdown",
    "onbegin",
]
TAGS = [
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "textarea",
    "select",
    "svg",
    "math",
    "base",
    "meta",
    "link",
    "template",
    "video",
]
TAGS += [
    "audio",
    "img",
    "picture",
    "source",
    "frame",
    "frameset",
    "applet",
    "marquee",
    "noscript",
    "xmp",
    "plaintext",
    "portal",
    "dialog",
    "slot",
]
MARKUP = [f"<p {event}=alert(1)>x</p>" for event in EVENTS]
MARKUP += [
    f"<p><{tag} {event}=alert(1) src=x href=x>" for tag, event in zip(TAGS, itertools.cycle(EVENTS), strict=False)
]
MARKUP += [f"<{tag}>alert(1)</{tag}>" for tag in TAGS]
MARKUP += [
    '<p style="background:url(javascript:1)">x</p>',
    '<p style="position:fixed;inset:0">x</p>',
    '<p class="button">x</p>',
    '<p id="main">x</p>',
    '<a href="https://a.org" ping="https://evil.example">x</a>',
    '<a href="https://a.org" target="_blank">x</a>',
    '<a href="https://a.org" rel="opener">x</a>',
    '<a href="https://a.org" download>x</a>',
    '<base href="https://evil.example/"><a href="/x">x</a>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "<svg><a xlink:href='javascript:1'><text>x</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:1></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<p><![CDATA[<script>1</script>]]></p>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if IE]><script>1</script><![endif]-->",
    "<?xml-stylesheet href='javascript:1'?><p>x</p>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<img src=x:x onerror\t=alert(1)>",
    "<p/onclick=alert(1)>x</p>",
    "<a href=javascript:1//https://a.org>x</a>",
    "<x onclick=alert(1)>x</x>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    '<p dir="rtl;" lang="x onclick=1">x</p>',
    '<bdi dir="ltr" style="x">x</bdi>',
    "<td colspan='1 onclick=1'>x</td>",
    '<a href="https://a.org&quot; onclick=&quot;alert(1)">x</a>',
]
RICH = [*LINKS, *MARKUP]

HARMLESS = re.compile(
    r"<(/?(p|h[234]|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|a|strong|em|s|sub|sup|bdi|span)|br|hr)"
    r'( (dir="(rtl|ltr|auto)"|lang="(ar|en|fr)"|href="((https?|mailto|tel):[^"<>]*|/[^"<>]*|[^":<>]*)"|rel="noopener"'
    r'|start="[^"]*"|(col|row)span="[^"<>]*"|scope="[^"<>]*"))*>',
)


def does_nothing(html: str) -> bool:
    """Whether what remains has no tag, attribute and scheme but those that the portal's texts need."""
    return "<" not in HARMLESS.sub("", html)


@pytest.mark.parametrize("payload", RICH)
def test_s27_rich_text_does_nothing(payload):
    once = richtext.clean(payload)

    assert does_nothing(once), once
    assert richtext.clean(once) == once


def test_s27_the_corpus_is_as_large_as_the_docs_say():
    assert len(set(RICH)) == 177


@pytest.mark.django_db
@pytest.mark.parametrize("payload", RICH[::12])
def test_s27_every_way_into_the_database_is_cleaned(payload):
    article = make_article(body_en=payload)
    article.refresh_from_db()
    assert does_nothing(article.body_en)

    type(article).objects.filter(pk=article.pk).update(body_en="")
    article.body_en = payload
    article.save()
    article.refresh_from_db()
    assert does_nothing(article.body_en)


@pytest.mark.parametrize(
    "address", ["https://a.org", "http://a.org/x?y=1", "mailto:a@a.org", "tel:+20255500100", "/ar/news/"]
)
def test_s28_links_people_need_stay(address):
    html = richtext.clean(f'<p><a href="{address}">x</a></p>')

    assert html == f'<p><a href="{address}" rel="noopener">x</a></p>'


@pytest.mark.parametrize(
    ("text", "address", "shown"),
    [
        ("un.org", "https://evil.example/x", "un.org (evil.example)"),
        ("https://un.org/en", "https://un.org.evil.example", "un.org.evil.example)"),
        ("un.org", "https://un.org/en", "un.org"),
        ("https://un.org/en", "https://un.org/ar", "un.org/en"),
        ("Read more", "https://evil.example", "Read more"),
    ],
)
def test_s28_a_link_that_shows_another_host_says_where_it_leads(text, address, shown):
    html = richtext.clean(f'<p><a href="{address}">{text}</a></p>')

    assert richtext.plain(html).endswith(shown)
    assert ("(" in richtext.plain(html)) is ("(" in shown or shown.endswith(")"))
    assert richtext.clean(html) == html


# Names

TURNING = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
UNSEEN = ["\u00ad", "\u200b", *map(chr, range(0x2060, 0x2066)), *map(chr, range(0x206A, 0x2070)), "\ufeff", "\ufff9"]
UNSEEN += [chr(0xE0000 + number) for number in (1, 0x20, 0x41, 0x7F)]
CONTROLS = [chr(code) for code in (*range(0x20), 0x7F, 0x80, 0x85, 0x9F, 0x2028, 0x2029)]
NAMES = [form.format(letter) for letter in [*TURNING, *UNSEEN, *CONTROLS] for form in ("Sam{}ira", "سمي{}رة")]


@pytest.mark.parametrize("name", NAMES)
def test_s54_names_with_letters_that_deceive_are_refused(name):
    with pytest.raises(ValidationError) as error:
        clean_name(name)

    assert error.value.code == "invisible"


def test_s54_the_corpus_of_names_is_as_large_as_the_docs_say():
    assert len(set(NAMES)) == 134


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("سميرة حدّاد", "سميرة حدّاد"),
        ("Zoe\u0308", "Zoë"),
        ("مُلتقى\u200f", "مُلتقى"),
        ("می\u200cخواهم", "میخواهم"),
        ("O'Neill – Abu-Saïd", "O'Neill – Abu-Saïd"),
        ("👩‍💻".replace("\u200d", ""), "👩💻"),
    ],
)
def test_s54_honest_names_are_kept_in_one_spelling(typed, kept):
    assert clean_name(typed) == kept


def test_s54_marks_stay_in_texts_and_overrides_go():
    assert (
        clean_text("می\u200cخواهم \u200fab\u200e \u202eevil\u202c x\u200by\tz\n")
        == "می\u200cخواهم \u200fab\u200e evil xy\tz\n"
    )
    assert richtext.clean("<p>a\u202eb&#x202e;c\u200fd</p>") == "<p>abc\u200fd</p>"


@pytest.mark.django_db
@pytest.mark.parametrize("letter", ["\u202e", "\u2066", "\u200b"])
def test_s54_no_way_leads_such_a_name_into_the_database(letter, secretary):
    with pytest.raises(ValidationError):
        make_organisation(name_en=f"UN{letter}ion")
    person = make_person()
    person.name_ar = f"سم{letter}يرة"
    with pytest.raises(ValidationError):
        save_record(person, by=None)
    page = client_for(secretary).post(
        reverse("admin:stakeholders_person_add"), {"name_ar": f"سم{letter}يرة", "name_en": "Samira"}
    )
    assert "invisible character" in page.content.decode() or "غير مرئي" in page.content.decode()


# Look-alikes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UNION", "UΝIОN"),
        ("Samira", "Ѕаmіrа"),
        ("Bank1", "Bankl"),
        ("اتحاد العمال", "اتحـــاد العمال"),
        ("كريم", "کریم"),
        ("مكتبة", "مكتبه"),
        ("أحمد", "احمد"),
        ("هدى", "هدي"),
        ("لجنة ٢٠", "لجنة 20"),
        ("مُلتقى", "ملتقى"),
        ("Group A", "GroupA"),
        ("ﻣﻠﺘﻘﻰ", "ملتقى"),
        ("Ａｒａｂ", "Arab"),
    ],
)
def test_s55_names_that_look_alike_have_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("Samira", "Samir"), ("كريم", "كريمة"), ("لجنة 1", "لجنة 2"), ("", "x")])
def test_s55_different_names_stay_different(one, other):
    assert skeleton(one) != skeleton(other)


@pytest.mark.django_db
def test_s55_the_secretariat_is_told_of_a_look_alike(secretary):
    make_person(name_ar="كريم ناصر", name_en="Karim Nasser")

    sent = person_form(name_ar="کریم ناصر", name_en="")
    page = client_for(secretary).post(reverse("admin:stakeholders_person_add"), sent, follow=True)

    assert "Make sure that they are two." in page.content.decode()


# Tables


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+cmd|x",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\ufeff=1",
        "\u200f=1",
        "＝1",
        "＋1x",
        "－1x",
        "＠x",
        "|x",
        "%0a=x",
        '=HYPERLINK("https://evil.example")',
        "-cmd",
        "+971x",
        "=cmd|' /C calc'!A0",
        "\n=1",
        "--1",
        "@",
    ],
)
def test_s56_no_cell_is_a_formula(value):
    assert safe_cell(value) == f"'{value}"


@pytest.mark.parametrize(
    "value", ["+971 4 555 0100", "-5", "-3.5", "2026-11-24", "12:30–14:00", "سميرة", "a=b", "", "x@y.org"]
)
def test_s56_what_people_read_stays_as_it_is(value):
    assert safe_cell(value) == value


def test_s56_a_table_opens_in_a_spreadsheet():
    response = csv_response("people", ["الاسم", "n"], [["سميرة, حداد", None], ["=1", 2]])

    assert b"".join(response.streaming_content).decode() == '\ufeffالاسم,n\r\n"سميرة, حداد",\r\n\'=1,2\r\n'
    assert response["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_auditor_exports_what_is_listed(language):
    auditor = make_user(Role.AUDITOR)
    make_article(title_en="=1+1")
    client = client_for(auditor)

    response = client.post(f"/{language}/admin/core/auditentry/export/?action__exact=created")
    lines = b"".join(response.streaming_content).decode().splitlines()

    assert len(lines) == 1 + AuditEntry.objects.filter(action="created").count()
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor) == ("exported", auditor)
    assert entry.detail.changes == {"rows": ["", str(len(lines) - 1)]}
    assert "csrfmiddlewaretoken" in client.get(f"/{language}/admin/core/auditentry/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.EDITOR, Role.TRANSLATOR])
def test_s18_nobody_else_exports_the_trail(role):
    assert client_for(make_user(role)).post("/en/admin/core/auditentry/export/").status_code == 403


@pytest.mark.django_db
def test_s54_a_deceiving_name_in_a_profile_is_said_beside_its_field():
    user = make_user(Role.MEMBER, language="ar")
    sent = {"display_name_ar": "سم\u202eيرة", "display_name_en": "", "language": "ar", "time_zone": "UTC"}

    page = client_for(user).post("/ar/accounts/profile/", {**sent, "opened_revision": user.revision})

    assert page.status_code == 400
    assert list(page.context["form"].errors) == ["display_name_ar"]
