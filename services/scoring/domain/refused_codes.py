"""What no model may read: kept only to report disparity, never to score."""

REFUSED_CODES = frozenset(
    {
        "sex",
        "gender",
        "ethnicity",
        "religion",
        "nationality",
        "free_school_meals",
        "pupil_premium",
        "idaci",
        "household_income",
        "benefits",
    }
)
