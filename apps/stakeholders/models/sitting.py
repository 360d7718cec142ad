"""Who sits where today: what people, organisations and all that stands on groups ask before they show something."""

from django.apps import apps

from apps.core import current


def current_seats():
    return apps.get_model("stakeholders", "Membership").objects.current()


def groups_of(user) -> list[int]:
    """The groups in which this user holds a seat or sits beside the table today."""

    def find():
        return sorted(set(current_seats().filter(person__user=user).order_by().values_list("group", flat=True)))

    return current.once(("groups", user.pk), find) if user.is_authenticated else []
