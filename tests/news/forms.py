FORM = {
    "original_language": "ar",
    "title_ar": "عنوان",
    "category": "news",
    "scope": "regional",
    "dated_on": "2026-11-05",
}


def add_article(client, language="en", **changes):
    return client.post(f"/{language}/admin/news/article/add/", {**FORM, **changes})
