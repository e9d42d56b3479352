"""Bring ankipress.lock up to date on the branch that is checked out, and push it.

    python scripts/push_lock.py

Run in the folder of a deck, by a workflow on the main branch: so a pull request by someone without
ankipress needs no lock. The token of the workflow comes in GITHUB_TOKEN, and is handed to the one
`git push` that needs it; it is written nowhere.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

LOCK = "ankipress.lock"
AUTHOR = (
    "-c",
    "user.name=github-actions[bot]",
    "-c",
    "user.email=41898282+github-actions[bot]@users.noreply.github.com",
)
MESSAGE = "Bring ankipress.lock up to date"
PROTECTED = (
    "The branch does not take the lock. Allow the workflow to push to it; or keep the lock"
    " yourself: run `ankipress build`, commit ankipress.lock with the cards, and leave this job"
    " out. `ankipress release` brings the lock up to date as well."
)
UNDECIDED = (
    "The lock cannot be brought up to date until what is said above is settled. For cards that"
    ' could be another one\'s edit: start this workflow by hand ("Run workflow") with the'
    " answers, such as `cards.md:7=new` or `cards.md:7=GUID`, several with `;` between; or run"
    " `ankipress ids` in a checkout, and commit the lock."
)


def main() -> int:
    """Build, commit and push, and return the exit status."""
    # -P: nothing in the checkout is taken for ankipress. A build needs no token.
    environment = {key: value for key, value in os.environ.items() if key != "GITHUB_TOKEN"}
    if subprocess.run(
        [sys.executable, "-P", "-m", "ankipress", "build"], check=False, env=environment
    ).returncode:
        return _fail(UNDECIDED)
    _git("add", "--", LOCK)
    if not _git("diff", "--cached", "--name-only", "--", LOCK):
        print("ankipress.lock is up to date already")
        return 0
    branch = _git("symbolic-ref", "--short", "HEAD")
    before = _git("rev-parse", "HEAD")
    _git(*AUTHOR, "commit", "--quiet", "--message", MESSAGE, "--", LOCK)
    if _remote("push", "origin", f"HEAD:refs/heads/{branch}").returncode == 0:
        return 0
    if not _remote("ls-remote", "origin", f"refs/heads/{branch}").stdout.startswith(before):
        brings = "the run for its last commit brings the lock up to date"
        print(f"the branch has moved on meanwhile: {brings}")
        return 0
    return _fail(PROTECTED)


def _remote(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if token := environment.pop("GITHUB_TOKEN", ""):
        # As actions/checkout does it, but for one command: a token in .git/config could be read by
        # whatever runs later.
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        server = environment.get("GITHUB_SERVER_URL", "https://github.com")
        environment |= {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{server}/.extraheader",
            "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}",
        }
    return subprocess.run(
        ["git", *arguments], check=False, stdout=subprocess.PIPE, encoding="utf-8", env=environment
    )


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], check=True, stdout=subprocess.PIPE, encoding="utf-8"
    ).stdout.strip()


def _fail(help: str) -> int:
    print(help, file=sys.stderr)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as out:
            out.write(help + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
