from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProvidersConfig(AppConfig):
    name = "providers"
    verbose_name = _("Directory")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from providers import checks  # noqa: F401 its checks register themselves
        from providers.groups import after_migrate

        post_migrate.connect(after_migrate, sender=self)
