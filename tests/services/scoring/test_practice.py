"""What practice says of indicators: judged otherwise how often, and comments for the author."""

from shared.domain.access import Sight
from shared.ids import new_id
from tests.services.scoring.test_judgements import WHY, judge, professional, scored
from tests.support.scoring import ScoringUnderTest


def test_overrides_are_counted_by_indicator_and_small_numbers_withheld(
    scoring: ScoringUnderTest,
) -> None:
    for _ in range(5):
        judge(scoring, scored(scoring))
    place = "/v1/models/seraf/versions/1.0/override-rates"
    author = scoring.client("models:read")
    (line,) = author.get(place).json()["items"]
    assert (line["judged"], line["otherwise"]) == (None, None)
    judge(scoring, scored(scoring), band="category_1", reason_code="confirms_the_score")
    (line,) = author.get(place).json()["items"]
    assert line["indicator"]
    assert (line["judged"], line["otherwise"]) == (6, 5)
    assert author.get("/v1/models/seraf/versions/9.9/override-rates").status_code == 404


def test_many_words_about_one_child_are_no_six_judged_scores(scoring: ScoringUnderTest) -> None:
    place = "/v1/models/seraf/versions/1.0/override-rates"
    author = scoring.client("models:read")
    child = scored(scoring)
    for _ in range(6):
        judge(scoring, child)
    for _ in range(4):
        judge(scoring, scored(scoring))
    withdrawn = scored(scoring)
    taken_back = judge(scoring, withdrawn)
    path = f"/v1/children/{withdrawn}/judgements/{taken_back['id']}/withdrawal"
    assert professional(scoring).post(path, json={"reason": WHY}).status_code == 201
    (line,) = author.get(place).json()["items"]
    assert (line["judged"], line["otherwise"]) == (None, None)
    judge(scoring, withdrawn, band="category_1", reason_code="confirms_the_score")
    (line,) = author.get(place).json()["items"]
    assert (line["judged"], line["otherwise"]) == (6, 5)


def test_a_comment_on_an_indicator_reaches_the_author_without_the_child(
    scoring: ScoringUnderTest,
) -> None:
    child = scored(scoring)
    found = scoring.score(child)
    indicator = next(each for each in found["contributions"] if each["points"] != "0")["indicator"]
    place = f"/v1/models/seraf/versions/1.0/indicators/{indicator}/comments"
    body = {"score_id": found["score_id"], "comment": "Counts a late return like a night away."}
    worker = professional(scoring)
    assert worker.post(place, json=body).status_code == 201
    south = professional(scoring, sight=Sight(teams=frozenset({"south"})))
    # A score out of sight is answered as one that never was.
    hidden = south.post(place, json=body)
    nobodys = south.post(place, json=body | {"score_id": str(new_id())})
    assert (hidden.status_code, hidden.json()["code"]) == (404, "unknown_score")
    assert [hidden.json()[part] for part in ("type", "title", "detail", "code")] == [
        nobodys.json()[part] for part in ("type", "title", "detail", "code")
    ]
    nowhere = place.replace(indicator, "no_such_indicator")
    assert worker.post(nowhere, json=body).json()["code"] == "unknown_indicator"
    author = scoring.client("models:read", "models:propose")
    listed = author.get("/v1/models/seraf/comments").json()["items"]
    assert [(each["indicator"], each["by"]) for each in listed] == [(indicator, "p-one")]
    assert found["score_id"] not in str(listed)
