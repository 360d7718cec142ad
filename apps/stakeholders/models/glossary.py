from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.core.models import Record
from apps.stakeholders.models.reference import PublicList


class Term(Record):
    """A term of the field: how the portal writes it in each language, and which other forms are met."""

    name = models.CharField(_("term"), max_length=150, help_text=_("The form that the portal’s texts use."))
    other_forms = models.TextField(
        _("other forms"),
        blank=True,
        help_text=_("One on each line: forms that are met and that texts of the portal avoid, abbreviations included."),
    )

    objects = PublicList.as_manager()

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary")
        ordering = ["name_en"]

    def __str__(self):
        return str(languages.version(self, "name"))

    def forms_in(self, language: str) -> list[str]:
        """The other forms in this language."""
        return [form.strip() for form in languages.field_in(self, "other_forms", language).splitlines() if form.strip()]
