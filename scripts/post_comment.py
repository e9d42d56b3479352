"""Put a report on the pull request that it is about: one comment, which is edited at each push.

    python scripts/post_comment.py FILE

Called in a `workflow_run`, which may write comments, after the run that made the report, which may
not: so a pull request from a fork is commented on, and none of its code runs with the right to
write. The report is what foreign code made, so only its text is used, cut and with nobody notified;
which pull request it is comes from GitHub. Standard library only.
"""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- ankipress: what changes -->"
LONGEST = 65_000
PAGE = 100
BREAK = "\N{ZERO WIDTH SPACE}"


def main(file: Path) -> int:
    """Write or edit the comment, and return the exit status."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    number = pull_request(event["workflow_run"])
    if number is None:
        print("There is no open pull request with this commit at its tip: nothing to comment on")
        return 0
    body = {"body": comment(file.read_text(encoding="utf-8", errors="replace"))}
    known = existing(number)
    if known is None:
        _call("POST", f"issues/{number}/comments", body)
    else:
        _call("PATCH", f"issues/comments/{known}", body)
    print(f"commented on #{number}")
    return 0


def comment(report: str) -> str:
    """A report as the text of a comment: with the mark by which it is found again, and nobody
    notified.

    A report is Markdown that a fork's code wrote. A name behind @ would notify whoever bears it, so
    it is parted.
    """
    parted = re.sub(r"@(?=[A-Za-z0-9_-])", f"@{BREAK}", report)
    return f"{MARK}\n{parted}"[:LONGEST]


def pull_request(run: dict[str, Any]) -> int | None:
    """The open pull request whose tip a run was about. The event names none for forks, so it is
    looked for by its branch.
    """
    head = f"{run['head_repository']['owner']['login']}:{run['head_branch']}"
    found = _call("GET", f"pulls?state=open&head={urllib.parse.quote(head, safe=':')}")
    return next((each["number"] for each in found if each["head"]["sha"] == run["head_sha"]), None)


def existing(number: int) -> int | None:
    """The comment that was written before. Only a bot's own counts: anyone can write the mark."""
    page = 1
    while rows := _call("GET", f"issues/{number}/comments?per_page={PAGE}&page={page}"):
        for each in rows:
            if each["user"]["login"] == "github-actions[bot]" and each["body"].startswith(MARK):
                return int(each["id"])
        page += 1
    return None


def _call(method: str, path: str, body: Any = None) -> Any:
    server = os.environ.get("GITHUB_API_URL", "https://api.github.com")
    address = f"{server}/repos/{os.environ['GITHUB_REPOSITORY']}/{path}"
    headers = {
        "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
        "Accept": "application/vnd.github+json",
    }
    content = None if body is None else json.dumps(body).encode()
    # GitHub's own address.
    request = urllib.request.Request(address, content, headers, method=method)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
