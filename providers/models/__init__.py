from providers.models.fact import Fact
from providers.models.offering import Offering, PriceLine
from providers.models.place import Place, PlaceKind, PlaceName
from providers.models.provenance import (
    Change,
    Check,
    Conflict,
    ImportRun,
    Source,
    SourceRecord,
)
from providers.models.provider import Hours, Organization, Provider, Weekday
from providers.models.region import Region, RegionKind
from providers.models.regulation import (
    CourseCount,
    CourseTemplate,
    CrisisLine,
    LearnPage,
    RegulatoryNote,
)

__all__ = [
    "Change",
    "Check",
    "Conflict",
    "CourseCount",
    "CourseTemplate",
    "CrisisLine",
    "Fact",
    "Hours",
    "ImportRun",
    "LearnPage",
    "Offering",
    "Organization",
    "Place",
    "PlaceKind",
    "PlaceName",
    "PriceLine",
    "Provider",
    "Region",
    "RegionKind",
    "RegulatoryNote",
    "Source",
    "SourceRecord",
    "Weekday",
]
