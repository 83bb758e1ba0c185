"""The code dictionary is what the validated versions can read, together."""

import pytest

from services.scoring.domain.codes import CodesDisagree, answer_problem, dictionary, nearest
from services.scoring.domain.loading import load
from tests.domain.scoring.builders import shipped
from tests.domain.scoring.small import SMALL

SMALL_MODEL = load(SMALL, "small.yaml").model
BOTH = dictionary([("seraf 1.0", shipped("seraf/1.0.yaml").model), ("small 1", SMALL_MODEL)])


def test_a_code_names_its_versions_and_who_holds_it() -> None:
    assert BOTH["missing_episode"].versions == ("seraf 1.0", "small 1")
    assert BOTH["hurt"].held_by == {"health", "social_care"}


def test_models_must_agree_on_the_kind_of_answer() -> None:
    text = SMALL.replace(
        'answer: flag\n    points: "2.5"', 'answer: choice\n    options: {"yes": "2.5", "no": "0"}'
    )
    other = load(text, "other.yaml").model

    with pytest.raises(CodesDisagree, match="`hurt` is yes_no in small 1, but choice in small 2"):
        dictionary([("small 1", SMALL_MODEL), ("small 2", other)])


@pytest.mark.parametrize("answer", ["yes", "no", "not_known"])
def test_a_known_answer_fits(answer: str) -> None:
    assert answer_problem(BOTH["hurt"], answer) is None


@pytest.mark.parametrize("answer", ["maybe", "Yes", "", "1"])
def test_another_answer_is_told_what_to_write(answer: str) -> None:
    assert answer_problem(BOTH["hurt"], answer) == "write yes, no or not_known"


def test_a_misspelt_code_is_shown_the_nearest() -> None:
    assert nearest("mising_episode", BOTH)[0] == "missing_episode"
