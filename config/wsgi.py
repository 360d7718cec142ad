"""The portal as a WSGI application; production settings unless the environment says otherwise."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")


def _application():
    portal = get_wsgi_application()
    from django.conf import settings

    from apps.core.pagecache import PageCache  # knows models, which are there now

    return PageCache(portal) if settings.PAGE_CACHE and not settings.DEBUG else portal


application = _application()
