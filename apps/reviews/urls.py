from django.urls import path

from apps.reviews import catalogue_views, recommendation_views, submission_views, synthesis_views, views

app_name = "reviews"

urlpatterns = [
    path("", views.cycle_list, name="list"),
    path("practices/", catalogue_views.practice_list, name="practices"),
    path("practices.csv", catalogue_views.practices_csv, name="practices_csv"),
    path("practices/propose/", catalogue_views.propose_practice, name="propose_practice"),
    path("practices/<int:pk>/", catalogue_views.practice_detail, name="practice"),
    path("pledges/", catalogue_views.pledge_list, name="pledges"),
    path("pledges.csv", catalogue_views.pledges_csv, name="pledges_csv"),
    path("pledges/<int:pk>/", catalogue_views.pledge_detail, name="pledge"),
    path("topics/", catalogue_views.topics, name="topics"),
    path("objectives/<int:number>/", catalogue_views.objective_detail, name="objective"),
    path("countries/<slug:code>/", catalogue_views.country_detail, name="country"),
    path("<int:number>/", views.cycle_detail, name="cycle"),
    path("<int:number>/submissions/", submission_views.submission_list, name="submissions"),
    path("<int:number>/submissions.csv", submission_views.submissions_csv, name="submissions_csv"),
    path("<int:number>/submissions/<int:submission>/", submission_views.submission_detail, name="submission"),
    path("<int:number>/synthesis/", synthesis_views.section_list, name="synthesis"),
    path("<int:number>/synthesis/<int:pk>/", synthesis_views.section_detail, name="section"),
    path("<int:number>/trace/", submission_views.trace_page, name="trace"),
    path("<int:number>/trace.csv", submission_views.trace_csv, name="trace_csv"),
    path("<int:number>/trace.json", submission_views.trace_json, name="trace_json"),
    path("<int:number>/trace.svg", submission_views.trace_svg, name="trace_svg"),
    path("<int:number>/recommendations/", recommendation_views.recommendation_list, name="recommendations"),
    path("<int:number>/recommendations.csv", recommendation_views.recommendations_csv, name="recommendations_csv"),
    path(
        "<int:cycle>/recommendations/<int:number>/", recommendation_views.recommendation_detail, name="recommendation"
    ),
]
