from modeltranslation.translator import TranslationOptions, register

from apps.accounts.models import Invitation, User


@register(User)
class UserTranslation(TranslationOptions):
    fields = ("display_name",)


@register(Invitation)
class InvitationTranslation(TranslationOptions):
    fields = ("display_name",)
