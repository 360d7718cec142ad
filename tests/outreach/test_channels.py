import pytest
from django.core.exceptions import ValidationError

from apps.outreach import channels


def test_a_text_message_is_printed(capsys):
    channels.send_text(to="+222123456789"[:12], text="اجتماع غداً\u202e", language="ar")

    assert capsys.readouterr().out == "[ar] +22212345678: اجتماع غداً\n"


@pytest.mark.parametrize(
    "number", ["", "22212345678", "+222 1234", "+٢٢٢١٢٣٤٥٦٧٨", "+1", "+" + "1" * 16, "+222\n12345678"]
)
def test_what_is_no_number_is_refused(number, capsys):
    with pytest.raises(ValidationError):
        channels.send_text(to=number, text="x", language="en")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("text", ["", " ", "x" * 202])
def test_a_message_has_an_end(text):
    with pytest.raises(ValidationError):
        channels.send_text(to="+22212345678", text=text, language="en")
