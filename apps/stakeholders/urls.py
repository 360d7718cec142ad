from django.urls import path

from apps.stakeholders import views

app_name = "stakeholders"

urlpatterns = [
    path("", views.GroupDetail.as_view(), name="group"),
    path("sharing/", views.Sharing.as_view(), name="sharing"),
    path("sharing/welcome/", views.WelcomeSharing.as_view(), name="welcome_sharing"),
]
