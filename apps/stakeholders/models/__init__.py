from apps.stakeholders.models.glossary import Term
from apps.stakeholders.models.groups import AdvisoryGroup, Membership
from apps.stakeholders.models.people import Organisation, Person
from apps.stakeholders.models.reference import Constituency, Country, Objective, Principle

__all__ = [
    "AdvisoryGroup",
    "Constituency",
    "Country",
    "Membership",
    "Objective",
    "Organisation",
    "Person",
    "Principle",
    "Term",
]
