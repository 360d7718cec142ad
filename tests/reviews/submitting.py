"""Steps of somebody who answers a call by an e-mailed link."""

import re

from apps.core.models import OutgoingMail
from apps.reviews.models import Submission


def begin(client, call, email="amina@example.org", language="ar", **fields):
    address = f"/{language}/have-your-say/{call.pk}/begin/"
    opened = client.get(address).context["form"].initial["opened"]
    return client.post(address, {"email": email, "opened": opened, **fields})


def link(settings) -> str:
    text = OutgoingMail.objects.latest("pk").text
    return re.search(r"https?://\S+", text)[0].removeprefix(settings.SITE_URL)


def save(client, address: str, **fields):
    initial = client.get(address).context["form"].initial
    carried = {name: initial[name] for name in ("opened_revision", "opened_values") if name in initial}
    return client.post(address, {**carried, **fields})


def address_of(one: Submission, part: str = "", language="en") -> str:
    return f"/{language}/have-your-say/mine/{one.token}/" + (f"{part}/" if part else "")
