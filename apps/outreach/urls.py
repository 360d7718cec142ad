from django.urls import path

from apps.outreach import views

app_name = "outreach"
urlpatterns = [
    path("", views.begin, name="begin"),
    path("<str:token>/", views.subscription, name="subscription"),
    path("<str:token>/off/", views.off, name="off"),
]
