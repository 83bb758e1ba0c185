"""README's main job, as pasted: it does what the README says."""

import re
import subprocess
from pathlib import Path

from tests.cli.conftest import Running
from tests.cli.test_integrators_page import CREDENTIALS, URL, commands_on_path
from tests.support.databases import ROOT

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_the_main_job_in_curl_ends_in_a_decision_on_record(
    tracker: Running, tmp_path: Path
) -> None:
    (block,) = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    script = block.replace(URL, tracker.environment["AMBER_URL"]).replace(
        f"'{CREDENTIALS}'", f"'{tracker.environment['AMBER_CREDENTIALS']}'"
    )
    ran = subprocess.run(
        ["/bin/bash", "-euc", f"set -o pipefail\n{script}"],
        cwd=tmp_path,
        env={"PATH": commands_on_path(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert '"result":"recorded"' in ran.stdout or '"result":"held"' in ran.stdout
    assert '"total": "5"' in ran.stdout
    history = ran.stdout[ran.stdout.rindex('{"referral_id"') :]
    assert [to for to in ("received", "in_triage", "signposted") if to not in history] == []
    assert '"score_id":null' not in history.rpartition("signpost")[2]
