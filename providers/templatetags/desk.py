"""The numbers on the admin's first page."""

from django import template

from providers.admin.desk.dashboard import Dashboard, dashboard

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_dashboard(context) -> Dashboard | None:
    return dashboard(context["request"].user)
