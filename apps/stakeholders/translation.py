from modeltranslation.translator import TranslationOptions, register

from apps.stakeholders.models import (
    AdvisoryGroup,
    Affiliation,
    Commitment,
    Constituency,
    Country,
    Engagement,
    EngagementFile,
    Gap,
    Interest,
    JoinRequest,
    Membership,
    Merge,
    Objective,
    Organisation,
    Person,
    Principle,
    ReservedSeats,
    SeatCall,
    Segment,
    Term,
)


@register([Country, Constituency, Principle])
class ListTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("ar", "en")


@register([Organisation, JoinRequest, Segment])
class OrganisationTranslation(TranslationOptions):
    fields = ("name",)


@register(Objective)
class ObjectiveTranslation(TranslationOptions):
    fields = ("title", "short_title")
    required_languages = {"ar": ("title",), "en": ("title",)}


@register(Term)
class TermTranslation(TranslationOptions):
    fields = ("name", "other_forms")
    required_languages = {"ar": ("name",), "en": ("name",)}


@register(Person)
class PersonTranslation(TranslationOptions):
    fields = ("name", "function")


@register(Affiliation)
class AffiliationTranslation(TranslationOptions):
    fields = ("function",)


@register(AdvisoryGroup)
class AdvisoryGroupTranslation(TranslationOptions):
    fields = ("name", "mandate")
    required_languages = ("ar", "en")


@register(SeatCall)
class SeatCallTranslation(TranslationOptions):
    fields = ("title", "text")


@register([Membership, ReservedSeats, Interest, Merge, Gap, Engagement, Commitment, EngagementFile])
class NothingToTranslate(TranslationOptions):
    fields = ()
