#!/usr/bin/env python3
"""A small agent for AiCd's `command` contract, version 1 (docs/command-agent.md).

It has no model. It resolves one kind of issue for real: an issue that says in a line of its own

    Replace `old text` by `new text` in `path/to/file`

and it reviews what was made of such an issue by looking at the files. Everything around that is what any
adapter needs, so a copy of this file is a good start: put the call of your own agent into plan(), code() and review().
"""

import json
import os
import re
import sys

WISH = re.compile(r"^\W*replace `([^`]+)` (?:by|with) `([^`]*)` in `([^`]+)`\W*$", re.IGNORECASE | re.MULTILINE)


class Refused(Exception):
    """What is asked for cannot be done; trying again would give the same."""


def main():
    request = json.load(sys.stdin)
    if request["contract"] != 1:
        return fail("permanent", f"contract: expected 1, found {request['contract']}")
    log(f"{request['stage']}: {request['issue']['title']}")
    steps = {"plan": plan, "code": code, "review": review}
    try:
        answer = steps[request["stage"]](request)
    except Refused as refusal:
        return fail("permanent", str(refusal))
    return write({"contract": 1, request["stage"]: answer})


def plan(request):
    wishes = wishes_of(request)
    return {
        "summary": f"Replace text in {len(wishes)} place(s)",
        "steps": [f"Replace `{old}` by `{new}` in {path}" for old, new, path in wishes],
        "files": sorted({path for _, _, path in wishes}),
        "testStrategy": "The old text is gone and the new text is there; the repository's own checks pass.",
    }


def code(request):
    wishes = wishes_of(request)
    for old, new, path in wishes:
        text = read(path)
        if old not in text:
            raise Refused(f"There is no `{old}` in {path}")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text.replace(old, new))
        log(f"changed {path}")
    return {"commitMessage": request["issue"]["title"], "summary": "; ".join(f"{old} is {new} now in {path}" for old, new, path in wishes)}


def review(request):
    comments = []
    for old, new, path in wishes_of(request):
        text = read(path)
        if old in text.replace(new, "") or new not in text:
            comments.append({"path": path, "severity": "BLOCKER", "text": f"`{old}` is not replaced by `{new}`"})
    failed = [check["name"] for check in request["change"]["checks"] if check["exitCode"] != 0]
    comments += [{"severity": "MAJOR", "text": f"The check {name} fails"} for name in failed]
    if comments:
        return {"verdict": "REJECT", "summary": "Not done yet", "comments": comments}
    return {"verdict": "APPROVE", "summary": "What was asked for is there"}


def wishes_of(request):
    wishes = WISH.findall(request["issue"]["title"] + "\n" + request["issue"]["body"])
    if not wishes:
        raise Refused("The issue asks for nothing of the form: Replace `old` by `new` in `path`")
    for _, _, path in wishes:
        # An issue is a stranger's text: it must not lead out of the worktree, not even by a link in it.
        if not os.path.realpath(path).startswith(os.path.realpath(".") + os.sep):
            raise Refused(f"{path} is not in the worktree")
    return wishes


def read(path):
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error


def log(line):
    """Standard error is the transcript; people who watch the job see it as it comes."""
    print(line, file=sys.stderr, flush=True)


def fail(kind, message):
    write({"contract": 1, "error": {"kind": kind, "message": message}})
    return 1


def write(answer):
    json.dump(answer, sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
