from django.contrib.auth.decorators import login_not_required
from django.urls import path

from apps.search import views

app_name = "search"
urlpatterns = [
    path("", views.results, name="results"),
    path("suggest/", views.suggest, name="suggest"),
    path("feed/", login_not_required(views.SearchFeed()), name="feed"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
]
