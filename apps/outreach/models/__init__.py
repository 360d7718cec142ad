from apps.outreach.models.announcements import Announcement, Recipient
from apps.outreach.models.subscriptions import Subscription

__all__ = ["Announcement", "Recipient", "Subscription"]
