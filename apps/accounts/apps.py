from django.apps import AppConfig
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from allauth.account.decorators import secure_admin_login

        # One door: the admin's own login page leads to the portal's, with its limits.
        admin.site.login = secure_admin_login(admin.site.login)
        admin.site.site_header = admin.site.site_title = _("Back office")
        admin.site.index_title = _("What needs me today?")
