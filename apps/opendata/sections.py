"""What the dashboard shows of the figures."""

from django.template.loader import render_to_string

from apps.accounts.roles import Role
from apps.opendata.engagement import all_drawn


def figures(user) -> str:
    """The state of engagement, for the secretariat and the auditor; each figure leads to its table."""
    if not user.has_role(Role.SECRETARIAT, Role.AUDITOR):
        return ""
    return render_to_string("admin/opendata/figures.html", {"figures": all_drawn()})
