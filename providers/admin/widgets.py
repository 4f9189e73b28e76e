"""Selects drawn by hand: a page has hundreds, and Django's templates take a
millisecond for each."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from providers import vocabulary
from providers.models import Source

BLANK = ("", "---------")


class PlainSelect(forms.Select):
    """A select without groups and templates."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        offered = tuple((str(code), str(label)) for code, label in self.choices)
        options = _options(offered)
        if value is not None:
            tag = format_html('<option value="{}"', value)
            options = options.replace(f"{tag}>", f"{tag} selected>", 1)
        given = self.build_attrs(self.attrs, {"name": name} | (attrs or {}))
        return mark_safe(f"<select{flatatt(given)}>{options}</select>")


@lru_cache(maxsize=256)
def _options(offered: tuple[tuple[str, str], ...]) -> str:
    """Options of which none is chosen: the same for every row of a page."""
    return format_html_join("", '<option value="{}">{}</option>', offered)


class PlainInput(forms.TextInput):
    """One line of text, or with type "number", "hidden" …, without a template."""

    def __init__(self, attrs: dict | None = None, *, kind: str = "text") -> None:
        super().__init__(attrs)
        self.input_type = kind

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        own = {"type": self.input_type, "name": name}
        if (shown := self.format_value(value)) is not None:
            own["value"] = shown
        return format_html(
            "<input{}>", flatatt(self.build_attrs(self.attrs, own | (attrs or {})))
        )


class PlainCheckbox(forms.CheckboxInput):
    """A box to tick, without a template."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        own = {"type": "checkbox", "name": name, "checked": self.check_test(value)}
        return format_html(
            "<input{}>", flatatt(self.build_attrs(self.attrs, own | (attrs or {})))
        )


class FoldedBoxes(forms.CheckboxSelectMultiple):
    """Boxes to tick, behind a line that says which are; without a template."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        offered = tuple((str(code), str(label)) for code, label in self.choices)
        chosen = {str(code) for code in value or ()}
        boxes = _boxes(offered).replace('name=""', f'name="{escape(name)}"')
        for code in chosen & dict(offered).keys():
            boxes = boxes.replace(f'value="{code}">', f'value="{code}" checked>', 1)
        ticked = ", ".join(label for code, label in offered if code in chosen)
        return format_html(
            '<details class="folded"><summary>{}</summary>'
            '<div role="group" aria-label="{}">{}</div></details>',
            ticked or _("nothing else"),
            self.attrs.get("aria-label", ""),
            mark_safe(boxes),
        )


@lru_cache(maxsize=16)
def _boxes(offered: tuple[tuple[str, str], ...]) -> str:
    """Boxes without a name, of which none is ticked: the same for every row."""
    box = '<label><input type="checkbox" name="" value="{}"> {}</label>'
    return format_html_join("", box, offered)


class PlainDate(PlainInput):
    """A day as YYYY-MM-DD, whatever the language."""

    def __init__(self) -> None:
        super().__init__({"size": 10, "placeholder": "YYYY-MM-DD"})

    def format_value(self, value: Any) -> str | None:
        return str(value) if value else None


class MethodField(forms.ChoiceField):
    """How it is known; always chosen anew, so nothing is chosen at first."""

    widget = PlainSelect

    def __init__(self, **options) -> None:
        super().__init__(choices=[BLANK, *vocabulary.METHODS.choices], **options)


class SourceField(forms.ChoiceField):
    """A source, as one of those that `offer` was given: no query for each row."""

    widget = PlainSelect

    def offer(self, sources: list[Source]) -> None:
        self._sources = {str(source.pk): source for source in sources}
        named = [(pk, source.name) for pk, source in self._sources.items()]
        self.choices = [BLANK, *named]

    def clean(self, value: Any) -> Source | None:
        return self._sources.get(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, Source) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")


def all_sources() -> list[Source]:
    """Every source by name, to be offered to the fields of one page."""
    return list(Source.objects.all())
