"""The roles of the portal. Each is a group made by a migration; what each may do stands in docs/permissions.md."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    SECRETARIAT = "secretariat", _("Secretariat")
    EDITOR = "editor", _("Editor")
    TRANSLATOR = "translator", _("Translator")
    MEMBER = "member", _("Member")
    OBSERVER = "observer", _("Observer")
    AUDITOR = "auditor", _("Auditor")


# Those who work in the back office. Members and observers read on the portal's own pages.
STAFF_ROLES = frozenset({Role.SECRETARIAT, Role.EDITOR, Role.TRANSLATOR, Role.AUDITOR})


def make_roles(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for role in ("secretariat", "editor", "translator", "member", "observer", "auditor"):
        group.objects.get_or_create(name=role)


def grant(apps, role: str, app_label: str, permissions: dict[str, str]) -> None:
    """In a migration: lets ``role`` do ``{"article": "view add change"}``.

    Permissions are made here when they do not exist yet, because Django makes them after all migrations have run.
    """
    group = apps.get_model("auth", "Group").objects.get(name=role)
    for model, actions in permissions.items():
        content_type, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label=app_label, model=model
        )
        for action in actions.split():
            permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {model}"},
            )
            group.permissions.add(permission)
