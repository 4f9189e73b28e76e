"""Give the listings that stand already their key of street, postcode and country."""

from django.db import migrations

from providers.text import place_key

BATCH = 500


def fill(apps, schema_editor) -> None:
    listings = apps.get_model("providers", "Provider").objects.all()
    columns = ("pk", "street", "postcode", "country")
    rows = []
    for row in listings.only(*columns).iterator(chunk_size=BATCH):
        row.place_key = place_key(
            street=row.street, postcode=row.postcode, country=row.country
        )[:240]
        rows.append(row)
    listings.bulk_update(rows, ["place_key"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("providers", "0002_desk")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
