"""What an empty database needs before the first visitor: places, lines, courses, you.

Each step is one transaction and looks at the database first, so a run that was broken
off is completed by the next, and nothing that is there already is touched.
"""

import secrets

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from providers.models import CourseTemplate, CrisisLine, ImportRun, Place, Provider

EDITOR = "editor"


class Command(BaseCommand):
    help = "Load what an empty database lacks, and make the first editor's account."

    def handle(self, **options):
        if not Place.objects.exists():
            self._load("load_places", "Loading regions, postcodes and towns ...")
        if not CrisisLine.objects.exists():
            self._load("load_crisis_lines", "Loading crisis lines ...")
        if not CourseTemplate.objects.exists():
            # An older version's listings get their course costs with them, once.
            self._load("load_courses", "Loading typical courses ...")
        # The account comes last: a database with a user has had its first run.
        if not get_user_model().objects.exists():
            if not (Provider.objects.exists() or ImportRun.objects.exists()):
                self._load("sample", "Loading sample listings ...")
            self._make_editor()

    def _load(self, command: str, progress: str) -> None:
        self.stdout.write(progress)
        self.stdout.flush()
        with transaction.atomic():
            call_command(command, stdout=self.stdout)

    @transaction.atomic
    def _make_editor(self) -> None:
        password = secrets.token_urlsafe(12)
        get_user_model().objects.create_superuser(EDITOR, password=password)
        self.stdout.write(
            f"\nEditor account, shown this once: {EDITOR} / {password}\n"
            "Sign in at /admin/ and set up the second factor there: an app on your "
            "phone makes its codes.\n"
            "Change the password: run.py changepassword editor\n"
        )
