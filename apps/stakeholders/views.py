from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.generic import DetailView

from apps.stakeholders.models import AdvisoryGroup
from apps.stakeholders.seats import table


@method_decorator(login_not_required, name="dispatch")
class GroupDetail(DetailView):
    """The advisory group and who sits in it. With several groups this is the first one."""

    template_name = "stakeholders/advisorygroup_detail.html"
    context_object_name = "group"

    def get_object(self, queryset=None):
        group = AdvisoryGroup.objects.visible_to(self.request.user).first()
        if group is None:
            raise Http404
        return group

    def get_context_data(self, **kwargs):
        return super().get_context_data(table=table(self.object, self.request.user), **kwargs)
