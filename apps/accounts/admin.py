from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts import services
from apps.accounts.factors import has_factor
from apps.accounts.forms import CrispyFormMixin
from apps.accounts.invitations import invite, resend, revoke
from apps.accounts.many_invitations import COLUMNS, LONGEST_LIST, invite_many, read_rows
from apps.accounts.models import Invitation, LoginSession, User
from apps.accounts.privacy import erase, is_erased
from apps.accounts.roles import Role
from apps.core.admin import STAMPS, PortalAdmin
from apps.core.forms import VersionedForm
from apps.core.languages import columns
from apps.core.steps import Step

# Roles are made by migrations, and addresses and second factors stand in the account: none has a page of its own.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)


def _moment(moment) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else "–"


class RolesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, group):
        return dict(Role.choices).get(group.name, group.name)


class UserForm(VersionedForm):
    groups = RolesField(Group.objects.order_by("pk"), label=_("Roles"), required=False)
    reason = forms.CharField(
        label=_("Reason for other roles"),
        required=False,
        max_length=200,
        help_text=_("Needed when you change the roles. It stays in the audit trail."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    by: User  # FormOfGiverMixin

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            offered = [group.pk for group in services.roles_to_give(self.by)]
            self.fields["groups"].queryset = Group.objects.filter(pk__in=offered).order_by("pk")

    def clean(self):
        cleaned = super().clean()
        chosen = cleaned.get("groups")
        if chosen is not None and set(chosen) != set(self.instance.groups.all()) and not cleaned.get("reason"):
            self.add_error("reason", ValidationError(gettext("Say why the roles change."), code="required"))
        return cleaned


class FormOfGiverMixin:
    """The form knows who gives roles: ``by``."""

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("How did you make sure that it is this person who asks? It stays in the audit trail."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, **kwargs)


class EraseForm(ReasonForm):
    email = forms.EmailField(
        label=_("E-mail address of this account"),
        help_text=_("Type it, so that nobody is erased by a slip."),
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )


class RoleFilter(admin.SimpleListFilter):
    title, parameter_name = _("role"), "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, queryset):
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User)
class UserAdmin(FormOfGiverMixin, PortalAdmin):
    """Accounts come from invitations; here they are kept."""

    form = UserForm
    told_apart_by = ("display_name_ar", "display_name_en")
    codes = ("email",)
    list_display = ["email", "name", "role_names", "language", "is_active", "last_login"]
    list_filter = [RoleFilter, "is_active", "language"]
    search_fields = [*columns("display_name"), "email"]
    search_help_text = _("Search by e-mail address or name in either language.")
    readonly_fields = ["second_factor", "devices", "last_login", "who_created", "who_saved"]
    fieldsets = [
        (None, {"fields": ["email", "display_name", "language", "time_zone"]}),
        (_("Access"), {"fields": ["groups", "reason", "is_active", "second_factor", "devices", "last_login"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="end-sessions",
            label=_("Log out on all devices"),
            explanation=_("The person is logged out everywhere at once and can log in again."),
            service=services.end_sessions,
            offered=lambda user: LoginSession.objects.filter(user=user).current().exists(),
            done=_("Logged out on all devices."),
            is_main=False,
        ),
        Step(
            name="ask-factor-reset",
            label=_("Ask for a reset of the second factor"),
            explanation=_(
                "For a person who has lost her phone and her recovery codes. Speak with her first, on a number that "
                "you know. A second officer has to confirm within 48 hours."
            ),
            service=services.ask_factor_reset,
            offered=lambda user: has_factor(user) and services.open_reset(user) is None,
            done=_("Asked. A second officer has to confirm it within 48 hours."),
            form=ReasonForm,
            is_main=False,
        ),
        Step(
            name="confirm-factor-reset",
            label=_("Confirm the reset of the second factor"),
            explanation=_(
                "All second factors of this account are removed, its sessions end, and the person gets a mail. "
                "Confirm only if you know that she has asked for it."
            ),
            service=services.confirm_factor_reset,
            offered=lambda user: services.open_reset(user) is not None,
            done=_("The second factor is reset. The person logs in with her password and sets up a new one."),
        ),
        Step(
            name="erase",
            label=_("Erase the personal data"),
            explanation=_(
                "For a person who asks for it. Her name, address, sessions, mails and invitations are deleted, and her "
                "name in the audit trail; her seats stay, without a name. It cannot be undone. Texts of news and "
                "papers that mention her are not touched: look through them."
            ),
            service=erase,
            offered=lambda user: not is_erased(user),
            done=_("The personal data are erased."),
            form=EraseForm,
            is_main=False,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user).prefetch_related("groups")

    def get_readonly_fields(self, request, obj=None):
        """Nobody changes her or his own roles."""
        return [*self.readonly_fields, *(["role_names"] if obj == request.user else [])]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj == request.user:
            shown = fieldsets[1][1]["fields"]
            fieldsets[1][1]["fields"] = ["role_names", *(name for name in shown if name not in ("groups", "reason"))]
        return fieldsets

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """An account is made inactive: what the person did keeps its author."""
        return False

    def has_change_permission(self, request, obj=None):
        """Whoever has rights beyond one's own is out of reach: her account would be a step up."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not services.stands_above(obj, request.user))

    def next_steps(self, request, obj):
        """Who asked for a reset does not confirm it, and nobody resets herself."""
        steps = super().next_steps(request, obj)
        asked = services.open_reset(obj) if obj else None
        if obj == request.user or (asked and asked.asked_by_id == request.user.pk):
            steps = [step for step in steps if step.name == "end-sessions"]
        return steps

    def save_record(self, obj, *, by):
        services.save_account(obj, by=by)

    def save_related(self, request, form, formsets, change):
        if "groups" in form.cleaned_data:
            reason = form.cleaned_data["reason"]
            services.set_roles(form.instance, form.cleaned_data["groups"], by=request.user, reason=reason)

    @admin.display(description=_("name"))
    def name(self, obj):
        return obj.get_full_name()

    @admin.display(description=_("roles"))
    def role_names(self, obj):
        labels = dict(Role.choices)
        return " · ".join(str(labels.get(group.name, group.name)) for group in obj.groups.all())

    @admin.display(description=_("logged in on"))
    def devices(self, obj):
        sessions = LoginSession.objects.filter(user=obj).current()
        rows = [(row.device or gettext("Unknown device"), _moment(row.seen_at)) for row in sessions[:20]]
        return format_html_join("", '<div><bdi dir="ltr">{}</bdi> · <bdi>{}</bdi></div>', rows) if rows else "–"

    @admin.display(description=_("second factor"))
    def second_factor(self, obj):
        asked = services.open_reset(obj)
        if asked:
            texts = {"who": asked.asked_by.get_full_name()}
            return gettext("reset asked for by %(who)s; a second officer has to confirm it") % texts
        return gettext("set up") if has_factor(obj) else gettext("none")


class InvitationForm(VersionedForm):
    by: User  # FormOfGiverMixin

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            offered = {group.name for group in services.roles_to_give(self.by)}
            self.fields["role"].choices = [choice for choice in Role.choices if choice[0] in offered]

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError(gettext("There is an account with this e-mail address already."), code="exists")
        return email


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("pending", _("pending")), ("accepted", _("accepted"))]

    def queryset(self, request, queryset):
        if self.value() == "pending":
            return queryset.pending()
        return queryset.exclude(accepted_at=None) if self.value() == "accepted" else queryset


class ManyForm(CrispyFormMixin, forms.Form):
    file = forms.FileField(label=_("CSV file"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        text = gettext("From a spreadsheet: save as CSV. At most %(count)s rows.")
        self.fields["file"].help_text = text % {"count": LONGEST_LIST}

    def clean_file(self):
        return read_rows(self.cleaned_data["file"])


def _is_open(invitation: Invitation | None) -> bool:
    return invitation is not None and invitation.is_open


@admin.register(Invitation)
class InvitationAdmin(FormOfGiverMixin, PortalAdmin):
    """Written once and sent; afterwards it is sent again or revoked."""

    form = InvitationForm
    change_list_template = "admin/accounts/invitation/change_list.html"
    codes = ("email",)
    list_display = ["email", "name", "role", "stands", "sent_at", "expires_at"]
    list_filter = [StateFilter, "role"]
    search_fields = [*columns("display_name"), "email"]
    search_help_text = _("Search by e-mail address or name in either language.")
    readonly_fields = ["stands", "sent_at", "expires_at", "accepted_at", "who_created", "who_saved"]
    fieldsets = [
        (None, {"fields": ["email", "display_name", "language", "role"]}),
        (_("How it stands"), {"fields": ["stands", "sent_at", "expires_at", "accepted_at"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="resend",
            label=_("Send a new link"),
            explanation=_("A new link goes to this address, valid for seven days. The link before is dead."),
            service=resend,
            offered=_is_open,
            done=_("A new link is on its way."),
        ),
        Step(
            name="revoke",
            label=_("Revoke the invitation"),
            explanation=_("The link is dead at once. The person gets no mail about it."),
            service=revoke,
            offered=_is_open,
            done=_("The invitation is revoked."),
            is_main=False,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else [fieldsets[0], fieldsets[-1]]

    def get_readonly_fields(self, request, obj=None):
        written = ["email", "display_name_ar", "display_name_en", "language", "role"]
        return [*self.readonly_fields, *(written if obj else [])]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"show_save": not change, "show_save_and_continue": False, "show_save_and_add_another": not change}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_record(self, obj, *, by):
        """A sent invitation has nothing left to write."""
        if obj.pk is None:
            invite(obj, by=by)

    @admin.display(description=_("name"))
    def name(self, obj):
        return obj.display_name or "–"

    @admin.display(description=_("state"))
    def stands(self, obj):
        return obj.state if obj.pk else "–"

    # Many at once

    def get_urls(self):
        many = path("many/", self.admin_site.admin_view(self.many_view), name="accounts_invitation_many")
        return [many, *super().get_urls()]

    def many_view(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = ManyForm(request.POST, request.FILES) if is_sent else ManyForm()
        outcomes = []
        if form.is_valid():
            with transaction.atomic():
                outcomes = invite_many(form.cleaned_data["file"], by=request.user)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Invite many"),
            "form": form,
            "columns": COLUMNS,
            "roles": [(role.name, dict(Role.choices)[role.name]) for role in services.roles_to_give(request.user)],
            "outcomes": outcomes,
            "invited": sum(outcome.is_sent for outcome in outcomes),
        }
        status = 400 if form.errors else 200
        return TemplateResponse(request, "admin/accounts/invitation/many.html", context, status=status)
