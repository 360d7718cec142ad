from modeltranslation.translator import TranslationOptions, register

from apps.accounts.models import User


@register(User)
class UserTranslation(TranslationOptions):
    fields = ("display_name",)
