from django.urls import path

from apps.meetings import agenda_views, calendar_views, minutes_views, pack_views, register_views, reply_views, views

app_name = "meetings"

urlpatterns = [
    path("", views.meeting_list, name="list"),
    path("mine/", views.own_desk, name="desk"),
    path("decisions/", register_views.decision_list, name="decisions"),
    path("decisions.csv", register_views.decisions_csv, name="decisions_csv"),
    path("decisions/<int:pk>/", register_views.decision_detail, name="decision"),
    path("actions/", register_views.action_list, name="actions"),
    path("actions.csv", register_views.actions_csv, name="actions_csv"),
    path("actions/<int:pk>/", register_views.action_detail, name="action"),
    path("<int:pk>-<title:slug>/", views.meeting_detail, name="detail"),
    path("<int:pk>/agenda/", agenda_views.agenda_versions, name="agenda_versions"),
    path("<int:pk>/propose/", agenda_views.propose, name="propose"),
    path("<int:pk>/invite.ics", views.meeting_invite, name="invite"),
    path("calendar.ics", calendar_views.public_feed, name="public_feed"),
    path("calendar/", calendar_views.own_calendar, name="own_calendar"),
    path("calendar/<str:token>.ics", calendar_views.own_feed, name="own_feed"),
    path("<int:pk>/reply/", reply_views.reply, name="reply"),
    path("<int:pk>/attendance/", reply_views.attend, name="attend"),
    path("reply/<str:token>/", reply_views.reply_by_link, name="reply_by_link"),
    path("<int:pk>/minutes/", minutes_views.minutes, name="minutes"),
    path("<int:meeting_pk>/minutes/comments/<int:pk>/", minutes_views.own_comment, name="own_comment"),
    path("<int:pk>/pack/<slug:language>/<slug:kind>/", pack_views.pack, name="pack"),
    path("<int:pk>/pack/<slug:language>/<slug:kind>/file/", pack_views.pack_file, name="pack_file"),
    path("<int:meeting_pk>/papers/<int:pk>/<slug:language>/", views.document_file, name="document"),
    path(
        "<int:meeting_pk>/papers/<int:pk>/<slug:language>/<int:number>/",
        views.document_version,
        name="document_version",
    ),
]
