"""The description of the API (libs/muster/api/openapi.json), and whether an answer is as it says."""

import json
import pathlib
import urllib.parse

import jsonschema

SOURCE = pathlib.Path(__file__).resolve().parents[3] / "libs/muster/api/openapi.json"
METHODS = ("get", "post", "put", "delete")


class Document:
    def __init__(self, text):
        self.root = json.loads(text)
        self.validators = {}

    def operations(self):
        for path, item in self.root["paths"].items():
            for method in METHODS:
                if method in item:
                    yield method, path, item[method]

    def follow(self, value):
        """What a local reference stands for."""
        while isinstance(value, dict) and "$ref" in value:
            place = value["$ref"]
            value = self.root
            for part in place.removeprefix("#/").split("/"):
                value = value[part]
        return value

    def find(self, method, target):
        """The path's pattern and the operation; a fixed path before one with a parameter."""
        segments = target.split("?")[0].rstrip("/").split("/")
        found = []
        for path, item in self.root["paths"].items():
            pattern = path.rstrip("/").split("/")
            fits = len(pattern) == len(segments) and all(
                want.startswith("{") or want == urllib.parse.unquote(got)
                for want, got in zip(pattern, segments)
            )
            if fits and method.lower() in item:
                found.append((path.count("{"), path, item[method.lower()]))
        found.sort(key=lambda entry: entry[0])
        return found[0][1:] if found else None

    def schema_problems(self, schema, value):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            whole = {**schema, "components": self.root["components"]}
            self.validators[key] = jsonschema.Draft202012Validator(whole)
        errors = self.validators[key].iter_errors(value)
        return [f"{error.json_path}: {error.message[:300]}" for error in errors]

    def problems(self, method, target, status, content_type, body):
        """Everything in which an answer differs from what is written; empty: nothing."""
        if method == "HEAD":
            return [] if body == "" else ["a HEAD was answered with a body"]
        found = self.find(method, target)
        if found is None:
            if status in (404, 405, 426):
                return self.schema_problems({"$ref": "#/components/schemas/Error"}, json.loads(body))
            return [f"no such operation is described, and the answer is {status}"]
        responses = found[1]["responses"]
        known = responses.get(str(status))
        if known is None:
            # Any error may happen to any request (429, 414, ...): then it is in the envelope.
            if status < 400 or "default" not in responses:
                return [f"{status} is not described"]
            known = responses["default"]
        content = self.follow(known).get("content")
        if content is None:
            return [] if body == "" else [f"{status} is described without a body"]
        kind = content_type.split(";")[0].strip()
        if kind not in content:
            return [f"content type {kind!r} is not described, only {sorted(content)}"]
        if kind != "application/json":
            return []
        return self.schema_problems(content[kind]["schema"], json.loads(body))

    def own_problems(self):
        """What is wrong with the document itself."""
        wrong = []
        ids = [operation["operationId"] for _, _, operation in self.operations()]
        wrong += [f"operationId {one} is there twice" for one in set(ids) if ids.count(one) > 1]
        for method, path, operation in self.operations():
            named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            wanted = {part[1:-1] for part in path.split("/") if part.startswith("{")}
            if named != wanted:
                wrong.append(f"{method} {path}: parameters of the path are {sorted(named)}")
        for name, schema in self.root["components"]["schemas"].items():
            try:
                jsonschema.Draft202012Validator.check_schema(schema)
            except jsonschema.SchemaError as error:
                wrong.append(f"schema {name}: {error.message}")
        wrong += self._broken_references(self.root, "#")
        return wrong

    def _broken_references(self, value, place):
        if isinstance(value, list):
            return [w for i, item in enumerate(value)
                    for w in self._broken_references(item, f"{place}/{i}")]
        if not isinstance(value, dict):
            return []
        wrong = []
        if isinstance(value.get("$ref"), str):
            try:
                self.follow(value)
            except KeyError:
                wrong.append(f"{place}: {value['$ref']} is nowhere")
        for key, item in value.items():
            wrong += self._broken_references(item, f"{place}/{key}")
        return wrong


def load():
    return Document(SOURCE.read_text(encoding="utf-8"))
