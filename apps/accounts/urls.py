"""allauth's pages that an account by invitation needs, under the names by which allauth calls them, and our own.

Its pages for adding and changing e-mail addresses are left out: the address is the login, and the secretariat keeps it.
"""

from allauth.account import views
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as passkey_views
from django.urls import include, path, re_path

from apps.accounts import notices_page
from apps.accounts import views as own_views

own = [
    path("welcome/", own_views.welcome, name="welcome"),
    path("welcome/you/", own_views.WelcomeProfile.as_view(), name="welcome_profile"),
    path("welcome/security/", own_views.welcome_security, name="welcome_security"),
    path("profile/", own_views.Profile.as_view(), name="profile"),
    path("notices/", notices_page.Notices.as_view(), name="notices"),
    path("devices/", own_views.devices, name="devices"),
    path("data/", own_views.data, name="data"),
    path("invitation/<str:token>/", own_views.invitation, name="invitation"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("login/", views.login, name="account_login"),
    path("login/passkey/", passkey_views.login_webauthn, name="mfa_login_webauthn"),
    path("login/code/", factor_views.authenticate, name="mfa_authenticate"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", factor_views.reauthenticate, name="mfa_reauthenticate"),
    path("reauthenticate/passkey/", passkey_views.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("security/", factor_views.index, name="mfa_index"),
    path("security/passkeys/", factor_views.index, name="mfa_list_webauthn"),
    path("security/passkeys/add/", passkey_views.add_webauthn, name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/remove/", passkey_views.remove_webauthn, name="mfa_remove_webauthn"),
    path("security/code/activate/", totp_views.activate_totp, name="mfa_activate_totp"),
    path("security/code/deactivate/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/recovery-codes/", code_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("security/recovery-codes/new/", code_views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("security/recovery-codes/file/", code_views.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", own_views.evenly(views.password_reset), name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
