"""The way from contributions to the outcome as it is drawn, and what it tells of small counts."""

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.reviews import contributions, flow, recommendations, synthesis, trace
from tests.reviews.made import adopted, make_call, make_section, make_submission, quote, reflected

pytestmark = pytest.mark.django_db
FEW = "\u2066<3\u2069"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_flow_is_drawn_from_where_one_reads(client, language):
    one = make_submission(state="published")
    adopted(quote(one))

    page = client.get(f"/{language}/reviews/3/trace/").content.decode()
    svg = client.get(f"/{language}/reviews/3/trace.svg").content.decode()

    assert f'direction="{"rtl" if language == "ar" else "ltr"}"' in svg
    assert "<path" in page
    assert "style=" not in svg


def test_a_small_count_is_drawn_and_told_as_such():
    drawing = flow.of_cycle(trace.Figures(all=20, recommended=9, reflected=1, left_out=2))
    other = flow.of_cycle(trace.Figures(all=20, recommended=9, reflected=2, left_out=1))

    assert [shape.number for shape in drawing.shapes] == ["20", "9", "11", FEW, "6", FEW]
    assert len(drawing.bands) == 5
    assert drawing == other


@pytest.mark.parametrize(("count", "lead"), [(2, False), (3, True)])
def test_the_page_tells_no_small_count(client, count, lead):
    call = make_call()
    passages = [quote(make_submission(call, state="published")) for _number in range(count)]
    make_submission(call, state="noted", attribution="confidential")
    make_submission(call, state="noted", attribution="confidential")
    reflected(adopted(*passages))

    page = client.get("/en/reviews/3/trace/").content.decode()

    assert f'Sent</th><td class="num">{count + 2}</td>' in page
    told = contributions.told(count).replace("<", "&lt;")
    assert f'Reflected in the outcome</th><td class="num">{told}</td>' in page
    assert f'Built into a recommendation</th><td class="num">{told}</td>' in page
    assert (f"Of {count + 2} contributions the outcome reflects {count} so far." in page) == lead
    svg = client.get("/en/reviews/3/trace.svg").content.decode()
    assert (">2</tspan>" in svg, FEW.replace("<", "&lt;") in svg) == (False, True)


def of(one) -> tuple[list[tuple], int]:
    """What stands in the boxes with how high they are, in contributions, and how many bands there are."""
    drawing = flow.of_submission(one, trace.forward(one, AnonymousUser()))
    return [(shape.words, shape.height / 24) for shape in drawing.shapes], len(drawing.bands)


def test_only_what_was_built_on_a_section_is_drawn_from_it():
    one = make_submission(state="published")
    first, second = (synthesis.publish(make_section(title_en=name), by=None) for name in ("First", "Second"))
    on_first, on_both = quote(one, section=first), quote(one, section=second)
    adopted(on_first)
    reflected(adopted(on_both, on_first), "31")
    recommendations.build_on(adopted(), "submissions", [one], by=None)

    boxes, bands = of(one)

    assert boxes == [
        *((one.symbol, 4), ("First", 2), ("Second", 1)),
        *(("RR-3/R1", 1), ("RR-3/R2", 2), ("RR-3/R3", 1)),
        ("§ 31", 2),
    ]
    assert (
        bands == 7
    )  # to two sections and straight to R3; from them to R1 and twice to R2; from there to the paragraph


def test_bands_stay_within_their_boxes():
    one = make_submission(state="published")
    section = synthesis.publish(make_section(), by=None)
    for _number in range(3):
        adopted(quote(one, section=section))

    drawing = flow.of_submission(one, trace.forward(one, AnonymousUser()))

    ends = [float(band.rsplit("V", 1)[1].split("C")[0]) for band in drawing.bands]
    assert max(ends) <= max(shape.y + shape.height for shape in drawing.shapes)
    assert [shape.height for shape in drawing.shapes] == [72, 72, 24, 24, 24]


def test_what_led_nowhere_is_one_box():
    one = make_submission(state="published")

    assert of(one) == ([(one.symbol, 1)], 0)
