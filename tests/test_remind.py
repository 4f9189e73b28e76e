"""The queue by mail: what stands in it, for whom, and when none is sent."""

import io

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command

from providers import actions
from tests import factories

pytestmark = pytest.mark.django_db

SITE = "https://kap.example.org/"


@pytest.fixture
def listings():
    return [
        factories.provider(name="Old", city="Denver", contact_days=100),
        factories.provider(name="Older", contact_days=400, region="US-UT"),
    ]


def remind(*words: str, site: str = SITE) -> str:
    told = io.StringIO()
    call_command("remind", "desk@example.org", *words, f"--site={site}", stdout=told)
    return told.getvalue()


def test_the_mail_tells_what_why_and_where_the_most_urgent_first(listings):
    assert remind() == "2 of 2 listings sent.\n"
    [message] = mail.outbox
    assert message.to == ["desk@example.org"]
    assert message.subject == "kapfinder: 2 to check"
    sheet = f"https://kap.example.org/admin/providers/provider/{listings[0].pk}/check/"
    assert message.body.startswith("2 listings need a check. The most urgent:\n\n1. Ol")
    entry = "2. Old (Denver, US-CO)\n   contact not checked for 100 days\n"
    assert f"{entry}   {sheet}\n" in message.body
    assert "https://kap.example.org/admin/providers/provider/queue/" in message.body


def test_nothing_to_check_sends_nothing_and_says_so():
    factories.provider()
    assert "Nothing to check" in remind()
    assert mail.outbox == []


def test_the_mail_holds_one_region_or_one_person_or_a_few(listings):
    factories.regions()
    remind("--region=US-UT")
    remind("--limit=1")
    assert "nobody" not in mail.outbox[0].body
    edith = User.objects.create_user("edith")
    actions.assign(listings[:1], to=edith)
    remind("--person=edith")
    shown = ["Old (" in m.body for m in mail.outbox]
    assert shown == [False, False, True]
    assert "1 listing needs a check:" in mail.outbox[0].body
    assert "2 listings need" in mail.outbox[1].body


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--region=XX", "No region has the code XX."),
        ("--person=nobody", "Nobody is called nobody."),
        ("--limit=0", "1 or more"),
        ("elsewhere", "'elsewhere' is no e-mail address."),
    ],
)
def test_nonsense_is_refused_in_words(listings, words, told):
    with pytest.raises(CommandError, match=told):
        remind(words)
    with pytest.raises(CommandError, match="--site"):
        remind(site="kap")
    assert mail.outbox == []


def test_it_asks_the_same_number_of_queries_however_many_there_are(
    listings, django_assert_num_queries
):
    with django_assert_num_queries(2):
        remind()
