from django.urls import path

from apps.reviews import views

app_name = "reviews"

urlpatterns = [
    path("", views.cycle_list, name="list"),
    path("<int:number>/", views.cycle_detail, name="cycle"),
]
