import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.core.storage


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0002_roles"),
        ("news", "0005_reads"),
        ("stakeholders", "0004_invitation_and_own_consent"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="article",
            name="news_article_picture_text_ar",
        ),
        migrations.RemoveConstraint(
            model_name="article",
            name="news_article_picture_text_en",
        ),
        migrations.RenameField("article", "picture", "sent_picture"),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(default=1, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last saved")),
                (
                    "file",
                    apps.core.storage.PrivateImageField(
                        height_field="height",
                        max_length=150,
                        upload_to=apps.core.storage.RandomName("pictures"),
                        verbose_name="file",
                        width_field="width",
                    ),
                ),
                (
                    "medium",
                    apps.core.storage.PrivateImageField(
                        editable=False, max_length=150, upload_to=apps.core.storage.RandomName("pictures")
                    ),
                ),
                (
                    "small",
                    apps.core.storage.PrivateImageField(
                        editable=False, max_length=150, upload_to=apps.core.storage.RandomName("pictures")
                    ),
                ),
                (
                    "fallback",
                    apps.core.storage.PrivateImageField(
                        editable=False, max_length=150, upload_to=apps.core.storage.RandomName("pictures")
                    ),
                ),
                ("width", models.PositiveIntegerField(editable=False, null=True, verbose_name="width")),
                ("height", models.PositiveIntegerField(editable=False, null=True, verbose_name="height")),
                (
                    "text",
                    models.CharField(
                        blank=True,
                        help_text="What the picture shows, for who cannot see it.",
                        max_length=250,
                        verbose_name="alternative text",
                    ),
                ),
                (
                    "text_ar",
                    models.CharField(
                        blank=True,
                        help_text="What the picture shows, for who cannot see it.",
                        max_length=250,
                        null=True,
                        verbose_name="alternative text",
                    ),
                ),
                (
                    "text_en",
                    models.CharField(
                        blank=True,
                        help_text="What the picture shows, for who cannot see it.",
                        max_length=250,
                        null=True,
                        verbose_name="alternative text",
                    ),
                ),
                ("credit", models.CharField(blank=True, max_length=150, verbose_name="picture credit")),
                ("credit_ar", models.CharField(blank=True, max_length=150, null=True, verbose_name="picture credit")),
                ("credit_en", models.CharField(blank=True, max_length=150, null=True, verbose_name="picture credit")),
                (
                    "focus",
                    models.CharField(
                        choices=[
                            ("nw", "Top, at the picture’s left"),
                            ("n", "Top"),
                            ("ne", "Top, at the picture’s right"),
                            ("w", "The picture’s left"),
                            ("c", "Centre"),
                            ("e", "The picture’s right"),
                            ("sw", "Bottom, at the picture’s left"),
                            ("s", "Bottom"),
                            ("se", "Bottom, at the picture’s right"),
                        ],
                        default="c",
                        help_text="The part that stays when the picture is cut to fit a place.",
                        max_length=2,
                        verbose_name="focal point",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="constituencies",
            field=models.ManyToManyField(blank=True, to="stakeholders.constituency", verbose_name="constituencies"),
        ),
        migrations.AddField(
            model_name="article",
            name="corrected_on",
            field=models.DateField(blank=True, null=True, verbose_name="corrected on"),
        ),
        migrations.AddField(
            model_name="article",
            name="correction",
            field=models.TextField(
                blank=True,
                help_text="What was wrong and how it stands now. Readers see it with its date.",
                verbose_name="correction",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="correction_ar",
            field=models.TextField(
                blank=True,
                help_text="What was wrong and how it stands now. Readers see it with its date.",
                null=True,
                verbose_name="correction",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="correction_en",
            field=models.TextField(
                blank=True,
                help_text="What was wrong and how it stands now. Readers see it with its date.",
                null=True,
                verbose_name="correction",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="countries",
            field=models.ManyToManyField(blank=True, to="stakeholders.country", verbose_name="countries"),
        ),
        migrations.AddField(
            model_name="article",
            name="is_pinned",
            field=models.BooleanField(default=False, editable=False, verbose_name="pinned"),
        ),
        migrations.AddField(
            model_name="article",
            name="meetings",
            field=models.ManyToManyField(
                blank=True, related_name="articles", to="meetings.meeting", verbose_name="related meetings"
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="objectives",
            field=models.ManyToManyField(blank=True, to="stakeholders.objective", verbose_name="objectives"),
        ),
        migrations.AddField(
            model_name="article",
            name="quotations",
            field=models.JSONField(blank=True, default=list, verbose_name="quotations"),
        ),
        migrations.AddField(
            model_name="article",
            name="related",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="news.article", verbose_name="related articles"
            ),
        ),
        migrations.AlterField(
            model_name="articlestep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sent", "Sent to review"),
                    ("sent_back", "Sent back"),
                    ("approved", "Approved"),
                    ("published", "Published"),
                    ("scheduled", "Scheduled"),
                    ("pinned", "Pinned"),
                    ("unpinned", "Unpinned"),
                    ("discarded", "Changes discarded"),
                    ("current", "Translation marked as current"),
                    ("withdrawn", "Withdrawn"),
                    ("archived", "Archived"),
                    ("reopened", "Taken up again"),
                ],
                editable=False,
                max_length=20,
                verbose_name="step",
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="created by",
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="updated_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="last saved by",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="news.picture",
                verbose_name="picture",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("corrected_on__isnull", False),
                    models.Q(
                        models.Q(("correction_ar__gt", ""), ("correction_ar__isnull", False)),
                        models.Q(("correction_en__gt", ""), ("correction_en__isnull", False)),
                        _connector="OR",
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="news_article_correction_dated",
                violation_error_message="A correction has its date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.CheckConstraint(
                condition=models.Q(("text_ar__gt", ""), ("text_en__gt", ""), _connector="OR"),
                name="news_picture_described",
                violation_error_message="Describe the picture in Arabic, in English or in both.",
            ),
        ),
        migrations.AddIndex(
            "article",
            models.Index(fields=["is_shown", "-is_pinned", "-published_at", "-id"], name="news_article_pinned"),
        ),
    ]
