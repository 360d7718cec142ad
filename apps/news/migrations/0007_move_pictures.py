from django.core.exceptions import ValidationError
from django.db import migrations

from apps.accounts.roles import grant
from apps.core.uploads import PICTURE_WIDTHS, picture_files

TEXTS = ("text_ar", "text_en", "credit_ar", "credit_en")


def move(apps, schema_editor):
    """Each article's own picture and its description become one of the library; versions point to it."""
    article_model = apps.get_model("news", "Article")
    made = {}
    for article in article_model.objects.exclude(sent_picture=""):
        texts = {name: getattr(article, f"picture_{name}") or "" for name in TEXTS}
        article.picture = _picture_of(apps, made, article.sent_picture.name, texts)
        article.save(update_fields=["picture"])
    for article in article_model.objects.exclude(meeting=None):
        article.meetings.add(article.meeting_id)
    for version in apps.get_model("news", "ArticleVersion").objects.iterator():
        _move_version(apps, made, version)


def _move_version(apps, made, version):
    content = version.content
    sent = content.pop("picture", "") or ""
    texts = {name: content.pop(f"picture_{name}", "") or "" for name in TEXTS}
    meeting = content.pop("meeting", None)
    picture = _picture_of(apps, made, sent, texts) if sent else None
    version.content = {
        **content,
        "picture": str(picture.pk) if picture else None,
        "meetings": [int(meeting)] if meeting else [],
    }
    version.save(update_fields=["content"])


def _picture_of(apps, made, name, texts):
    """The same file is one picture; one that cannot be read any more is left out."""
    if name in made:
        return made[name]
    model = apps.get_model("news", "Picture")
    try:
        storage = model._meta.get_field("file").storage
        with storage.open(name) as file:
            painted = picture_files(file)
    except (OSError, ValidationError):
        return None
    texts["text_ar"] = texts["text_ar"] or ("" if texts["text_en"] else "صورة بلا وصف")
    picture = model(**texts, fallback=painted["fallback"])
    picture.file, picture.medium, picture.small = (painted[width] for width in PICTURE_WIDTHS)
    picture.save()
    made[name] = picture
    return picture


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "news", {"picture": "view add change delete"})
    grant(apps, "editor", "news", {"picture": "view add change delete"})
    grant(apps, "translator", "news", {"picture": "view add change"})
    grant(apps, "auditor", "news", {"picture": "view"})


class Migration(migrations.Migration):
    dependencies = [("news", "0006_pictures_and_around")]
    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.RunPython(grant_permissions, migrations.RunPython.noop),
    ]
