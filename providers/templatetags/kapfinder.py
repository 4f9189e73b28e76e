"""What every page needs: crisis help first, and itself in the other languages."""

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.safestring import SafeString

from providers import crisis
from providers.remembered import until_others_change
from providers.views.links import query_string, search_path
from providers.views.slots import slot

register = template.Library()


class OnceNode(template.Node):
    def __init__(self, nodes: template.NodeList) -> None:
        self.nodes, self.drawn = nodes, {}

    def render(self, context) -> SafeString:
        language = translation.get_language()
        if language not in self.drawn:
            self.drawn[language] = self.nodes.render(context.new({}))
        return self.drawn[language]


@register.tag
def once(parser, token) -> OnceNode:
    """{% once %}: what is the same on all pages of a language, drawn a single time."""
    nodes = parser.parse(["endonce"])
    parser.delete_first_token()
    return OnceNode(nodes)


@register.simple_tag(takes_context=True)
def crisis_sentence(context) -> SafeString:
    """Crisis help for the page's country: `crisis_country`, else the operator's."""
    country = context.get("crisis_country") or settings.DEFAULT_COUNTRY
    return _crisis_sentence(country, translation.get_language())


@until_others_change
def _crisis_sentence(country: str, language: str) -> SafeString:
    return crisis.sentence(crisis.lines_for(country), country)


@register.simple_tag(takes_context=True)
def other_languages(context) -> list[tuple[str, str, str]]:
    """(code, own name, address of this page) for each language but the present one.

    `addresses`, where a page gives them, are the last by code.
    """
    current = translation.get_language()
    known = context.get("addresses", {})
    return [
        (code, name, known.get(code) or _in_language(context["request"], code))
        for code, name in settings.LANGUAGES
        if code != current
    ]


def _in_language(request: HttpRequest, language: str) -> str:
    match = request.resolver_match
    if match is None:
        with translation.override(language):
            return reverse("home")
    if match.url_name == "search":
        return search_path(language) + query_string(request.GET)
    return translate_url(request.path, language)


register.simple_tag(slot)
register.filter("crisis_ways", crisis.ways)
register.filter("crisis_website", crisis.website)
register.filter("crisis_emergency", crisis.emergency)
