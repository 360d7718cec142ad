"""What was shown as a whole is shown field by field; where people work is kept with its dates; names are folded."""

from django.db import migrations

from apps.core.arabic import folded

FIELDS = ("name", "function", "organisation", "country")


def _folded(record, *names: str) -> str:
    return folded(" ".join(filter(None, (getattr(record, name) for name in names))))


def by_field(apps, schema_editor):
    person_model, consent, affiliation = (
        apps.get_model("stakeholders", name) for name in ("Person", "Consent", "Affiliation")
    )
    for person in person_model.objects.all():
        person.folded = _folded(person, "name_ar", "name_en")
        if person.is_public:
            for field in FIELDS:
                setattr(person, f"shown_{field}", "public")
                consent.objects.create(
                    person=person,
                    field=field,
                    shown_to="public",
                    given_on=person.consent_given_on,
                    how=person.consent_how,
                )
        person.save()
        if person.organisation_id:
            affiliation.objects.create(
                person=person,
                organisation_id=person.organisation_id,
                function_ar=person.function_ar,
                function_en=person.function_en,
            )
    for organisation in apps.get_model("stakeholders", "Organisation").objects.all():
        organisation.folded = _folded(organisation, "name_ar", "name_en", "acronym")
        organisation.save()


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0008_people_and_organisations")]
    operations = [migrations.RunPython(by_field, migrations.RunPython.noop)]
