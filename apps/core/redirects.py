from django.http import HttpResponsePermanentRedirect


def moved(address: str) -> HttpResponsePermanentRedirect:
    """To a thing's address of today. Browsers ask again each time: a title that changes back would lead in circles."""
    return HttpResponsePermanentRedirect(address, headers={"Cache-Control": "no-cache"})
