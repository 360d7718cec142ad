from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.meetings.models.participants import Participant


class Notice(models.Model):
    """That somebody was told something: nobody is told the same thing twice.

    Told is a participant of a meeting, or an account (of what is about no meeting's list: an action, a decision).
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        UNANSWERED = "unanswered", _("Reminder to reply")
        TOMORROW = "tomorrow", _("Reminder before the day")
        ALTERNATE = "alternate", _("Asked to go instead")
        CHANGED = "changed", _("The meeting has changed")
        CANCELLED = "cancelled", _("The meeting is cancelled")
        PAPERS = "papers", _("New papers")
        MINUTES = "minutes", _("Minutes to comment on")
        ADOPTED = "adopted", _("Minutes adopted")
        PROPOSAL = "proposal", _("Answer to a proposal")
        SILENCE = "silence", _("Decision by silence")
        ACTION = "action", _("New action")
        ACTION_DUE = "action_due", _("Action due")
        ACTION_OVERDUE = "action_overdue", _("Action overdue")
        TO_INVITE = "to_invite", _("Reminder to invite")

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, null=True, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    # What it was about: the deadline, the day, the record. Another one is another notice.
    about = models.CharField(max_length=60, blank=True)
    # When and where it was, if the mail said so with a calendar file (apps.meetings.told).
    told = models.JSONField(null=True)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "kind", "about"], name="meetings_notice_once"),
            models.UniqueConstraint(fields=["user", "kind", "about"], name="meetings_notice_once_to_an_account"),
            models.CheckConstraint(
                condition=Q(participant__isnull=False, user=None) | Q(participant=None, user__isnull=False),
                name="meetings_notice_to_one",
            ),
        ]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")

    def __str__(self):
        return f"{self.get_kind_display()} {self.about}".strip()
