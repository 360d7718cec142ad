from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from apps.accounts.views import OwnRecord, pass_step
from apps.stakeholders.forms import SharingForm
from apps.stakeholders.models import AdvisoryGroup, Person
from apps.stakeholders.seats import table
from apps.stakeholders.services import save_person


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


class Sharing(OwnRecord):
    """What the public may read about the person herself."""

    form_class = SharingForm
    template_name = "stakeholders/sharing.html"

    def records(self):
        return Person.objects.filter(user=self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "person": context["form"].instance}

    def save(self, record):
        save_person(record, by=self.request.user)

    def done(self):
        messages.success(self.request, _("Saved."))
        return HttpResponseRedirect(reverse("stakeholders:sharing"))


class WelcomeSharing(Sharing):
    template_name = "stakeholders/welcome_sharing.html"

    def done(self):
        return pass_step(self.request, "stakeholders:welcome_sharing")
