"""Code lists that England's councils share: DfE, children in need census, 2024-26."""

from collections.abc import Mapping
from enum import StrEnum


class Sex(StrEnum):
    """As recorded; `U` is not known or not declared."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


class Ethnicity(StrEnum):
    """As stated by the child or family. `NOBT` and `REFU` say that it was asked for; a source
    that says nothing leaves it out."""

    WHITE_BRITISH = "WBRI"
    WHITE_IRISH = "WIRI"
    TRAVELLER_OF_IRISH_HERITAGE = "WIRT"
    GYPSY_ROMA = "WROM"
    OTHER_WHITE = "WOTH"
    WHITE_AND_BLACK_CARIBBEAN = "MWBC"
    WHITE_AND_BLACK_AFRICAN = "MWBA"
    WHITE_AND_ASIAN = "MWAS"
    OTHER_MIXED = "MOTH"
    INDIAN = "AIND"
    PAKISTANI = "APKN"
    BANGLADESHI = "ABAN"
    CHINESE = "CHNE"
    OTHER_ASIAN = "AOTH"
    CARIBBEAN = "BCRB"
    AFRICAN = "BAFR"
    OTHER_BLACK = "BOTH"
    OTHER = "OOTH"
    REFUSED = "REFU"
    NOT_YET_OBTAINED = "NOBT"


class EthnicitySource(StrEnum):
    """Who stated an ethnicity."""

    CHILD = "child"
    PARENT_OR_CARER = "parent_or_carer"
    SCHOOL = "school"
    HEALTH = "health"
    POLICE = "police"
    SOCIAL_CARE = "social_care"
    OTHER = "other"


class Disability(StrEnum):
    """As assessed or stated; `NONE` is an answer."""

    NONE = "NONE"
    MOBILITY = "MOB"
    HAND_FUNCTION = "HAND"
    PERSONAL_CARE = "PC"
    INCONTINENCE = "INC"
    COMMUNICATION = "COMM"
    LEARNING = "LD"
    HEARING = "HEAR"
    VISION = "VIS"
    BEHAVIOUR = "BEH"
    CONSCIOUSNESS = "CON"
    AUTISM = "AUT"
    OTHER = "DDA"


class NameKind(StrEnum):
    """How a child has, or had, a name beside the present one."""

    ALSO_KNOWN_AS = "also_known_as"
    BIRTH = "birth"
    ADOPTED = "adopted"


class LegalStatus(StrEnum):
    """Under which law a child is looked after."""

    INTERIM_CARE_ORDER = "C1"
    FULL_CARE_ORDER = "C2"
    FREEING_ORDER = "D1"
    PLACEMENT_ORDER = "E1"
    SECTION_20 = "V2"
    SHORT_BREAKS = "V3"
    SERIES_OF_SHORT_BREAKS = "V4"
    POLICE_PROTECTION = "L1"
    EMERGENCY_PROTECTION_ORDER = "L2"
    CHILD_ASSESSMENT_ORDER = "L3"
    REMANDED = "J1"
    PACE = "J2"
    YOUTH_REHABILITATION_ORDER = "J3"


class ReferralSource(StrEnum):
    """Who raised the concern."""

    FAMILY_RELATIVE_CARER = "1A"
    ACQUAINTANCE = "1B"
    SELF = "1C"
    OTHER_INDIVIDUAL = "1D"
    SCHOOLS = "2A"
    EDUCATION_SERVICES = "2B"
    GP = "3A"
    HEALTH_VISITOR = "3B"
    SCHOOL_NURSE = "3C"
    OTHER_PRIMARY_HEALTH = "3D"
    EMERGENCY_DEPARTMENT = "3E"
    OTHER_HEALTH = "3F"
    HOUSING = "4"
    LA_SOCIAL_CARE = "5A"
    LA_OTHER_INTERNAL = "5B"
    OTHER_LA = "5C"
    LA_EARLY_HELP = "5D"
    POLICE = "6"
    OTHER_LEGAL = "7"
    OTHER = "8"
    ANONYMOUS = "9"
    UNKNOWN = "10"


ETHNICITY_SOURCE_TITLES: Mapping[str, str] = {
    EthnicitySource.CHILD: "The child",
    EthnicitySource.PARENT_OR_CARER: "A parent or carer",
    EthnicitySource.SCHOOL: "School",
    EthnicitySource.HEALTH: "Health",
    EthnicitySource.POLICE: "Police",
    EthnicitySource.SOCIAL_CARE: "Social care",
    EthnicitySource.OTHER: "Somebody else",
}

DISABILITY_TITLES: Mapping[str, str] = {
    Disability.NONE: "None",
    Disability.MOBILITY: "Mobility",
    Disability.HAND_FUNCTION: "Hand function",
    Disability.PERSONAL_CARE: "Personal care",
    Disability.INCONTINENCE: "Incontinence",
    Disability.COMMUNICATION: "Communication",
    Disability.LEARNING: "Learning",
    Disability.HEARING: "Hearing",
    Disability.VISION: "Vision",
    Disability.BEHAVIOUR: "Behaviour",
    Disability.CONSCIOUSNESS: "Consciousness",
    Disability.AUTISM: "Autism",
    Disability.OTHER: "Another disability as the Equality Act defines it",
}

NAME_KIND_TITLES: Mapping[str, str] = {
    NameKind.ALSO_KNOWN_AS: "Also known as",
    NameKind.BIRTH: "Name at birth",
    NameKind.ADOPTED: "Name by adoption",
}

LEGAL_STATUS_TITLES: Mapping[str, str] = {
    LegalStatus.INTERIM_CARE_ORDER: "Interim care order",
    LegalStatus.FULL_CARE_ORDER: "Full care order",
    LegalStatus.FREEING_ORDER: "Freeing order",
    LegalStatus.PLACEMENT_ORDER: "Placement order",
    LegalStatus.SECTION_20: "Accommodated under section 20",
    LegalStatus.SHORT_BREAKS: "Short breaks",
    LegalStatus.SERIES_OF_SHORT_BREAKS: "Short breaks, as part of a series",
    LegalStatus.POLICE_PROTECTION: "Police protection",
    LegalStatus.EMERGENCY_PROTECTION_ORDER: "Emergency protection order",
    LegalStatus.CHILD_ASSESSMENT_ORDER: "Child assessment order",
    LegalStatus.REMANDED: "Remanded",
    LegalStatus.PACE: "Accommodated under PACE",
    LegalStatus.YOUTH_REHABILITATION_ORDER: "Youth rehabilitation order with residence",
}

SEX_TITLES: Mapping[str, str] = {
    Sex.FEMALE: "Female",
    Sex.MALE: "Male",
    Sex.UNKNOWN: "Not known",
}

ETHNICITY_TITLES: Mapping[str, str] = {
    Ethnicity.WHITE_BRITISH: "White British",
    Ethnicity.WHITE_IRISH: "White Irish",
    Ethnicity.TRAVELLER_OF_IRISH_HERITAGE: "Traveller of Irish heritage",
    Ethnicity.GYPSY_ROMA: "Gypsy/Roma",
    Ethnicity.OTHER_WHITE: "Any other White background",
    Ethnicity.WHITE_AND_BLACK_CARIBBEAN: "White and Black Caribbean",
    Ethnicity.WHITE_AND_BLACK_AFRICAN: "White and Black African",
    Ethnicity.WHITE_AND_ASIAN: "White and Asian",
    Ethnicity.OTHER_MIXED: "Any other Mixed background",
    Ethnicity.INDIAN: "Indian",
    Ethnicity.PAKISTANI: "Pakistani",
    Ethnicity.BANGLADESHI: "Bangladeshi",
    Ethnicity.CHINESE: "Chinese",
    Ethnicity.OTHER_ASIAN: "Any other Asian background",
    Ethnicity.CARIBBEAN: "Caribbean",
    Ethnicity.AFRICAN: "African",
    Ethnicity.OTHER_BLACK: "Any other Black background",
    Ethnicity.OTHER: "Any other ethnic group",
    Ethnicity.REFUSED: "Refused",
    Ethnicity.NOT_YET_OBTAINED: "Not yet obtained",
}
