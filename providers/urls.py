"""Addresses of the public pages."""

from django.urls import path

from providers.views import (
    budget,
    compare,
    freshness,
    listing,
    pages,
    regions,
    report,
    search,
)

urlpatterns = [
    path("", pages.home, name="home"),
    path("search/", search.search, name="search"),
    path("providers/<slug:slug>/", listing.listing, name="provider"),
    path("providers/<slug:slug>/report/", report.report, name="report"),
    path("providers/<slug:slug>/report/thanks/", report.thanks, name="report-thanks"),
    path("budget/", budget.budget, name="budget"),
    path("compare/", compare.compare, name="compare"),
    path("regions/", regions.regions, name="regions"),
    path("regions/<slug:code>/", regions.region, name="region"),
    path("about/", pages.about, name="about"),
    path("about/freshness/", freshness.freshness, name="freshness"),
    path("privacy/", pages.privacy, name="privacy"),
    path("crisis/", pages.crisis_lines, name="crisis-lines"),
    path("robots.txt", pages.robots, name="robots"),
]
