"""A regional editor sees and keeps listings of his regions, and no others, anywhere."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import ProtectedError
from django.urls import reverse

from providers import rights
from providers.models import Offering, Provider, Region
from tests import factories, regional
from tests.forms_in_pages import errors_of, filled, submit
from tests.test_admin_people import page_of, person

pytestmark = pytest.mark.django_db

LIST = "/admin/providers/provider/"


def fresh(user: User) -> User:
    """As the next request would load the account."""
    return User.objects.get(pk=user.pk)


# --- What a region includes -----------------------------------------------------------

PLACES = {"US-CO", "US-UT", "CA-AB", "GB-SCT", "IE", "US"}


@pytest.mark.parametrize(
    ("regions", "theirs"),
    [
        ((), set()),
        (("US-CO",), {"US-CO"}),
        (("US-CO", "IE"), {"US-CO", "IE"}),
        (("US",), {"US-CO", "US-UT", "US"}),
        (("EU",), {"IE"}),
        (("CA-AB", "GB"), {"CA-AB", "GB-SCT"}),
    ],
)
def test_a_region_includes_those_within_it(regions, theirs):
    user = regional.keeper(*regions)
    listings = {code: factories.provider(region=code) for code in PLACES}
    kept = {code for code, one in listings.items() if rights.may_keep(user, one)}
    assert kept == theirs
    assert {code for code in PLACES if rights.may_keep_in(user, code)} == theirs
    shown = rights.listings_of(user).values_list("region", flat=True)
    assert sorted(shown) == sorted(theirs)


@pytest.mark.parametrize("group", ["editors", "managers"])
def test_editors_and_managers_are_limited_by_no_region(group):
    assert rights.regions_of(regional.keeper("US-CO", group=group)) is None


def test_regions_limit_an_account_of_any_other_group():
    Group.objects.create(name="volunteers")
    assert rights.regions_of(regional.keeper("US-CO", group="volunteers")) == {"US-CO"}
    assert rights.regions_of(regional.keeper(group="volunteers", name="free")) is None


def test_a_superuser_is_not_limited():
    boss = regional.keeper("US-CO")
    User.objects.update(is_superuser=True)
    assert rights.regions_of(fresh(boss)) is None


def test_the_rights_of_an_account_are_asked_for_once(django_assert_num_queries):
    user = regional.keeper("US-CO")
    with django_assert_num_queries(2):
        rights.regions_of(user)
        rights.regions_of(user)


# --- What the admin shows -------------------------------------------------------------


@pytest.fixture
def here(client):
    return regional.desk(client)


OF_LISTINGS = (
    *("provider", "offering", "priceline", "fact", "hours", "sourcerecord", "check"),
    *("change", "conflict", "importrun"),
)


@pytest.mark.parametrize("name", OF_LISTINGS)
def test_every_list_shows_their_rows_only(client, here, name):
    own, another = here
    page = client.get(reverse(f"admin:providers_{name}_changelist"))
    shown = set(page.context["cl"].queryset.values_list("pk", flat=True))
    assert own[name].pk in shown
    assert another[name].pk not in shown
    assert page.context["cl"].full_result_count == len(shown)


@pytest.mark.parametrize("name", [n for n in OF_LISTINGS if n != "importrun"])
def test_a_lookup_in_the_address_shows_no_other_rows(client, here, name):
    _own, another = here
    list_ = reverse(f"admin:providers_{name}_changelist")
    page = client.get(list_, {"id__exact": another[name].pk})
    if page.status_code == 200:
        assert not page.context["cl"].queryset.exists()
    else:
        assert page.status_code in (302, 400)


def test_every_table_of_listings_is_limited(client, here):
    """A table that comes later, with a way to a listing, is found here."""
    limited = set(OF_LISTINGS)
    for model in admin.site._registry:
        leads = {f.related_model for f in model._meta.get_fields() if f.many_to_one}
        if model is Provider or leads & {Provider, Offering}:
            assert model._meta.model_name in limited


def found_by_autocomplete(client, **asked) -> set[str]:
    answer = client.get("/admin/autocomplete/", {"term": "", **asked})
    return {row["id"] for row in answer.json()["results"]}


def test_the_choice_of_a_listing_offers_theirs(client, here):
    own, another = here
    asked = {"app_label": "providers", "model_name": "fact", "field_name": "provider"}
    offered = found_by_autocomplete(client, **asked)
    assert str(own["provider"].pk) in offered
    assert str(another["provider"].pk) not in offered


def test_the_choice_of_an_address_offers_their_regions(client, here):
    asked = {"app_label": "providers", "model_name": "provider", "field_name": "region"}
    assert found_by_autocomplete(client, **asked) == {"US-CO"}


def test_the_regions_that_an_offering_serves_are_all_offered(client, here):
    asked = {"app_label": "providers", "model_name": "offering", "field_name": "serves"}
    assert {"US-UT", "CA-AB"} <= found_by_autocomplete(client, **asked)


# --- What it lets them do -------------------------------------------------------------


@pytest.fixture
def listing_typed():
    factories.regions()
    return {
        "name": "Lumen",
        "contact_checked_on": "2025-05-17",
        "contact_method": "phone",
        "contact_source": str(factories.source().pk),
    }


@pytest.mark.parametrize(("region", "is_kept"), [("US-CO", True), ("US-UT", False)])
def test_a_listing_is_added_in_their_regions_only(
    client, here, listing_typed, region, is_kept
):
    answer = submit(client, f"{LIST}add/", region=region, **listing_typed)
    assert Provider.objects.filter(name="Lumen").exists() == is_kept
    if not is_kept:
        assert list(errors_of(answer)) == ["region"]


def test_a_listing_does_not_move_to_another_region(client, here):
    own, _another = here
    page = f"{LIST}{own['provider'].pk}/change/"
    answer = client.post(page, filled(client.get(page)) | {"region": "US-UT"})
    assert list(errors_of(answer)) == ["region"]
    own["provider"].refresh_from_db()
    assert own["provider"].region_id == "US-CO"


@pytest.mark.parametrize("name", ["fact", "offering", "hours", "sourcerecord", "check"])
def test_no_row_is_added_to_another_regions_listing(client, here, name):
    _own, another = here
    page = reverse(f"admin:providers_{name}_add")
    typed = filled(client.get(page)) | {"provider": str(another["provider"].pk)}
    answer = client.post(page, typed)
    assert "provider" in errors_of(answer)


@pytest.mark.parametrize("name", ["provider", "offering", "priceline", "fact", "hours"])
def test_no_action_reaches_another_regions_rows(client, here, name):
    own, another = here
    list_ = reverse(f"admin:providers_{name}_changelist")
    both = [own[name].pk, another[name].pk]
    action = {"action": "delete_selected", "_selected_action": both, "post": "yes"}
    client.post(list_, action)
    rows = type(own[name]).objects
    assert not rows.filter(pk=own[name].pk).exists()
    assert rows.filter(pk=another[name].pk).exists()


def test_every_bulk_action_of_the_list_leaves_other_regions_alone(client, here):
    """Whatever actions there are: only what is chosen among theirs may change."""
    _own, another = here
    offered = re.findall(r'<option value="(\w+)"', client.get(LIST).content.decode())
    actions_offered = [name for name in offered if name in dir(_provider_admin())]
    assert {"publish", "unpublish"} <= set(actions_offered)
    before = regional.document_of(another)
    for name in (*actions_offered, "delete_selected"):
        chosen = {"action": name, "_selected_action": [another["provider"].pk]}
        answer = client.post(LIST, chosen | {"post": "yes"})
        assert another["provider"].name not in answer.content.decode(errors="replace")
    assert regional.document_of(another) == before


def _provider_admin():
    return admin.site._registry[Provider]


def test_a_list_cannot_be_edited_beside_its_actions(client, here):
    for model, page in admin.site._registry.items():
        assert not page.list_editable, model


def test_sources_and_organizations_are_theirs_to_choose_not_to_change(client, here):
    for page in ("source", "organization"):
        assert client.get(f"/admin/providers/{page}/").status_code == 200
        assert client.get(f"/admin/providers/{page}/add/").status_code == 403


# --- Who makes them -------------------------------------------------------------------


@pytest.fixture
def manager(client):
    return person(client, "managers")


def test_a_manager_gives_an_account_its_regions(client, manager):
    user = regional.keeper()
    typed = {
        "kept_regions-TOTAL_FORMS": "2",
        "kept_regions-0-region": "US-CO",
        "kept_regions-1-region": "CA",
    }
    assert submit(client, page_of(user), **typed).status_code == 302
    assert rights.regions_of(fresh(user)) == {"US-CO", "CA"}


def test_the_world_is_no_region_of_an_editor(client, manager):
    user = regional.keeper()
    typed = {"kept_regions-TOTAL_FORMS": "1", "kept_regions-0-region": "001"}
    answer = submit(client, page_of(user), **typed)
    assert "kept_regions-0-region" in errors_of(answer)


def test_a_regional_editor_gives_nobody_regions(client):
    user = regional.keeper("US-CO")
    client.force_login(user)
    assert client.get(page_of(user)).status_code == 403
    assert not user.has_perm("providers.add_regionaleditor")


def test_the_groups_that_rights_know_by_name_keep_their_names(client, manager):
    for name in ("editors", rights.REGIONAL, "managers"):
        group = Group.objects.get(name=name)
        submit(client, page_of(group), name="renamed")
        assert Group.objects.filter(pk=group.pk, name=name).exists()


def test_a_region_in_use_is_not_deleted():
    regional.keeper("US-CO")
    with pytest.raises(ProtectedError):
        Region.objects.get(code="US-CO").delete()


def test_a_regional_editor_holds_nothing_that_an_editor_does_not():
    held = {
        name: set(Permission.objects.filter(group__name=name))
        for name in (rights.REGIONAL, "editors")
    }
    assert held[rights.REGIONAL] < held["editors"]
