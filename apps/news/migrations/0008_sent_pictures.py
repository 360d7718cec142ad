from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("news", "0007_move_pictures")]

    operations = [
        migrations.RemoveField(model_name="article", name="sent_picture"),
        migrations.RemoveField(
            model_name="article",
            name="meeting",
        ),
        migrations.RemoveField(
            model_name="article",
            name="picture_credit",
        ),
        migrations.RemoveField(
            model_name="article",
            name="picture_credit_ar",
        ),
        migrations.RemoveField(
            model_name="article",
            name="picture_credit_en",
        ),
        migrations.RemoveField(
            model_name="article",
            name="picture_height",
        ),
        migrations.RemoveField(
            model_name="article",
            name="picture_text",
        ),
        migrations.RemoveField(
            model_name="article",
            name="picture_text_ar",
        ),
        migrations.RemoveField(
            model_name="article",
            name="picture_text_en",
        ),
        migrations.RemoveField(
            model_name="article",
            name="picture_width",
        ),
    ]
