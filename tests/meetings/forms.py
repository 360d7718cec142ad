from tests.factories import make_group

FORM = {
    "title_ar": "اجتماع",
    "title_en": "Meeting",
    "starts_on": "2026-12-08",
    "starts_time": "10:00",
    "ends_on": "2026-12-08",
    "ends_time": "14:00",
    "time_zone": "Africa/Cairo",
    "format": "online",
    "audience": "members",
    "items-TOTAL_FORMS": "0",
    "items-INITIAL_FORMS": "0",
    "documents-TOTAL_FORMS": "0",
    "documents-INITIAL_FORMS": "0",
}


def add_meeting(client, language="en", **changes):
    return client.post(f"/{language}/admin/meetings/meeting/add/", {**FORM, "group": make_group().pk, **changes})
