from django.urls import path

from apps.reviews.submitting import views

app_name = "input"

urlpatterns = [
    path("", views.call_list, name="calls"),
    path("<int:pk>/", views.call_detail, name="call"),
    path("<int:pk>/paper/", views.call_on_paper, name="paper"),
    path("<int:pk>/begin/", views.begin, name="begin"),
    path("mine/<str:token>/", views.input_page, name="mine"),
    path("mine/<str:token>/<slug:part>/", views.part_page, name="part"),
]
