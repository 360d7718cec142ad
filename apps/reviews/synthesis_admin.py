"""The rapporteur's bench in the back office: clusters of what came in, gaps beside them, and sections to write."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from apps.core import current
from apps.core.admin import STAMPS
from apps.core.languages import columns
from apps.core.steps import Step
from apps.reviews import synthesis
from apps.reviews.models import Passage, SectionComment, SynthesisSection
from apps.reviews.office import DiscussedAdmin, in_states

State = SynthesisSection.State


@admin.register(SynthesisSection)
class SectionAdmin(DiscussedAdmin):
    comments = SectionComment
    facts = ("cycle", "order", "objectives")
    list_display = ["__str__", "cycle", "order", "state", "saved"]
    list_filter = ["cycle", "state", "objectives"]
    list_select_related = ["cycle"]
    search_fields = [*columns("title")]
    search_help_text = _("Search by title in either language.")
    autocomplete_fields = ["cycle", "objectives"]
    readonly_fields = ("state", "quoted", "bench", "said", "who_created", "who_saved")
    fieldsets = [
        (None, {"fields": ["cycle", "order", "title", "body", "objectives", "state"]}),
        (_("Passages"), {"fields": ["quoted"]}),
        (_("What came in"), {"fields": ["bench"]}),
        (_("What members say"), {"fields": ["said"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="share",
            label=_("Share with members"),
            explanation=_("Those who sit in a group read it and comment."),
            service=synthesis.share,
            offered=in_states(State.DRAFT),
            done=_("Shared."),
        ),
        Step(
            name="publish",
            label=_("Publish"),
            explanation=_("In both languages. Whoever is quoted is told."),
            service=synthesis.publish,
            offered=in_states(State.DRAFT, State.SHARED),
            done=_("Published."),
            is_main=False,
        ),
        Step(
            name="take-back",
            label=_("Back to draft"),
            explanation=_("Only the back office reads it then."),
            service=synthesis.take_back,
            offered=in_states(State.SHARED, State.PUBLISHED),
            done=_("It is a draft again."),
            is_main=False,
        ),
    )

    @admin.display(description=_("passages"))
    def quoted(self, obj):
        if not obj.pk:
            return "–"
        reader = current.reader()
        passages = Passage.objects.visible_to(reader).filter(section=obj).select_related("submission__cycle")
        may_open = reader.has_perm("reviews.view_submission")
        return render_to_string("admin/reviews/passages.html", {"passages": passages, "may_open": may_open})

    @admin.display(description=_("what came in"))
    def bench(self, obj):
        """How many contributions there are on what, and on what there is none."""
        if not obj.pk:
            return "–"
        clusters = [(axis, synthesis.clusters(obj.cycle, axis)) for axis in ("objective", "country", "constituency")]
        return render_to_string("admin/reviews/bench.html", {"clusters": clusters, "cycle": obj.cycle})

    def may_go(self, obj):
        return obj.state == State.DRAFT

    def view_on_site(self, obj):
        return obj.get_absolute_url()
