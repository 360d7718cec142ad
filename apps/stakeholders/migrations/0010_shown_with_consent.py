from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0009_consent_by_field")]
    operations = [
        migrations.RemoveConstraint(
            model_name="person",
            name="stakeholders_person_public_with_consent",
        ),
        migrations.RemoveField(
            model_name="person",
            name="is_public",
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("shown_name", "public"), _negated=True),
                        models.Q(("shown_function", "public"), _negated=True),
                        models.Q(("shown_organisation", "public"), _negated=True),
                        models.Q(("shown_country", "public"), _negated=True),
                        ("shown_email", "nobody"),
                        ("shown_phone", "nobody"),
                    ),
                    models.Q(("consent_given_on__isnull", False), ("consent_how__gt", "")),
                    _connector="OR",
                ),
                name="stakeholders_person_shown_with_consent",
                violation_error_message="To show a person to more people, record when and how she or he agreed.",
            ),
        ),
    ]
