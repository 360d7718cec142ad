"""What members say of a recommendation, a section or a good practice. The public never reads it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.reviews.models.cycles import PREPARING_ROLES
from apps.stakeholders.models import Membership, Person


def sits_today(user) -> bool:
    return user.is_authenticated and Membership.objects.current().filter(person__user=user).exists()


class MemberCommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those who sit in a group today and the back office; of people who are protected from this user, nobody's."""
        if not user.is_authenticated:
            return self.none()
        seen = self.exclude(author__person__in=Person.objects.hidden_from(user))
        if user.has_role(*PREPARING_ROLES):
            return seen
        if not sits_today(user):
            return self.none()
        about = self.model._meta.get_field(self.model.about)
        return seen.filter(**{f"{self.model.about}__in": about.related_model.objects.visible_to(user)})


class MemberComment(Record):
    """``about`` names the field of what it is about."""

    # Members' words: the trail says that there was a comment and not which.
    trail_is_wordless = True
    about = ""

    author = models.ForeignKey(
        "accounts.User", verbose_name=_("author"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    says = models.TextField(_("comment"), max_length=2000)

    objects = MemberCommentQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self):
        return str(getattr(self, self.about))

    @property
    def trail_label(self) -> str:
        return f"#{self.pk}"
