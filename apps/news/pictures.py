"""The library of pictures: the only way to write one."""

from apps.core.records import save_record
from apps.news import rights
from apps.news.models import Picture


def save_picture(picture: Picture, *, by, reason: str = "") -> Picture:
    """Paints a new file anew in its widths and saves. Raises ValidationError by field, also for hostile files.

    What readers have is changed only by those who decide what readers get.
    """
    is_public = bool(picture.pk) and picture.articles.filter(is_shown=True).exists()
    rights.require(rights.may_decide(by) if is_public else rights.may_write(by))
    picture.full_clean()
    return save_record(picture, by=by, reason=reason)
