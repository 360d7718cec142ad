from modeltranslation.translator import TranslationOptions, register

from apps.news.models import Article, PressContact


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = ("title", "lead", "body", "place", "picture_text", "picture_credit")


@register(PressContact)
class PressContactTranslation(TranslationOptions):
    fields = ("city", "name")
    required_languages = ("ar", "en")
