from django.apps import AppConfig
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core import site


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from allauth.account.decorators import secure_admin_login

        from apps.accounts import factors, privacy, sections  # noqa: F401 - factors has receivers

        privacy.register()

        # One door: the admin's own login page leads to the portal's, with its limits.
        admin.site.login = secure_admin_login(admin.site.login)
        admin.site.site_header = admin.site.site_title = _("Back office")
        admin.site.index_title = _("What needs me today?")

        site.add_tasks(sections.tasks)
        site.add_account_page(_("Profile"), "accounts:profile", order=10)
        site.add_account_page(_("Notices"), "accounts:notices", order=15)
        site.add_account_page(_("Security"), "mfa_index", order=20)
        site.add_account_page(_("Password"), "account_change_password", order=30)
        site.add_account_page(_("Devices"), "accounts:devices", order=40)
        site.add_account_page(_("Your data"), "accounts:data", order=50)
        site.add_welcome_step("accounts:welcome_profile", lambda user: True, order=10)
        site.add_welcome_step("accounts:welcome_security", lambda user: True, order=90)
