"""Put a report on the pull request that it is about: one comment, which is edited at each push.

    python scripts/post_comment.py FOLDER

FOLDER holds what the run left, which is its report alone. Called in a `workflow_run`, which may
write comments, after the run that made the report, which may not: so a pull request from a fork is
commented on, and none of its code runs with the right to write. The report is what foreign code
made, so only its text is used, cut and with nobody notified. Which pull request it is comes from
GitHub: by HEAD_OWNER, HEAD_BRANCH and HEAD_SHA, which the runner takes from the event itself.
Standard library only.
"""

from __future__ import annotations

import html
import json
import os
import re
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- ankipress: what changes -->"
REPORT = "ankipress-comment.md"
MOST_BYTES = 300_000
LONGEST = 65_000
PAGE = 100
BREAK = "\N{ZERO WIDTH SPACE}"

# The tags that a report has, as a group, so that a split keeps them.
_TAG = re.compile(r"(</?(?:details|summary|code|ins|del)>|<details open>|<br>)")
# What Markdown or HTML might make something of, and references, which are decoded before GitHub
# looks for names.
_SPECIAL = re.compile(r"&#?\w+;|[\\`<>\[\]@&!~$]")
_PLAIN = "-:./'"
# What GitHub makes a link of, or a reference to an issue: it is parted behind this.
_CALLING = re.compile(
    r"(?<!&)#(?=\w)|(?<=[a-z])-(?=\d)|:(?=//)|www(?=\.)",
    re.IGNORECASE,
)
_COMMIT = re.compile(r"\b[0-9a-f]{7,40}\b", re.IGNORECASE)


def main(folder: Path) -> int:
    """Write or edit the comment, and return the exit status."""
    report = report_in(folder)
    if report is None:
        print(f"The artifact is not one file {REPORT}, a text of {MOST_BYTES:,} bytes at most")
        return 1
    number = pull_request()
    if number is None:
        print("There is no open pull request with this commit at its tip: nothing to comment on")
        return 0
    body = {"body": comment(report)}
    known = existing(number)
    if known is None:
        _call("POST", f"issues/{number}/comments", body)
    else:
        _call("PATCH", f"issues/comments/{known}", body)
    print(f"commented on #{number}")
    return 0


def report_in(folder: Path) -> str | None:
    """The report in a folder, None where something else lies there: foreign code filled it."""
    file = folder / REPORT
    if list(folder.iterdir()) != [file] or file.is_symlink() or not file.is_file():
        return None
    with file.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return None
    return content.decode("utf-8", "replace")


def comment(report: str) -> str:
    """A report as the text of a comment: with the mark by which it is found again, and nobody
    notified.
    """
    return f"{MARK}\n{harmless(report)}"[:LONGEST]


def harmless(report: str) -> str:
    """A report, which a fork's code wrote, without what would notify anybody or load anything.

    What stands in fences stays, in fences that are certain to hold it. Elsewhere nothing is left
    but words and the few tags of a report: no link, picture, name behind @ or number behind #.
    """
    lines = []
    fence = ""
    held: list[str] = []
    for line in re.split(r"\r\n|\r|\n", report):
        opening = re.fullmatch("(`{3,})text", line)
        if fence and line != fence:
            held.append(line)
        elif fence:
            lines += fenced(held)
            fence = ""
            held = []
        elif opening:
            fence = opening[1]
        else:
            lines.append("".join(map(_part, _TAG.split(line))))
    if fence:
        lines += fenced(held)
    return "\n".join(lines)


def fenced(lines: list[str]) -> list[str]:
    """Lines in which nothing is markup, between empty lines, so that nothing else goes on there."""
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return ["", f"{fence}text", *lines, fence, ""]


def _part(text: str) -> str:
    if _TAG.fullmatch(text):
        return text
    words = _SPECIAL.sub(_reference, text)
    words = _CALLING.sub(lambda found: found[0] + BREAK, words)
    return _COMMIT.sub(lambda found: BREAK.join(re.findall(".{1,6}", found[0])), words)


def _reference(found: re.Match[str]) -> str:
    """A special character, however it is written, as one that means nothing."""
    return "".join(map(_as_reference, html.unescape(found[0])))


def _as_reference(character: str) -> str:
    if character.isalnum() or character in _PLAIN:
        return character
    if character.isspace():
        return " "
    reference = f"&#{ord(character)};"
    if character in "@#":
        return reference + BREAK
    return reference


def pull_request() -> int | None:
    """The open pull request whose tip the run was about. The event names none for forks, so it is
    looked for by its branch.
    """
    head = f"{os.environ['HEAD_OWNER']}:{os.environ['HEAD_BRANCH']}"
    found = _call("GET", f"pulls?state=open&head={urllib.parse.quote(head, safe=':')}")
    sha = os.environ["HEAD_SHA"]
    return next((each["number"] for each in found if each["head"]["sha"] == sha), None)


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
