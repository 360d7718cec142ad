from apps.stakeholders.models.engagements import Commitment, Engagement, EngagementFile
from apps.stakeholders.models.gaps import Gap
from apps.stakeholders.models.glossary import Term
from apps.stakeholders.models.groups import AdvisoryGroup, Interest, Membership, ReservedSeats, SeatCall
from apps.stakeholders.models.importing import RememberedColumn, StakeholderImport
from apps.stakeholders.models.joining import JoinRequest
from apps.stakeholders.models.merging import MatchKey, Merge
from apps.stakeholders.models.organisations import KEEPING_ROLES, Organisation
from apps.stakeholders.models.people import Affiliation, Consent, Person
from apps.stakeholders.models.reaching import CHANNELS, SPOKEN, ConsentHow, ShownTo
from apps.stakeholders.models.reference import Constituency, Country, Objective, Principle
from apps.stakeholders.models.segments import Segment
from apps.stakeholders.models.sitting import groups_of

__all__ = [
    "CHANNELS",
    "KEEPING_ROLES",
    "SPOKEN",
    "AdvisoryGroup",
    "Affiliation",
    "Commitment",
    "Consent",
    "ConsentHow",
    "Constituency",
    "Country",
    "Engagement",
    "EngagementFile",
    "Gap",
    "Interest",
    "JoinRequest",
    "MatchKey",
    "Membership",
    "Merge",
    "Objective",
    "Organisation",
    "Person",
    "Principle",
    "RememberedColumn",
    "ReservedSeats",
    "SeatCall",
    "Segment",
    "ShownTo",
    "StakeholderImport",
    "Term",
    "groups_of",
]
