from django.urls import path

from apps.meetings import views

app_name = "meetings"

urlpatterns = [
    path("", views.meeting_list, name="list"),
    path("<int:pk>-<title:slug>/", views.meeting_detail, name="detail"),
    path("<int:pk>/invite.ics", views.meeting_invite, name="invite"),
    path("<int:meeting_pk>/papers/<int:pk>/<slug:language>/", views.document_file, name="document"),
]
