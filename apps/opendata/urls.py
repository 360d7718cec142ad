from django.urls import path

from apps.opendata import views

app_name = "opendata"
urlpatterns = [path("", views.data, name="data")]
