"""The coded words of a case. A child reads them one day."""

from collections.abc import Mapping
from enum import StrEnum


class ContactKind(StrEnum):
    """How a worker and a child met or spoke."""

    FACE_TO_FACE = "face_to_face"
    WALK = "walk"
    GARDEN_OR_PARK = "garden_or_park"
    PHONE = "phone"
    TEXT = "text"
    MESSAGING_APP = "messaging_app"
    SECURE_UNIT = "secure_unit"
    OUT_OF_AREA = "out_of_area"


class Attendance(StrEnum):
    """How it went. No word of it blames."""

    ATTENDED = "attended"
    NOT_HOME = "not_home"
    CHOSE_NOT_TO = "chose_not_to"
    NO_ANSWER = "no_answer"
    REARRANGED = "rearranged"
    WE_COULD_NOT = "we_could_not"


class HealthKind(StrEnum):
    """What the specialist nurse did, and support around a sexual assault referral centre."""

    ASSESSMENT = "health_assessment"
    INTERVENTION = "intervention"
    SARC = "sarc_support"


class Priority(StrEnum):
    """How much hangs on an action."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ActionState(StrEnum):
    """Whether an action is still to be done."""

    OPEN = "open"
    DONE = "done"
    NOT_NEEDED = "not_needed"


CONTACT_TITLES: Mapping[str, str] = {
    ContactKind.FACE_TO_FACE: "Met face to face",
    ContactKind.WALK: "Went for a walk",
    ContactKind.GARDEN_OR_PARK: "Met in a garden or park",
    ContactKind.PHONE: "Spoke on the phone",
    ContactKind.TEXT: "Exchanged texts",
    ContactKind.MESSAGING_APP: "Exchanged messages in an app",
    ContactKind.SECURE_UNIT: "Visited in a secure unit",
    ContactKind.OUT_OF_AREA: "Visited in a placement outside the area",
}

ATTENDANCE_TITLES: Mapping[str, str] = {
    Attendance.ATTENDED: "It took place",
    Attendance.NOT_HOME: "Nobody was at home",
    Attendance.CHOSE_NOT_TO: "The child chose not to this time",
    Attendance.NO_ANSWER: "There was no answer",
    Attendance.REARRANGED: "It was moved to another time",
    Attendance.WE_COULD_NOT: "The service could not make it",
}

HEALTH_TITLES: Mapping[str, str] = {
    HealthKind.ASSESSMENT: "Health assessment",
    HealthKind.INTERVENTION: "Health intervention",
    HealthKind.SARC: "Support around a sexual assault referral centre",
}
