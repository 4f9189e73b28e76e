"""`manage.py load_courses`: the packaged typical courses into the editors' table.

Safe to run again: it adds what is missing and never changes a row that is there, since
an editor may have corrected it. Rows that differ from the package are named. What the
added ones cost is stored at once, so that an upgrade needs nothing else.
"""

import json
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q

from providers.actions import Treatment
from providers.management.commands.recompute_amounts import recompute
from providers.models import CourseCount, CourseTemplate

FILE = Path(__file__).parents[2] / "data" / "course_templates.json"


class Course(NamedTuple):
    """A schedule for one treatment: its columns, and (least, most) of each kind."""

    code: str
    treatment: Treatment
    columns: dict
    counts: dict[str, tuple[int, int | None]]


def packaged() -> list[Course]:
    """The packaged courses. A schedule that answers several treatments is several."""
    found = []
    for row in json.loads(FILE.read_text(encoding="utf-8")):
        answers = row.pop("answers")
        counts = {kind: tuple(span) for kind, span in row.pop("counts").items()}
        for day in ("checked_on", "review_by"):
            row[day] = date.fromisoformat(row[day])
        found += [
            Course(code, Treatment(*parts), row, counts)
            for code, parts in answers.items()
        ]
    return found


class Command(BaseCommand):
    help = "Add the packaged typical courses that are missing; change none."

    @transaction.atomic
    def handle(self, **options):
        courses = packaged()
        added = [course for course in courses if self._is_new(course)]
        for course in added:
            _add(course)
        recompute({course.treatment for course in added})
        self.stdout.write(f"{len(added)} courses added, {len(courses)} packaged.")

    def _is_new(self, course: Course) -> bool:
        """Whether no row has its code and none is of its treatment."""
        of_treatment = Q(**course.treatment._asdict())
        stored = CourseTemplate.objects.filter(of_treatment | Q(code=course.code))
        if any(_facts(row) != course for row in stored):
            self.stdout.write(f"Left as edited: {course.code}")
        return not stored


def _facts(row: CourseTemplate) -> Course:
    """A stored course as the package would say it; a blank column is left out."""
    names = [field.name for field in CourseTemplate._meta.fields]
    own = {"id", "code", *Treatment._fields}
    values = {name: getattr(row, name) for name in names if name not in own}
    return Course(
        code=row.code,
        treatment=Treatment(row.route, row.therapy, row.format),
        columns={name: value for name, value in values.items() if value},
        counts={c.kind: (c.count_min, c.count_max) for c in row.counts.all()},
    )


def _add(course: Course) -> None:
    row = CourseTemplate.objects.create(
        code=course.code, **course.treatment._asdict(), **course.columns
    )
    CourseCount.objects.bulk_create(
        CourseCount(template=row, kind=kind, count_min=least, count_max=most)
        for kind, (least, most) in course.counts.items()
    )
