import hashlib
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.core.models import Record
from apps.core.storage import PrivateImageField, RandomName
from apps.core.uploads import PICTURE_WIDTHS, picture_files


@dataclass(frozen=True)
class Size:
    """One width of a picture: its address and how many points wide it really is."""

    address: str
    width: int


class PictureQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Writers see all; everybody else what stands in an article that readers have by now."""
        from apps.news.models.articles import WRITING_ROLES, Article

        if user.is_authenticated and user.has_role(*WRITING_ROLES):
            return self
        shown = Article.objects.published(timezone.now()).filter(picture=models.OuterRef("pk"))
        return self.filter(models.Exists(shown))


def _described(language: str) -> models.Q:
    return models.Q(**{f"text_{language}__isnull": False, f"text_{language}__gt": ""})


class Picture(Record):
    """Sent once, chosen in many articles. What is kept is painted anew: nothing of the sent file but its points."""

    class Focus(models.TextChoices):
        """Which part stays when a picture is cut; named like the points of a compass, north at the top."""

        NORTH_WEST = "nw", _("Top, at the picture’s left")
        NORTH = "n", _("Top")
        NORTH_EAST = "ne", _("Top, at the picture’s right")
        WEST = "w", _("The picture’s left")
        CENTRE = "c", _("Centre")
        EAST = "e", _("The picture’s right")
        SOUTH_WEST = "sw", _("Bottom, at the picture’s left")
        SOUTH = "s", _("Bottom")
        SOUTH_EAST = "se", _("Bottom, at the picture’s right")

    needed_in_a_language = ("text",)

    file = PrivateImageField(
        _("file"), upload_to=RandomName("pictures"), max_length=150, width_field="width", height_field="height"
    )
    medium = PrivateImageField(upload_to=RandomName("pictures"), max_length=150, editable=False)
    small = PrivateImageField(upload_to=RandomName("pictures"), max_length=150, editable=False)
    # For readers' programs that know no WebP, and for other sites' cards.
    fallback = PrivateImageField(upload_to=RandomName("pictures"), max_length=150, editable=False)
    width = models.PositiveIntegerField(_("width"), null=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, editable=False)
    text = models.CharField(
        _("alternative text"), max_length=250, blank=True, help_text=_("What the picture shows, for who cannot see it.")
    )
    credit = models.CharField(_("picture credit"), max_length=150, blank=True)
    focus = models.CharField(
        _("focal point"),
        max_length=2,
        choices=Focus.choices,
        default=Focus.CENTRE,
        help_text=_("The part that stays when the picture is cut to fit a place."),
    )

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=reduce(or_, map(_described, languages.CODES)),
                name="news_picture_described",
                violation_error_message=_("Describe the picture in Arabic, in English or in both."),
            )
        ]

    # Set on a copy that somebody sees by a preview link: its files are served to whoever holds the link.
    shared_by = ""

    def __str__(self):
        return str(languages.version(self, "text"))

    def clean(self):
        super().clean()
        self._keep_what_readers_need()
        if self.file and not self.file._committed:
            try:
                self._paint()
            except ValidationError as error:
                raise ValidationError({"file": error}) from None

    def _paint(self) -> None:
        painted = picture_files(self.file.file)
        self.file, self.medium, self.small = (painted[width] for width in PICTURE_WIDTHS)
        self.fallback = painted["fallback"]

    def _keep_what_readers_need(self) -> None:
        """A language in which readers have the picture keeps its description."""
        problems = {}
        for code in languages.CODES:
            shown = self.pk and self.articles.filter(is_shown=True, **{f"ready_{code}": True}).exists()
            if shown and not languages.field_in(self, "text", code):
                problems[f"text_{code}"] = _("Readers have this picture in this language: it needs its description.")
        if problems:
            raise ValidationError(problems)

    # Addresses

    @property
    def stamp(self) -> str:
        """Changes with the picture, so that caches may keep its addresses for good."""
        return hashlib.sha256(self.file.name.encode()).hexdigest()[:8]

    def address_of(self, size: str) -> str:
        """``size`` is a width in points, or ``fallback``."""
        if self.shared_by:
            return reverse("shared_picture", args=[self.shared_by, self.pk, size])
        return reverse("picture", args=[self.pk, self.stamp, size])

    @property
    def sizes(self) -> list[Size]:
        """Smallest first. A picture that was sent small has several addresses of the same width: named once."""
        widths = {min(width, self.width): width for width in PICTURE_WIDTHS}
        return [Size(self.address_of(str(width)), real) for real, width in sorted(widths.items())]

    @property
    def fallback_address(self) -> str:
        return self.address_of("fallback")

    def file_of(self, size: str):
        """The stored file, or None for a size that there is not."""
        names = {
            **dict(zip(map(str, PICTURE_WIDTHS), ("file", "medium", "small"), strict=True)),
            "fallback": "fallback",
        }
        return getattr(self, names[size]) if size in names else None

    def file_address(self, field_name: str) -> str:
        return self.fallback_address
