"""`manage.py recompute_amounts`: what every session and course costs, stored anew.

Only for what was written around the editors' pages and the imports: after an upgrade
from a version that stored no courses (where the schedules are the packaged ones,
`load_courses` has done it), or after SQL by hand. Running it again changes nothing.
"""

from collections.abc import Collection

from django.core.management.base import BaseCommand
from tqdm import tqdm

from providers import actions


class Command(BaseCommand):
    help = (
        "Store what sessions and courses cost anew, from prices and schedules. Needed "
        "only after an upgrade or a change made by SQL; no migration does it, since a "
        "million listings take minutes. Searches go on meanwhile, and so may editors."
    )

    def handle(self, **options):
        count = recompute()
        self.stdout.write(f"{count} offerings have another amount than before.")


def recompute(treatments: Collection[actions.Treatment] | None = None) -> int:
    """`actions.recompute_amounts` with a progress bar."""
    with tqdm(unit=" offerings", disable=None, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return actions.recompute_amounts(treatments, on_batch=show)
