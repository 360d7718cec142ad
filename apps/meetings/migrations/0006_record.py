import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.core.richtext
import apps.core.storage


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("meetings", "0005_calendar_addresses"),
        ("stakeholders", "0007_participants"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgendaProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(default=1, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last saved")),
                (
                    "language",
                    models.CharField(
                        choices=[("ar", "Arabic"), ("en", "English")],
                        editable=False,
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                ("subject", models.CharField(max_length=250, verbose_name="title")),
                ("reason", models.TextField(blank=True, verbose_name="why")),
                ("minutes", models.PositiveSmallIntegerField(default=15, verbose_name="minutes")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("taken", "On the agenda"), ("declined", "Not taken")],
                        default="proposed",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("answer", models.CharField(blank=True, editable=False, max_length=300, verbose_name="answer")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="proposal",
                        to="meetings.agendaitem",
                        verbose_name="agenda item",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last saved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal for an agenda",
                "verbose_name_plural": "proposals for agendas",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1), ("minutes__lte", 1440)),
                        name="meetings_agendaproposal_minutes",
                        violation_error_message="An item takes between 1 and 1440 minutes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True), ("answer__gt", ""), _connector="OR"
                        ),
                        name="meetings_agendaproposal_declined_says_why",
                        violation_error_message="Say why the proposal is not taken.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "state",
                    models.CharField(
                        choices=[("provisional", "Provisional agenda"), ("adopted", "Adopted agenda")],
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("rows", models.JSONField(default=list)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda_versions",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of an agenda",
                "verbose_name_plural": "versions of agendas",
                "ordering": ["meeting", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "number"), name="meetings_agendaversion_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(default=1, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last saved")),
                ("number", models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="number")),
                ("text", models.TextField(blank=True, verbose_name="decision")),
                ("text_ar", models.TextField(blank=True, null=True, verbose_name="decision")),
                ("text_en", models.TextField(blank=True, null=True, verbose_name="decision")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("consensus", "By consensus"),
                            ("silence", "By silence procedure"),
                            ("hands", "By show of hands"),
                        ],
                        default="consensus",
                        max_length=20,
                        verbose_name="how it is decided",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("members", "Members only"),
                            ("secretariat", "Secretariat only"),
                        ],
                        default="members",
                        max_length=20,
                        verbose_name="audience",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("open", "Silence procedure running"),
                            ("taken", "Decided"),
                            ("not_taken", "Not decided"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("decided_on", models.DateField(editable=False, null=True, verbose_name="decided on")),
                ("silence_until", models.DateTimeField(editable=False, null=True, verbose_name="silence until")),
                ("in_favour", models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="in favour")),
                ("against", models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="against")),
                ("abstaining", models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="abstaining")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="decisions",
                        to="meetings.agendaitem",
                        verbose_name="agenda item",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last saved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["-meeting__starts_at", "number", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text_ar__gt", ""), ("text_ar__isnull", False)),
                            models.Q(("text_en__gt", ""), ("text_en__isnull", False)),
                            _connector="OR",
                        ),
                        name="meetings_decision_written",
                        violation_error_message="Write the decision in Arabic, in English or in both.",
                    ),
                    models.UniqueConstraint(
                        fields=("meeting", "number"),
                        name="meetings_decision_number_once",
                        violation_error_message="Another decision of the meeting has this number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "draft"), ("number__isnull", False), _connector="OR"),
                        name="meetings_decision_numbered",
                        violation_error_message="A decision has its number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["taken", "not_taken"]), _negated=True),
                            ("decided_on__isnull", False),
                            _connector="OR",
                        ),
                        name="meetings_decision_decided_when",
                        violation_error_message="Say on which day it was decided.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "open"), _negated=True),
                            models.Q(("method", "silence"), ("silence_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="meetings_decision_silence_until",
                        violation_error_message="A silence procedure has its deadline.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method", "hands"), models.Q(("state", "taken"), _negated=True)),
                            models.Q(
                                ("abstaining__isnull", False),
                                ("against__isnull", False),
                                ("in_favour__isnull", False),
                                ("method", "hands"),
                            ),
                            models.Q(
                                models.Q(("method", "hands"), _negated=True),
                                ("abstaining", None),
                                ("against", None),
                                ("in_favour", None),
                            ),
                            _connector="OR",
                        ),
                        name="meetings_decision_counted",
                        violation_error_message="A show of hands, and nothing else, has its counts.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("before_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="desk_visit",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "visit of one’s own page",
                "verbose_name_plural": "visits of one’s own page",
            },
        ),
        migrations.CreateModel(
            name="DocumentOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(choices=[("ar", "Arabic"), ("en", "English")], max_length=5)),
                ("first_at", models.DateTimeField(auto_now_add=True)),
                ("last_at", models.DateTimeField(auto_now=True)),
                ("times", models.PositiveIntegerField(default=1)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="meetings.document"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="document_openings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "opening of a document",
                "verbose_name_plural": "openings of documents",
                "ordering": ["document", "first_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "language", "user"), name="meetings_documentopening_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(choices=[("ar", "Arabic"), ("en", "English")], max_length=5)),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "file",
                    apps.core.storage.PrivateFileField(
                        max_length=150, upload_to=apps.core.storage.RandomName("documents"), verbose_name="file"
                    ),
                ),
                ("size", models.PositiveIntegerField(null=True)),
                ("pages", models.PositiveSmallIntegerField(null=True)),
                ("replaced_at", models.DateTimeField(auto_now_add=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="meetings.document"
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier version of a document",
                "verbose_name_plural": "earlier versions of documents",
                "ordering": ["document", "-number", "language"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "language", "number"), name="meetings_documentversion_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(default=1, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last saved")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("circulated", "Circulated for comments"), ("adopted", "Adopted")],
                        default="draft",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("comments_until", models.DateField(editable=False, null=True, verbose_name="comments until")),
                ("circulated_at", models.DateTimeField(editable=False, null=True, verbose_name="circulated")),
                ("adopted_on", models.DateField(editable=False, null=True, verbose_name="adopted on")),
                (
                    "summary",
                    apps.core.richtext.RichTextField(
                        blank=True,
                        help_text="Without names, unless they have agreed to be named.",
                        verbose_name="summary for the public",
                    ),
                ),
                (
                    "summary_ar",
                    apps.core.richtext.RichTextField(
                        blank=True,
                        help_text="Without names, unless they have agreed to be named.",
                        null=True,
                        verbose_name="summary for the public",
                    ),
                ),
                (
                    "summary_en",
                    apps.core.richtext.RichTextField(
                        blank=True,
                        help_text="Without names, unless they have agreed to be named.",
                        null=True,
                        verbose_name="summary for the public",
                    ),
                ),
                (
                    "summary_published_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="summary published"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last saved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "minutes",
                "verbose_name_plural": "minutes",
                "ordering": ["-meeting__starts_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("circulated_at__isnull", False), ("comments_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="meetings_minutes_circulated_until",
                        violation_error_message="Say until when comments are taken.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "adopted"), _negated=True),
                            ("adopted_on__isnull", False),
                            _connector="OR",
                        ),
                        name="meetings_minutes_adopted_when",
                        violation_error_message="Say on which day the minutes were adopted.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("pdf", "One PDF"), ("zip", "All files in a ZIP")], max_length=5)),
                ("language", models.CharField(choices=[("ar", "Arabic"), ("en", "English")], max_length=5)),
                ("key", models.CharField(max_length=64, unique=True)),
                ("contents", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("building", "Being made"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("total", models.PositiveSmallIntegerField(default=0)),
                (
                    "file",
                    apps.core.storage.PrivateFileField(
                        blank=True, max_length=150, upload_to=apps.core.storage.RandomName("packs")
                    ),
                ),
                ("size", models.PositiveIntegerField(null=True)),
                ("pages", models.PositiveIntegerField(null=True)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("heartbeat_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(null=True)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="packs", to="meetings.meeting"
                    ),
                ),
            ],
            options={
                "verbose_name": "pack of papers",
                "verbose_name_plural": "packs of papers",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["state", "heartbeat_at"], name="meetings_pack_open")],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(default=1, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last saved")),
                ("number", models.PositiveSmallIntegerField(editable=False, verbose_name="number")),
                ("text", models.TextField(blank=True, verbose_name="action")),
                ("text_ar", models.TextField(blank=True, null=True, verbose_name="action")),
                ("text_en", models.TextField(blank=True, null=True, verbose_name="action")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("under_way", "Under way"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                        ],
                        default="open",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("done_on", models.DateField(editable=False, null=True, verbose_name="done on")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("members", "Members only"),
                            ("secretariat", "Secretariat only"),
                        ],
                        default="members",
                        max_length=20,
                        verbose_name="audience",
                    ),
                ),
                (
                    "carried_to",
                    models.ManyToManyField(
                        blank=True,
                        editable=False,
                        related_name="carried_actions",
                        to="meetings.meeting",
                        verbose_name="carried over to",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="actions",
                        to="meetings.agendaitem",
                        verbose_name="agenda item",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the secretariat.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="stakeholders.person",
                        verbose_name="who does it",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last saved by",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="actions",
                        to="meetings.decision",
                        verbose_name="decision",
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "verbose_name_plural": "actions",
                "ordering": ["-meeting__starts_at", "number", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text_ar__gt", ""), ("text_ar__isnull", False)),
                            models.Q(("text_en__gt", ""), ("text_en__isnull", False)),
                            _connector="OR",
                        ),
                        name="meetings_action_written",
                        violation_error_message="Write the action in Arabic, in English or in both.",
                    ),
                    models.UniqueConstraint(
                        fields=("meeting", "number"),
                        name="meetings_action_number_once",
                        violation_error_message="Another action of the meeting has this number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_on__isnull", False), ("state", "done")),
                            models.Q(models.Q(("state", "done"), _negated=True), ("done_on", None)),
                            _connector="OR",
                        ),
                        name="meetings_action_done_when",
                        violation_error_message="An action that is done has its day.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(default=1, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last saved")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("heading", models.CharField(blank=True, max_length=250, verbose_name="heading")),
                ("heading_ar", models.CharField(blank=True, max_length=250, null=True, verbose_name="heading")),
                ("heading_en", models.CharField(blank=True, max_length=250, null=True, verbose_name="heading")),
                ("text", apps.core.richtext.RichTextField(blank=True, verbose_name="text")),
                ("text_ar", apps.core.richtext.RichTextField(blank=True, null=True, verbose_name="text")),
                ("text_en", apps.core.richtext.RichTextField(blank=True, null=True, verbose_name="text")),
                (
                    "audience",
                    models.CharField(
                        choices=[("members", "Members only"), ("secretariat", "Secretariat only")],
                        default="members",
                        max_length=20,
                        verbose_name="audience",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="entries",
                        to="meetings.agendaitem",
                        verbose_name="agenda item",
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="meetings.minutes",
                        verbose_name="minutes",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last saved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the minutes",
                "verbose_name_plural": "entries of the minutes",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("heading_ar__gt", ""), ("heading_ar__isnull", False)),
                            models.Q(("heading_en__gt", ""), ("heading_en__isnull", False)),
                            _connector="OR",
                        ),
                        name="meetings_minutesentry_headed",
                        violation_error_message="Write the heading in Arabic, in English or in both.",
                    ),
                    models.UniqueConstraint(
                        fields=("minutes", "item"),
                        name="meetings_minutesentry_once",
                        violation_error_message="The minutes have an entry for this item already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(default=1, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last saved")),
                ("words", models.TextField(editable=False, verbose_name="objection")),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True, verbose_name="withdrawn")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objections",
                        to="meetings.decision",
                        verbose_name="decision",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last saved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "objection",
                "verbose_name_plural": "objections",
                "ordering": ["decision", "created_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("created_by__isnull", False), ("withdrawn_at", None)),
                        fields=("decision", "created_by"),
                        name="meetings_objection_once",
                        violation_error_message="You have objected already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(default=1, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last saved")),
                ("words", models.TextField(blank=True, editable=False, verbose_name="note")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("under_way", "Under way"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="meetings.action",
                        verbose_name="action",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last saved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "note on an action",
                "verbose_name_plural": "notes on actions",
                "ordering": ["action", "created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MinutesComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(default=1, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last saved")),
                ("words", models.TextField(editable=False, verbose_name="comment")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Not answered yet"), ("taken_up", "Taken up"), ("not_taken", "Not taken up")],
                        default="open",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("answer", models.CharField(blank=True, editable=False, max_length=300, verbose_name="answer")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last saved by",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="meetings.minutesentry",
                        verbose_name="entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment on minutes",
                "verbose_name_plural": "comments on minutes",
                "ordering": ["entry", "created_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not_taken"), _negated=True), ("answer__gt", ""), _connector="OR"
                        ),
                        name="meetings_minutescomment_not_taken_says_why",
                        violation_error_message="Say why the comment is not taken up.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(default=1, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last saved")),
                ("dated_on", models.DateField(verbose_name="dated")),
                ("text", apps.core.richtext.RichTextField(blank=True, verbose_name="correction")),
                ("text_ar", apps.core.richtext.RichTextField(blank=True, null=True, verbose_name="correction")),
                ("text_en", apps.core.richtext.RichTextField(blank=True, null=True, verbose_name="correction")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="meetings.minutes",
                        verbose_name="minutes",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last saved by",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="meetings.minutesentry",
                        verbose_name="entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction of minutes",
                "verbose_name_plural": "corrections of minutes",
                "ordering": ["minutes", "dated_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text_ar__gt", ""), ("text_ar__isnull", False)),
                            models.Q(("text_en__gt", ""), ("text_en__isnull", False)),
                            _connector="OR",
                        ),
                        name="meetings_minutescorrection_written",
                        violation_error_message="Write the correction in Arabic, in English or in both.",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="agendaitem",
            name="meetings_agendaitem_minutes",
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="kind",
            field=models.CharField(
                choices=[("item", "Item"), ("break", "Break")], default="item", max_length=10, verbose_name="kind"
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                help_text="The item of which this is a part. Empty: it stands by itself.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parts",
                to="meetings.agendaitem",
                verbose_name="part of",
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="purpose",
            field=models.CharField(
                blank=True,
                choices=[
                    ("information", "For information"),
                    ("discussion", "For discussion"),
                    ("decision", "For decision"),
                ],
                max_length=20,
                verbose_name="purpose",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="due",
            field=models.DateField(
                blank=True, help_text="When a file that is not there yet comes.", null=True, verbose_name="due on"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="due_ar",
            field=models.DateField(
                blank=True, help_text="When a file that is not there yet comes.", null=True, verbose_name="due on"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="due_en",
            field=models.DateField(
                blank=True, help_text="When a file that is not there yet comes.", null=True, verbose_name="due on"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="is_final",
            field=models.BooleanField(default=False, help_text="No further version is expected.", verbose_name="final"),
        ),
        migrations.AddField(
            model_name="document",
            name="item",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: for the whole meeting.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="papers",
                to="meetings.agendaitem",
                verbose_name="for the item",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="pages",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="pages_ar",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="pages_en",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="posted",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="posted_ar",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="posted_en",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="meeting",
            name="agenda_state",
            field=models.CharField(
                choices=[("provisional", "Provisional agenda"), ("adopted", "Adopted agenda")],
                default="provisional",
                editable=False,
                max_length=20,
                verbose_name="state of the agenda",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="items_until",
            field=models.DateField(
                blank=True,
                help_text="Until then members propose items, this day included. Empty: they propose none.",
                null=True,
                verbose_name="proposals for the agenda until",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="number",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="In the group’s own count; decisions are numbered by it. Empty: the next one, when it is needed.",
                null=True,
                verbose_name="number",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="quorum",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How many members have to be there. Empty: more than half of the seats.",
                null=True,
                verbose_name="quorum",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="participant",
            name="attendance",
            field=models.CharField(
                blank=True,
                choices=[("", "Not noted"), ("on_site", "On site"), ("online", "Online"), ("absent", "Absent")],
                editable=False,
                max_length=10,
                verbose_name="attendance",
            ),
        ),
        migrations.AddField(
            model_name="participant",
            name="attendance_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="attendance noted"),
        ),
        migrations.AddField(
            model_name="participant",
            name="attendance_by_self",
            field=models.BooleanField(default=False, editable=False, verbose_name="confirmed by the person"),
        ),
        migrations.AlterField(
            model_name="agendaitem",
            name="minutes",
            field=models.PositiveSmallIntegerField(
                default=15,
                help_text="Its own, before those of its parts. 0 for an item that has only parts.",
                verbose_name="minutes",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="version",
            field=models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="version"),
        ),
        migrations.AlterField(
            model_name="notice",
            name="about",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invitation", "Invitation"),
                    ("unanswered", "Reminder to reply"),
                    ("tomorrow", "Reminder before the day"),
                    ("alternate", "Asked to go instead"),
                    ("changed", "The meeting has changed"),
                    ("cancelled", "The meeting is cancelled"),
                    ("papers", "New papers"),
                    ("minutes", "Minutes to comment on"),
                    ("adopted", "Minutes adopted"),
                    ("proposal", "Answer to a proposal"),
                    ("silence", "Decision by silence"),
                    ("action", "New action"),
                    ("action_due", "Action due"),
                    ("action_overdue", "Action overdue"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="participant",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="meetings.participant",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 0), ("minutes__lte", 1440)),
                name="meetings_agendaitem_minutes",
                violation_error_message="An item takes 1440 minutes at most.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "item"), models.Q(("parent", None), ("purpose", "")), _connector="OR"),
                name="meetings_agendaitem_break",
                violation_error_message="A break has no purpose and is part of no item.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                ),
                name="meetings_agendaitem_not_its_own_part",
                violation_error_message="An item is no part of itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("items_until__isnull", True), ("items_until__lte", models.F("starts_on")), _connector="OR"
                ),
                name="meetings_meeting_proposals_before_start",
                violation_error_message="Items are proposed before the meeting starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                fields=("group", "number"),
                name="meetings_meeting_number_once",
                violation_error_message="Another meeting of the group has this number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__isnull", True), ("number__gte", 1), _connector="OR"),
                name="meetings_meeting_counts_from_one",
                violation_error_message="Meetings count from 1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("quorum__isnull", True), ("quorum__gte", 1), _connector="OR"),
                name="meetings_meeting_quorum",
                violation_error_message="A quorum is one person at least.",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("user", "kind", "about"), name="meetings_notice_once_to_an_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("participant__isnull", False), ("user", None)),
                    models.Q(("participant", None), ("user__isnull", False)),
                    _connector="OR",
                ),
                name="meetings_notice_to_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attendance", ""), ("attendance_at", None)),
                    models.Q(models.Q(("attendance", ""), _negated=True), ("attendance_at__isnull", False)),
                    _connector="OR",
                ),
                name="meetings_participant_attendance_when",
                violation_error_message="An attendance has its time.",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="told",
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invitation", "Invitation"),
                    ("unanswered", "Reminder to reply"),
                    ("tomorrow", "Reminder before the day"),
                    ("alternate", "Asked to go instead"),
                    ("changed", "The meeting has changed"),
                    ("cancelled", "The meeting is cancelled"),
                    ("papers", "New papers"),
                    ("minutes", "Minutes to comment on"),
                    ("adopted", "Minutes adopted"),
                    ("proposal", "Answer to a proposal"),
                    ("silence", "Decision by silence"),
                    ("action", "New action"),
                    ("action_due", "Action due"),
                    ("action_overdue", "Action overdue"),
                    ("to_invite", "Reminder to invite"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="rules_changed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="zone rules changed"),
        ),
    ]
