from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.accounts.services import save_account
from apps.core.admin import STAMPS, PortalAdmin
from apps.core.forms import VersionedForm

# Roles are made by migrations, and addresses stand in the account: neither has a page of its own.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)


class RolesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, group):
        return dict(Role.choices).get(group.name, group.name)


class UserForm(VersionedForm):
    groups = RolesField(Group.objects.order_by("pk"), label=_("Roles"), required=False)


@admin.register(User)
class UserAdmin(PortalAdmin):
    form = UserForm
    list_display = ["email", "name", "role_names", "language", "is_active", "last_login"]
    list_filter = ["groups", "is_active", "language"]
    search_fields = ["email", "display_name_ar", "display_name_en"]
    search_help_text = _("Search by e-mail address or name in either language.")
    readonly_fields = ["last_login", "who_created", "who_saved"]
    fieldsets = [
        (None, {"fields": ["email", "display_name", "language", "time_zone"]}),
        (_("Access"), {"fields": ["groups", "is_active", "last_login"]}),
        STAMPS,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user).prefetch_related("groups")

    def has_delete_permission(self, request, obj=None):
        """An account is made inactive: what the person did keeps its author."""
        return False

    def has_change_permission(self, request, obj=None):
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_record(self, obj, *, by):
        save_account(obj, by=by)

    @admin.display(description=_("name"))
    def name(self, obj):
        return obj.get_full_name()

    @admin.display(description=_("roles"))
    def role_names(self, obj):
        labels = dict(Role.choices)
        return " · ".join(str(labels.get(group.name, group.name)) for group in obj.groups.all())
