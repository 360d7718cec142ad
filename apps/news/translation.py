from modeltranslation.translator import TranslationOptions, register

from apps.news.models import Article, Picture, PressContact


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = ("title", "lead", "body", "place", "correction")


@register(PressContact)
class PressContactTranslation(TranslationOptions):
    fields = ("city", "name")
    required_languages = ("ar", "en")


@register(Picture)
class PictureTranslation(TranslationOptions):
    fields = ("text", "credit")
