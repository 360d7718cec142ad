from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.pagecache import public_page
from apps.opendata.api import MOST, USUAL
from apps.opendata.sets import DATASETS


@public_page()
@login_not_required
@require_safe
def data(request):
    """What each set holds, column by column, and how it is fetched."""
    context = {"datasets": DATASETS, "licence": settings.DATA_LICENCE, "most": MOST, "usual": USUAL}
    return render(request, "opendata/data.html", context)
