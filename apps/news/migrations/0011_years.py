from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("news", "0010_imports")]

    operations = [
        migrations.AddIndex("article", models.Index(fields=["is_shown", "dated_on"], name="news_article_years")),
    ]
