from providers.models.desk import (
    Assignment,
    ColumnMapping,
    FormerSlug,
    NotDuplicate,
    ProblemReport,
    RegionalEditor,
    Upload,
)
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
from providers.models.region import Region, RegionKind, every_region
from providers.models.regulation import (
    CourseCount,
    CourseTemplate,
    CrisisLine,
    LearnPage,
    RegulatoryNote,
)
from providers.models.searching import SearchChange

__all__ = [
    "Assignment",
    "Change",
    "Check",
    "ColumnMapping",
    "Conflict",
    "CourseCount",
    "CourseTemplate",
    "CrisisLine",
    "Fact",
    "FormerSlug",
    "Hours",
    "ImportRun",
    "LearnPage",
    "NotDuplicate",
    "Offering",
    "Organization",
    "Place",
    "PlaceKind",
    "PlaceName",
    "PriceLine",
    "ProblemReport",
    "Provider",
    "Region",
    "RegionKind",
    "RegionalEditor",
    "RegulatoryNote",
    "SearchChange",
    "Source",
    "SourceRecord",
    "Upload",
    "Weekday",
    "every_region",
]
