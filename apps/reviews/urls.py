from django.urls import path

from apps.reviews import recommendation_views, views

app_name = "reviews"

urlpatterns = [
    path("", views.cycle_list, name="list"),
    path("<int:number>/", views.cycle_detail, name="cycle"),
    path("<int:number>/recommendations/", recommendation_views.recommendation_list, name="recommendations"),
    path("<int:number>/recommendations.csv", recommendation_views.recommendations_csv, name="recommendations_csv"),
    path(
        "<int:cycle>/recommendations/<int:number>/", recommendation_views.recommendation_detail, name="recommendation"
    ),
]
