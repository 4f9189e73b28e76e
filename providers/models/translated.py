"""Editable text has a column per language; this reads the right one."""

from django.utils.translation import get_language


class Translated:
    """Reads `<name>_<language>`, or `<name>_en` where that column is blank."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        language = (get_language() or "en").split("-")[0]
        text = getattr(instance, f"{self.name}_{language}", "")
        return text or getattr(instance, f"{self.name}_en")
