from django.contrib.auth.decorators import login_not_required
from django.urls import path

from apps.core.pagecache import public_page
from apps.news import feeds, views

app_name = "news"

urlpatterns = [
    path("", views.article_list, name="list"),
    path("feed/", public_page()(login_not_required(feeds.ArticleFeed())), name="feed"),
    path("feed/<slug:category>/", public_page()(login_not_required(feeds.ArticleFeed())), name="category_feed"),
    path("archive/", views.archive, name="archive"),
    path("parity/", views.parity, name="parity"),
    path("<int:pk>/preview/<int:number>/", views.preview, name="preview"),
    path("shared/<str:token>/", views.shared, name="shared"),
    path("<int:pk>-<title:slug>/", views.article_detail, name="detail"),
]
