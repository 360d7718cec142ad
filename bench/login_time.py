"""Does the time of an answer tell whether an address has an account? Medians for known and unknown addresses.

    .venv/bin/python bench/login_time.py [n]

Own database in memory, the password hash of a portal in use, known and unknown in turns.
"""

import os
import statistics
import sys
import time

os.environ["DATABASE_URL"] = "sqlite:///:memory:"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.dev"
sys.path.insert(0, ".")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from apps.accounts.invitations import invite
from apps.accounts.models import Invitation
from apps.accounts.services import create_account

settings.ALLOWED_HOSTS = ["testserver"]
settings.ACCOUNT_RATE_LIMITS = False
settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
call_command("migrate", verbosity=0)
create_account(
    email="known@example.org", names={"ar": "م"}, language="ar", time_zone="UTC", roles=[], by=None, password="x" * 20
)
used = invite(Invitation(email="guest@example.org", role="member"), by=None)


def login(email: str):
    return Client().post("/ar/accounts/login/", {"login": email, "password": "wrong-olive-tree"})


def reset(email: str):
    return Client().post("/ar/accounts/password/reset/", {"email": email})


def took(action, email: str) -> float:
    start = time.perf_counter()
    action(email)
    return (time.perf_counter() - start) * 1000


count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
for action in (login, reset):
    times = {"known@example.org": [], "nobody@example.org": []}
    for email in times:
        took(action, email)  # warm
    for _turn in range(count):
        for email, taken in times.items():
            taken.append(took(action, email))
    known, unknown = (statistics.median(taken) for taken in times.values())
    print(f"{action.__name__}: known {known:.1f} ms, unknown {unknown:.1f} ms, ratio {known / unknown:.3f} (n={count})")
