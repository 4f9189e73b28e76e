"""The queue: what to check next, for whom, and who is to do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from providers import actions, queue, rights
from providers.admin.desk.pages import CHANGE, page, show
from providers.models import Provider, Region

PER_PAGE = 50
MINE, NOBODY = "me", "nobody"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
NAMED_AT_MOST = 5  # listings that a message names


def urls(site: AdminSite) -> list[URLPattern]:
    def own(route: str, view: Callable, name: str) -> URLPattern:
        return page(site, route, partial(view, site=site), name)

    return [
        own("queue/", show_queue, "queue"),
        own("queue/next/", next_listing, "queue-next"),
        own("queue/assign/", assign, "queue-assign"),
    ]


@dataclass(frozen=True)
class Choice:
    """Whose part of the queue is looked at: a region's, a person's."""

    region: str = ""
    person: str = ""  # "me", "nobody", an account's key, or "" for everybody's

    @classmethod
    def of(cls, asked: QueryDict) -> Choice:
        person = asked.get("person", "")
        known = person in (MINE, NOBODY) or (person.isdecimal() and len(person) < 10)
        return cls(asked.get("region", "")[:10], person if known else "")

    @property
    def query(self) -> str:
        """As the end of an address: "?region=US-CO", or "" for everything."""
        chosen = {name: value for name, value in vars(self).items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""

    def with_(self, **more: object) -> str:
        chosen = {name: value for name, value in vars(self).items() if value}
        return f"?{urlencode(chosen | more)}"

    def listings(self, user: AbstractBaseUser) -> QuerySet[Provider]:
        """Those of the listings that the account may keep."""
        found = rights.listings_of(user)
        if self.region:
            found = found.in_regions([self.region])
        if self.person == NOBODY:
            return found.filter(assignment=None)
        if self.person:
            to = user.pk if self.person == MINE else int(self.person)
            return found.filter(assignment__to=to)
        return found

    def keys(self, user: AbstractBaseUser, on: date) -> list[int]:
        """The keys of the listings to check, the most urgent first."""
        found = queue.queue(self.listings(user), on)
        return list(found.values_list("pk", flat=True))


@dataclass(frozen=True)
class Row:
    """One listing of the queue with the reasons in words."""

    provider: Provider
    reasons: list[str]
    silent: list[date]

    @property
    def is_silent(self) -> bool:
        return queue.is_silent(self.silent)


@require_safe
def show_queue(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    choice, today = Choice.of(request.GET), timezone.localdate()
    pages = Paginator(choice.keys(request.user, today), PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context = {
        "choice": choice,
        "page": shown,
        "page_range": pages.get_elided_page_range(shown.number),
        "rows": _rows(shown, today),
        "regions": _regions(request.user),
        "people": people(),
    }
    return show(
        site, request, "admin/desk/queue.html", _("What to check next"), **context
    )


def _rows(shown: Page, on: date) -> list[Row]:
    some = Provider.objects.filter(pk__in=list(shown.object_list))
    found = list(queue.queue(some.select_related("assignment__to"), on))
    silent = queue.silent_days(found)
    return [Row(p, queue.reasons(p, on), silent[p.pk]) for p in found]


def _regions(user: AbstractBaseUser) -> list[tuple[str, str]]:
    """Countries and their parts that have listings, by name."""
    used = rights.listings_of(user).order_by()
    codes = used.values("region").union(used.values("country"))
    found = Region.objects.filter(code__in=codes).select_related("parent")
    named = [
        (r.code, f"{r.parent.name}: {r.name}" if r.code != r.country else r.name)
        for r in found
    ]
    return sorted(named, key=lambda choice: choice[1])


def people() -> QuerySet:
    """Everybody who may keep listings, at least those of some regions."""
    keepers = get_user_model().objects.with_perm(CHANGE, backend=MODEL_BACKEND)
    return keepers.filter(is_staff=True).order_by("username")


@require_safe
def next_listing(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """On to the call sheet of the first listing, or of the one behind `after`."""
    choice = Choice.of(request.GET)
    keys = choice.keys(request.user, timezone.localdate())
    after = request.GET.get("after", "")
    key = behind(keys, int(after) if after.isdecimal() else None)
    return to_sheet(request, key, choice)


def behind(keys: list[int], key: int | None) -> int | None:
    """The key behind another one; the first if that one is not there, None at the
    end."""
    if key not in keys:
        return keys[0] if keys else None
    following = keys[keys.index(key) + 1 :]
    return following[0] if following else None


def to_sheet(
    request: HttpRequest, key: int | None, choice: Choice, **carried: str
) -> HttpResponseRedirect:
    """To the call sheet of a listing, or to the queue where there is none left."""
    if key is None:
        messages.success(request, _("That was the last one of this queue."))
        return redirect(reverse("admin:queue") + choice.query)
    return redirect(reverse("admin:call-sheet", args=[key]) + choice.with_(**carried))


@require_POST
def assign(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """Give the ticked listings to somebody who may keep them, or to nobody."""
    choice = Choice.of(request.POST)
    keys = [key for key in request.POST.getlist("listing") if key.isdecimal()]
    chosen = rights.listings_of(request.user).filter(pk__in=keys)
    to = _person(request.POST.get("to", ""))
    if not keys or to is False:
        text = _("Nothing was assigned: tick listings and choose a person.")
        messages.error(request, text)
    else:
        _assign(request, chosen, to)
    return redirect(reverse("admin:queue") + choice.query)


def _person(asked: str) -> AbstractBaseUser | bool | None:
    """The chosen account, None for nobody, False for no (good) choice."""
    if asked == NOBODY:
        return None
    found = people().filter(pk=asked) if asked.isdecimal() else people().none()
    return found.first() or False


def _assign(
    request: HttpRequest, chosen: QuerySet[Provider], to: AbstractBaseUser | None
) -> None:
    kept = chosen if to is None else chosen & rights.listings_of(to)
    done = actions.assign(kept, to=to)
    name = to.get_username() if to else _("nobody")
    text = ngettext(
        "%(count)d listing given to %(name)s.",
        "%(count)d listings given to %(name)s.",
        len(done),
    )
    if done:
        messages.success(request, text % {"count": len(done), "name": name})
    left = [p.name for p in chosen.exclude(pk__in=[p.pk for p in done])]
    if left:
        text = _("Not in the regions of %(name)s: %(listings)s.")
        named = ", ".join(left[:NAMED_AT_MOST])
        more = f" + {len(left) - NAMED_AT_MOST}" if len(left) > NAMED_AT_MOST else ""
        messages.error(request, text % {"name": name, "listings": named + more})
