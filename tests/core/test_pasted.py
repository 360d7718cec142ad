"""What word processors, mails and old pages put on the clipboard: the text stays, their markup goes."""

import pytest

from apps.core.richtext import clean

WORD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {mso-style-parent:"";} -->'
    "</style><!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head><body lang=AR-SA>"
    "<h1 dir=RTL style='text-align:right'><span lang=AR-SA style='font-family:\"Arial\"'>العنوان<o:p></o:p></span></h1>"
    "<p class=MsoNormal style='mso-list:l0'><b><span lang=AR-SA>نص&nbsp;غامق</span></b> <i>مائل</i><o:p></o:p></p>"
    "</body></html>"
)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        (WORD, "<h2>العنوان</h2><p><strong>نص\u00a0غامق</strong> <em>مائل</em></p>"),
        (
            "<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>"
            "<![endif]>First<o:p></o:p></p>",
            "<p>·\u00a0 First</p>",
        ),
        ("<div>one</div><div>two</div>", "<p>one</p><p>two</p>"),
        ("<div><p>a</p></div><section><h1>b</h1></section>", "<p>a</p><h2>b</h2>"),
        ("<center><font color=red>x <b>y</b></font></center>", "<p>x <strong>y</strong></p>"),
        (
            "<table class=MsoTableGrid border=1><tr><td width=100><p class=MsoNormal>c</p></td></tr></table>",
            "<table><tbody><tr><td><p>c</p></td></tr></tbody></table>",
        ),
        ('<p><span lang="fr">liberté <span>x</span></span></p>', '<p><span lang="fr">liberté x</span></p>'),
        ("<h5>a</h5><h6>b</h6>", "<h4>a</h4><h4>b</h4>"),
        ("<p>a</p><p></p><p>b</p>", "<p>a</p><p></p><p>b</p>"),  # an empty line that somebody meant
    ],
)
def test_what_is_pasted_keeps_its_text_and_structure_and_stays_the_same(pasted, kept):
    assert clean(pasted) == kept
    assert clean(kept) == kept


@pytest.mark.parametrize("name", ["b", "i", "h1", "div", "center"])
def test_a_part_that_is_renamed_brings_nothing_with_it(name):
    html = clean(f'<{name} onclick="x" style="x" class="x" id="x">t</{name}>')

    assert "x" not in html
    assert clean(html) == html
