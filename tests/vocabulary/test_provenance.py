"""Currencies, methods, freshness and sources."""

from providers.vocabulary import (
    CHECK_GROUPS,
    CONFIRMING_METHODS,
    CURRENCIES,
    CURRENCY_OF_COUNTRY,
    FRESH_DAYS,
    GROUP_OF_TOPIC,
    METHODS,
    PERSON_METHODS,
    PRICE_HISTORY_DAYS,
    REVIEW_DAYS,
    SOURCES,
    TOPICS,
    UNCONFIRMED_DAYS,
)


def test_currencies_follow_the_country():
    assert {
        c: CURRENCY_OF_COUNTRY[c] for c in ["US", "CA", "GB", "IE", "DE", "AU", "NZ"]
    } == {
        "US": "USD",
        "CA": "CAD",
        "GB": "GBP",
        "IE": "EUR",
        "DE": "EUR",
        "AU": "AUD",
        "NZ": "NZD",
    }
    assert set(CURRENCY_OF_COUNTRY.values()) == set(CURRENCIES)
    assert "CH" not in CURRENCY_OF_COUNTRY


def test_each_currency_has_its_own_sign():
    signs = {code.code: code.symbol for code in CURRENCIES.values()}
    assert signs["USD"] == "$"
    assert len(set(signs.values())) == len(signs)
    assert CURRENCIES.resolve("usd") == "USD"


def test_a_website_or_a_visitor_never_confirms():
    assert set(CONFIRMING_METHODS) == set(METHODS) - {"website", "visitor_report"}
    assert PERSON_METHODS == ("clinic_form", "phone")


def test_facts_go_stale_by_group():
    assert FRESH_DAYS == {
        "contact": 90,
        "prices": 90,
        "services": 180,
        "licences": 90,
        "access": 365,
    }
    assert (UNCONFIRMED_DAYS, PRICE_HISTORY_DAYS, REVIEW_DAYS) == (180, 365, 90)


def test_every_topic_is_checked_with_one_group():
    assert set(FRESH_DAYS) == set(CHECK_GROUPS)
    assert GROUP_OF_TOPIC == {
        "payment": "prices",
        "new_patients": "contact",
        "licence": "licences",
        "clinician": "licences",
        "access": "access",
        "population": "access",
        "language": "access",
        "who": "access",
        "condition": "services",
        "screening": "services",
        "safety": "services",
    }
    assert set(GROUP_OF_TOPIC) == set(TOPICS)


def test_the_sources_that_every_directory_starts_with():
    assert set(SOURCES) == {"clinic", "samhsa_mh_directory", "sample"}
    survey = SOURCES["samhsa_mh_directory"]
    assert survey.publisher == "SAMHSA"
    assert survey.licence == "US-Government-public-domain"
    assert survey.url == (
        "https://www.samhsa.gov/data/report/"
        "national-directory-of-mental-health-treatment-facilities"
    )
