from django.urls import path

from apps.stakeholders import views

app_name = "stakeholders"

urlpatterns = [path("", views.GroupDetail.as_view(), name="group")]
