"""The attendance of a meeting on one page of the back office: everybody on the list, a choice each."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from apps.accounts.roles import Role
from apps.meetings import attendance
from apps.meetings.models import Attendance, Meeting


class AttendanceForm(forms.Form):
    """``was-<pk>`` carries what stood there when the page was opened: a note made meanwhile by somebody else, as by the
    person herself, is shown and not overwritten unless it is chosen again."""

    def __init__(self, data=None, *, meeting: Meeting):
        super().__init__(data)
        self.people = list(meeting.participants.asked().select_related("person", "alternate__person"))
        labels = dict(Attendance.choices)
        ways = [*attendance.possible(meeting), Attendance.ABSENT, Attendance.UNKNOWN]
        choices = [(way.value, labels[way.value]) for way in ways]
        for one in self.people:
            name = f"is-{one.pk}"
            self.fields[name] = forms.ChoiceField(
                label=str(one), choices=choices, required=False, widget=forms.RadioSelect, initial=one.attendance
            )
            self.fields[f"was-{one.pk}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=one.attendance
            )

    @property
    def rows(self):
        """Each person with her choices and what was saved meanwhile."""
        return [(one, self[f"is-{one.pk}"], self[f"was-{one.pk}"]) for one in self.people]

    def clean(self):
        cleaned = super().clean()
        for one in self.people:
            chosen, was = cleaned.get(f"is-{one.pk}", ""), cleaned.get(f"was-{one.pk}", "")
            if one.attendance not in (was, chosen) and chosen != was:
                label = one.get_attendance_display()
                self.add_error(
                    f"is-{one.pk}", _("Saved meanwhile: %(saved)s. Choose again, then save.") % {"saved": label}
                )
        if self.errors:
            self.data = self.data.copy()
            self.data.update({f"was-{one.pk}": one.attendance for one in self.people})
        return cleaned

    def changes(self) -> dict[int, str]:
        """By participant what was chosen here; what somebody else noted and nobody touched here stays."""
        chosen = {one.pk: self.cleaned_data[f"is-{one.pk}"] for one in self.people}
        return {pk: how for pk, how in chosen.items() if how != self.cleaned_data[f"was-{pk}"]}


class AttendanceMixin:
    """Adds the page to the admin of meetings."""

    def get_urls(self):
        page = path(
            "<int:pk>/attendance/", self.admin_site.admin_view(self.attendance_view), name="meetings_meeting_attendance"
        )
        return [page, *super().get_urls()]

    @transaction.atomic
    def attendance_view(self, request, pk: int):
        if not request.user.has_role(Role.SECRETARIAT):
            raise PermissionDenied
        meeting = Meeting.objects.visible_to(request.user).select_for_update(of=("self",)).filter(pk=pk).first()
        if meeting is None:
            raise Http404
        refusal = attendance.refusal(meeting)
        form = AttendanceForm(request.POST if request.method == "POST" else None, meeting=meeting)
        if request.method == "POST" and not refusal and form.is_valid():
            attendance.note_all(meeting, by=request.user, attendances=form.changes())
            messages.success(request, _("The attendance is saved."))
            return HttpResponseRedirect(reverse("admin:meetings_meeting_attendance", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Attendance"),
            "meeting": meeting,
            "form": form,
            "refusal": refusal,
            "quorum": attendance.quorum(meeting),
        }
        status = 409 if request.method == "POST" and refusal else 400 if form.errors else 200
        return TemplateResponse(request, "admin/meetings/meeting/attendance.html", context, status=status)
