from django.urls import path

from apps.opendata import views

app_name = "opendata"
urlpatterns = [
    path("", views.data, name="data"),
    path("engagement/", views.engagement, name="engagement"),
    path("engagement/<slug:name>.csv", views.figure_csv, name="figure_csv"),
    path("engagement/<slug:name>.svg", views.figure_svg, name="figure_svg"),
    path("engagement/<slug:name>.png", views.figure_png, name="figure_png"),
]
