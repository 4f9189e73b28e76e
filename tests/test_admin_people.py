"""Who may do what: the groups, and that nobody gets more by his own hand."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import reverse

from providers import actions, groups
from providers.models import Change, Source
from tests import factories
from tests.forms_in_pages import errors_of, filled, submit

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

GROUPS = ("editors", "regional editors", "managers")
# Verbs by model: view, add, change, delete. Typed by hand from the words.
EDITORS = {
    "provider": "vacd",
    "offering": "vacd",
    "priceline": "vcd",  # added on the page of its offering
    "fact": "vacd",
    "hours": "vacd",
    "organization": "vacd",
    "sourcerecord": "vacd",
    "check": "va",
    "source": "vac",
    "change": "v",
    "conflict": "v",
    "importrun": "v",
    "region": "v",
    "place": "v",
}
MANAGERS = EDITORS | dict.fromkeys(
    ["regulatorynote", "crisisline", "coursetemplate", "learnpage", "region"], "vacd"
)
MANAGERS |= {"user": "vacd", "group": "vacd"}


def person(client, group: str) -> User:
    made = User.objects.create_user(f"one-of-{group}", is_staff=True)
    made.groups.add(Group.objects.get(name=group))
    client.force_login(made)
    return made


def one_of_each() -> dict[str, object]:
    """A row of every model that the admin shows, by model name."""
    from providers import models

    boss = User.objects.create_superuser("boss")
    hours = {
        "closes": "17:00:00",
        "by_appointment": False,
        "note_en": "",
        "note_es": "",
    }
    provider = factories.provider(
        facts=factories.fact("medicaid"),
        hours={"0|09:00:00": hours},
        sources={"clinic": ["1"]},
    )
    actions.record_check(
        provider=provider,
        group="contact",
        outcome="confirmed",
        method="phone",
        source=factories.source(),
        checked_on=factories.days_ago(1),
        by=boss,
    )
    run = models.ImportRun.objects.create(importer="listings", file_name="a.csv")
    models.Conflict.objects.create(provider=provider, run=run, path="phone")
    models.Organization.objects.create(code="org", name="Org")
    region = models.Region.objects.get(code="US-CO")
    at = {"country": "US", "region": region, "latitude": 40, "longitude": -105}
    models.Place.objects.create(kind="town", name="Boulder", **at)
    sourced = {
        "source_title": "A",
        "checked_on": "2025-01-01",
        "review_by": "2025-02-01",
    }
    models.RegulatoryNote.objects.create(
        jurisdiction=region,
        topic="telehealth",
        status="info",
        text_en="A",
        **sourced,
        source_grade="A",
    )
    models.CrisisLine.objects.create(
        region=region, name_en="988", call="988", **sourced
    )
    models.CourseTemplate.objects.create(
        code="iv",
        name_en="IV",
        route="iv_infusion",
        therapy="none",
        **sourced,
        format="group",
    )
    models.LearnPage.objects.create(slug="a", title_en="A", body_en="A", **sourced)
    stranger = User.objects.create_user("stranger")
    rows = {m._meta.model_name: m.objects.first() for m in admin.site._registry}
    return rows | {"user": stranger, "group": Group.objects.create(name="nobody")}


def statuses(client, model, row) -> dict[str, int]:
    """What each of a model's pages answers; a change is tried, not only looked at."""
    place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    own = [row.pk]
    return {
        "list": client.get(reverse(f"{place}_changelist")).status_code,
        "v": client.get(reverse(f"{place}_change", args=own)).status_code,
        "history": client.get(reverse(f"{place}_history", args=own)).status_code,
        "a": client.get(reverse(f"{place}_add")).status_code,
        "c": client.post(reverse(f"{place}_change", args=own)).status_code,
        "d": client.get(reverse(f"{place}_delete", args=own)).status_code,
    }


@pytest.mark.parametrize(
    ("group", "table"), [("editors", EDITORS), ("managers", MANAGERS)]
)
def test_each_group_may_do_what_its_table_says_and_nothing_else(client, group, table):
    rows = one_of_each()
    person(client, group)
    for model in admin.site._registry:
        name = model._meta.model_name
        verbs = table.get(name, "")
        for page, status in statuses(client, model, rows[name]).items():
            allowed = (page if page in "acd" else "v") in verbs
            assert (status in (200, 302)) == allowed, (group, name, page, status)
            assert status in (200, 302, 403), (group, name, page, status)


def test_the_first_page_lists_only_what_a_person_may_open(client):
    person(client, "editors")
    page = client.get("/admin/").content.decode()
    assert "/admin/providers/provider/" in page
    assert "/admin/providers/crisisline/" not in page
    assert 'href="/admin/auth/user/"' not in page
    assert "/admin/auth/group/" not in page


@pytest.mark.parametrize("group", ["editors", "managers"])
def test_a_person_of_a_group_can_add_publish_and_delete_a_listing(client, group):
    factories.regions()
    someone = person(client, group)
    source = str(Source.objects.get(code="clinic").pk)
    submit(
        client,
        "/admin/providers/provider/add/",
        name="Lumen",
        region="US-CO",
        contact_checked_on="2025-05-17",
        contact_method="phone",
        contact_source=source,
    )
    change = Change.objects.latest()
    assert change.by == someone
    action = {"action": "publish", "_selected_action": [change.provider_id]}
    client.post("/admin/providers/provider/", action)
    change.provider.refresh_from_db()
    assert change.provider.published
    page = f"/admin/providers/provider/{change.provider_id}/delete/"
    client.post(page, {"post": "yes"})
    assert Change.objects.latest().after is None


def test_an_editor_may_delete_a_listing_with_checks_and_conflicts(client):
    provider = one_of_each()["provider"]
    person(client, "editors")
    page = f"/admin/providers/provider/{provider.pk}/delete/"
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert not type(provider).objects.filter(pk=provider.pk).exists()


def test_a_reader_sees_listings_and_cannot_publish_them(client):
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_provider"))
    client.force_login(reader)
    provider = factories.provider(published=False)
    page = client.get(f"/admin/providers/provider/{provider.pk}/change/")
    assert page.status_code == 200
    assert "Save" not in page.content.decode()
    action = {"action": "publish", "_selected_action": [provider.pk]}
    client.post("/admin/providers/provider/", action)
    provider.refresh_from_db()
    assert not provider.published


def test_whoever_is_no_staff_is_sent_to_the_login(client):
    client.force_login(User.objects.create_user("patient"))
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/providers/provider/").status_code == 302


# --- Nobody gets more by his own hand ------------------------------------------------


@pytest.fixture
def manager(client):
    return person(client, "managers")


def page_of(person) -> str:
    name = person._meta.model_name
    return reverse(f"admin:auth_{name}_change", args=[person.pk])


def test_a_manager_makes_an_editor(client, manager):
    values = {"password1": "correct horse 9", "password2": "correct horse 9"}
    submit(client, "/admin/auth/user/add/", username="new", **values)
    made = User.objects.get(username="new")
    editors = Group.objects.get(name="editors")
    submit(client, page_of(made), is_staff="on", groups=[str(editors.pk)])
    made.refresh_from_db()
    assert (made.is_staff, list(made.groups.all())) == (True, [editors])
    assert made.has_perm("providers.change_provider")


def test_a_manager_neither_sees_nor_sets_what_makes_a_superuser(client, manager):
    page = client.get(page_of(manager))
    assert {"is_superuser", "user_permissions"} & set(filled(page)) == set()
    assert 'name="is_superuser"' not in page.content.decode()
    everything = [str(p.pk) for p in Permission.objects.all()]
    typed = {"is_superuser": "on", "user_permissions": everything}
    assert submit(client, page_of(manager), **typed).status_code == 302
    manager.refresh_from_db()
    assert not manager.is_superuser
    assert not manager.user_permissions.exists()


def test_a_new_account_is_no_superuser_either(client, manager):
    values = {"password1": "correct horse 9", "password2": "correct horse 9"}
    submit(client, "/admin/auth/user/add/", username="a", is_superuser="on", **values)
    assert not User.objects.get(username="a").is_superuser


@pytest.mark.parametrize("is_active", [True, False])
def test_a_manager_does_not_take_over_a_superuser(client, manager, is_active):
    boss = User.objects.create_superuser("boss", password="old", is_active=is_active)
    assert client.post(page_of(boss), {"username": "mine"}).status_code == 403
    new = {"password1": "correct horse 9", "password2": "correct horse 9"}
    password = reverse("admin:auth_user_password_change", args=[boss.pk])
    assert client.post(password, new).status_code == 403
    delete = reverse("admin:auth_user_delete", args=[boss.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [boss.pk], "post": "yes"}
    client.post("/admin/auth/user/", action)
    boss.refresh_from_db()
    assert boss.check_password("old")


def test_a_manager_does_not_take_over_an_account_with_other_rights(client, manager):
    clerk = User.objects.create_user("clerk", is_staff=True, is_active=False)
    clerk.user_permissions.add(Permission.objects.get(codename="delete_logentry"))
    assert client.post(page_of(clerk), {"username": "mine"}).status_code == 403
    assert client.get(page_of(clerk)).status_code == 200


@pytest.fixture
def owners():
    group = Group.objects.create(name="owners")
    group.permissions.add(Permission.objects.get(codename="delete_logentry"))
    return group


def test_a_manager_does_not_hand_out_a_group_beyond_his_own(client, manager, owners):
    page = submit(client, page_of(manager), groups=[str(owners.pk)])
    assert list(errors_of(page)) == ["groups"]
    assert not manager.groups.filter(pk=owners.pk).exists()
    assert client.post(page_of(owners), {"name": "mine"}).status_code == 403


def test_a_manager_does_not_put_rights_beyond_his_own_into_a_group(client, manager):
    editors = Group.objects.get(name="editors")
    beyond = str(Permission.objects.get(codename="delete_logentry").pk)
    page = submit(client, page_of(editors), permissions=[beyond])
    assert list(errors_of(page)) == ["permissions"]
    assert not editors.permissions.filter(pk=beyond).exists()


def test_a_manager_may_rename_a_group_of_lesser_rights(client, manager):
    readers = Group.objects.create(name="readers")
    readers.permissions.add(Permission.objects.get(codename="view_provider"))
    assert submit(client, page_of(readers), name="guests").status_code == 302
    readers.refresh_from_db()
    assert (readers.name, readers.permissions.count()) == ("guests", 1)


def test_a_superuser_may_do_all_of_it(client, owners):
    boss = User.objects.create_superuser("boss")
    client.force_login(boss)
    other = User.objects.create_user("other")
    values = {"is_superuser": "on", "groups": [str(owners.pk)]}
    assert submit(client, page_of(other), **values).status_code == 302
    other.refresh_from_db()
    assert other.is_superuser
    assert submit(client, page_of(owners), name="bosses").status_code == 302


# --- The groups themselves -----------------------------------------------------------


def rights_of(name: str) -> set[str]:
    granted = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{p.content_type.model}.{p.codename}" for p in granted}


def test_the_migration_made_both_groups_and_the_sources():
    assert Source.objects.filter(code="samhsa_mh_directory").exists()
    assert rights_of("editors") < rights_of("managers")
    assert "conflict.change_conflict" in rights_of("editors")
    assert "user.change_user" not in rights_of("editors")
    assert "importrun.delete_importrun" not in rights_of("managers")


def test_making_them_again_changes_nothing_and_keeps_what_was_added():
    editors = Group.objects.get(name="editors")
    extra = Permission.objects.get(codename="view_crisisline")
    editors.permissions.add(extra)
    before = rights_of("editors")
    groups.after_migrate()
    assert rights_of("editors") == before
    assert Group.objects.filter(name="editors").count() == 1


def test_they_are_made_even_before_django_has_made_the_permissions():
    Permission.objects.all().delete()
    Group.objects.all().delete()
    groups.after_migrate()
    assert "provider.add_provider" in rights_of("editors")
    assert "group.delete_group" in rights_of("managers")


def test_every_right_that_is_granted_exists():
    for rights in groups.GROUPS.values():
        for model, verbs in rights.items():
            app, name = model.split(".")
            assert apps.get_model(app, name)
            named = [f"{verb}_{name}" for verb in verbs]
            assert Permission.objects.filter(codename__in=named).count() == len(verbs)


def test_a_migration_backwards_or_of_another_app_makes_nothing():
    Group.objects.all().delete()
    groups.after_migrate(plan=[("providers.0001_initial", True)])

    class Elsewhere:
        def get_model(self, *names):
            raise LookupError

    groups.after_migrate(apps=Elsewhere())
    assert not Group.objects.exists()


def test_the_command_migrate_makes_them():
    Group.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert set(Group.objects.values_list("name", flat=True)) == set(GROUPS)


# Tables that only the desk's own pages show.
ON_DESK_PAGES = {
    *("Assignment", "ColumnMapping", "FormerSlug", "NotDuplicate", "ProblemReport"),
    *("RegionalEditor", "Upload"),
    "SearchChange",  # the search's own: nobody edits it
}


def test_every_model_has_its_page_or_stands_on_one():
    shown = set(admin.site._registry)
    inlines = {i.model for page in admin.site._registry.values() for i in page.inlines}
    models = set(apps.get_app_config("providers").get_models())
    assert {m.__name__ for m in models - shown - inlines} <= ON_DESK_PAGES
