"""Every code of the field: label, plain definition, codes in other standards.

The one home of codes: the database holds codes only, and forms, filters, exports and
help text read this module. Pure: no Django models. A new code is one entry here.
"""

from providers.vocabulary.access import (
    ACCESS,
)
from providers.vocabulary.asked import (
    ASKED,
    Asked,
)
from providers.vocabulary.cautions import (
    CAUTION_LEVELS,
    CAUTIONS,
    Caution,
)
from providers.vocabulary.clinicians import (
    CLINIC_TYPES,
    CLINICIANS,
    LICENCES,
)
from providers.vocabulary.codes import (
    NOT_STATED,
    Code,
    Codes,
)
from providers.vocabulary.conditions import (
    CONDITIONS,
)
from providers.vocabulary.facts import (
    FACT_OF_SAMHSA,
    GROUPS,
    NEEDS,
    TOPIC_LABELS,
    TOPICS,
    fact_code,
    topic_of,
)
from providers.vocabulary.languages import (
    LANGUAGES,
    Language,
)
from providers.vocabulary.payments import (
    PAYMENTS,
)
from providers.vocabulary.people import (
    NEW_PATIENTS,
    POPULATIONS,
    WHO,
)
from providers.vocabulary.posted_ranges import (
    PostedRange,
    far_from,
)
from providers.vocabulary.prices import (
    APPLIES_TO,
    CURRENCIES,
    CURRENCY_OF_COUNTRY,
    PAYEES,
    PRICE_KINDS,
    PRICE_UNITS,
    Currency,
)
from providers.vocabulary.provenance import (
    ANSWERS,
    CHECK_GROUPS,
    CHECK_OUTCOMES,
    CONFIRMING_METHODS,
    DATE_PRECISIONS,
    FRESH_DAYS,
    GROUP_OF_TOPIC,
    METHODS,
    PERSON_METHODS,
    POINT_PRECISIONS,
    PRICE_HISTORY_DAYS,
    REVIEW_DAYS,
    SCOPES,
    SOURCES,
    STATUSES,
    UNCONFIRMED_DAYS,
    SourceSeed,
)
from providers.vocabulary.rules import (
    AUDIENCES,
    GRADES,
    REGULATION_APPLIES_TO,
    REGULATION_STATUSES,
    REGULATION_TOPICS,
)
from providers.vocabulary.safety import (
    SAFETY,
    SCREENING,
)
from providers.vocabulary.services import (
    FORMATS,
    NASAL_ESKETAMINE,
    NO_MEDICINE,
    PARTNER_MODELS,
    PRODUCTS,
    REMOTE_SETTINGS,
    ROUTES,
    SETTINGS,
    SUPERVISED_SETTINGS,
    THERAPIES,
    Route,
)

__all__ = [
    "ACCESS",
    "ANSWERS",
    "APPLIES_TO",
    "ASKED",
    "AUDIENCES",
    "CAUTIONS",
    "CAUTION_LEVELS",
    "CHECK_GROUPS",
    "CHECK_OUTCOMES",
    "CLINICIANS",
    "CLINIC_TYPES",
    "CONDITIONS",
    "CONFIRMING_METHODS",
    "CURRENCIES",
    "CURRENCY_OF_COUNTRY",
    "DATE_PRECISIONS",
    "FACT_OF_SAMHSA",
    "FORMATS",
    "FRESH_DAYS",
    "GRADES",
    "GROUPS",
    "GROUP_OF_TOPIC",
    "LANGUAGES",
    "LICENCES",
    "METHODS",
    "NASAL_ESKETAMINE",
    "NEEDS",
    "NEW_PATIENTS",
    "NOT_STATED",
    "NO_MEDICINE",
    "PARTNER_MODELS",
    "PAYEES",
    "PAYMENTS",
    "PERSON_METHODS",
    "POINT_PRECISIONS",
    "POPULATIONS",
    "PRICE_HISTORY_DAYS",
    "PRICE_KINDS",
    "PRICE_UNITS",
    "PRODUCTS",
    "REGULATION_APPLIES_TO",
    "REGULATION_STATUSES",
    "REGULATION_TOPICS",
    "REMOTE_SETTINGS",
    "REVIEW_DAYS",
    "ROUTES",
    "SAFETY",
    "SCOPES",
    "SCREENING",
    "SETTINGS",
    "SOURCES",
    "STATUSES",
    "SUPERVISED_SETTINGS",
    "THERAPIES",
    "TOPICS",
    "TOPIC_LABELS",
    "UNCONFIRMED_DAYS",
    "WHO",
    "Asked",
    "Caution",
    "Code",
    "Codes",
    "Currency",
    "Language",
    "PostedRange",
    "Route",
    "SourceSeed",
    "fact_code",
    "far_from",
    "topic_of",
]
