"""What is wrong in a form is listed above it, with a link to each field."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("path", ["newsletter/", "group/join/", "accounts/password/reset/"])
def test_each_link_leads_to_a_field_that_is_there_and_marked(language, path):
    html = Client().post(f"/{language}/{path}", {"email": "nothing"}).content.decode()

    summary = re.search(r'<div class="alert bad" role="alert">(.*?)</div>', html, re.DOTALL)[1]
    places = re.findall(r'<a href="#([^"]+)">', summary)
    assert places
    for place in places:
        (control,) = re.findall(rf'<input[^>]* id="{place}"[^>]*>', html)
        assert 'aria-invalid="true"' in control


def test_without_anything_wrong_there_is_no_summary():
    assert 'class="alert bad"' not in Client().get("/en/newsletter/").content.decode()
