"""Addresses of the public pages."""

from django.urls import path

from providers.views import listing, pages, regions, search

urlpatterns = [
    path("", pages.home, name="home"),
    path("search/", search.search, name="search"),
    path("providers/<slug:slug>/", listing.listing, name="provider"),
    path("regions/", regions.regions, name="regions"),
    path("regions/<slug:code>/", regions.region, name="region"),
    path("about/", pages.about, name="about"),
    path("privacy/", pages.privacy, name="privacy"),
    path("crisis/", pages.crisis_lines, name="crisis-lines"),
    path("robots.txt", pages.robots, name="robots"),
]
