from dataclasses import replace

from exercises.catalogue import load
from exercises.rules.content_json import exercise_json
from exercises.rules.follow import follow

PLANK = next(one for one in load().exercises if one.code == "plank")
KNOWN = {one.code for one in load().exercises}


def test_base_that_todays_rules_refuse_is_still_no_edit() -> None:
    """It was taken before a range was tightened, and before doses had a tempo."""
    old = replace(PLANK, dose=replace(PLANK.dose, sets=99))
    base = exercise_json(old)
    del base["dose"]["tempo"]
    followed = follow(base, old, PLANK, before=KNOWN, after=KNOWN)
    assert followed.content == PLANK
    assert followed.wished == PLANK
