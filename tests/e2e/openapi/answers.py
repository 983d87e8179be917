"""Holds what hubs answered in the other e2e tests against the description of the API.

  answers.py clear FOLDER      makes the folder, empty: from now on the tests write their answers there
  answers.py validate FOLDER   says every answer that is not as described
"""

import json
import pathlib
import shutil
import sys

import document


def clear(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return 0


def validate(folder):
    api = document.load()
    count = 0
    wrong = []
    for file in sorted(folder.glob("*.ndjson")):
        for line in file.read_text(encoding="utf-8").splitlines():
            answer = json.loads(line)
            count += 1
            for problem in api.problems(answer["method"], answer["target"], answer["status"],
                                        answer["contentType"], answer["body"]):
                wrong.append(f"{answer['method']} {answer['target']} -> {answer['status']}: {problem}")
    for line in sorted(set(wrong)):
        print(line)
    print(f"{count} answers, {len(wrong)} problems")
    if count == 0:
        print("no test has written an answer")
    return 1 if wrong or count == 0 else 0


if __name__ == "__main__":
    sys.exit({"clear": clear, "validate": validate}[sys.argv[1]](pathlib.Path(sys.argv[2])))
