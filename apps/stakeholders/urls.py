from django.urls import path

from apps.stakeholders import coverage_views, directory, views
from apps.stakeholders.joining import views as joining

app_name = "stakeholders"

urlpatterns = [
    path("", views.GroupDetail.as_view(), name="group"),
    path("<int:pk>/", views.GroupDetail.as_view(), name="other_group"),
    path("<int:pk>/history/", views.GroupHistory.as_view(), name="history"),
    path("calls/", views.call_list, name="calls"),
    path("calls/<int:pk>/", views.call_detail, name="call"),
    path("interests/", views.interests, name="interests"),
    path("interests/<int:pk>/end/", views.end, name="end_interest"),
    path("coverage/", coverage_views.coverage, name="coverage"),
    path("coverage.csv", coverage_views.coverage_csv, name="coverage_csv"),
    path("coverage.svg", coverage_views.coverage_svg, name="coverage_svg"),
    path("directory/", directory.directory, name="directory"),
    path("join/", joining.begin, name="join"),
    path("join/<str:token>/", joining.request_page, name="join_request"),
    path("join/<str:token>/<slug:part>/", joining.part_page, name="join_part"),
    path("sharing/", views.Sharing.as_view(), name="sharing"),
    path("sharing/welcome/", views.WelcomeSharing.as_view(), name="welcome_sharing"),
]
