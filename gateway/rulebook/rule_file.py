"""One rule file: plain data -> `RuleFile`, every fault told with file and line."""

import re
from pathlib import Path

from gateway.model.errors import SettingsError
from gateway.model.hit import RuleMode
from gateway.rulebook.conditions import Reader
from gateway.rulebook.grammar import IDENTIFIER
from gateway.rulebook.schema import Condition, Proof, Rule, RuleFile
from gateway.settings.yaml_lines import Node, YamlPath

RULE_ID = r"[a-z0-9][a-z0-9-]{2,62}"
MAX_POINTS = 20
MAX_PROOFS = 100
_FILE_KEYS = ("family", "title", "cap", "conditions", "retired", "rules")
_RULE_KEYS = (
    "id", "title", "reason", "points", "mode", "sources", "when", "must_match", "must_not_match", "needs_approval",
    "overrides_allow",
)  # fmt: skip
_PROOF_TEXTS = ("why", "text", "html", "subject", "from", "from_name", "reply_to", "authenticated_as")
_PROOF_KEYS = (*_PROOF_TEXTS, "eml", "mail_from", "to", "links", "headers", "attachments", "authentication", "honest")


def read_rule_file(node: Node, identities: frozenset[str]) -> tuple[RuleFile | None, list[str]]:
    """The file's content (None when too much is wrong with it) and its faults."""
    return _FileReader(node, identities).read()


def read_proof(node: Node, data: object, path: YamlPath, *, must_match: bool = True) -> Proof:
    """One message written as proofs are. Raises SettingsError."""
    reader = _FileReader(node, frozenset())
    proof = reader.proof(data, path, must_match)
    if proof is None or reader.problems:
        raise SettingsError(reader.problems)
    return proof


class _FileReader(Reader):
    def __init__(self, node: Node, identities: frozenset[str]) -> None:
        super().__init__(node, identities)
        self.family = ""

    def read(self) -> tuple[RuleFile | None, list[str]]:
        data = self.node.data
        if not isinstance(data, dict):
            self.fault((), "a rule file is a mapping with `family:` and `rules:`")
            return None, self.problems
        self._known(data, _FILE_KEYS, ())
        self.family = self._text(data, "family", (), IDENTIFIER, "a name such as carte_vitale")
        cap = data.get("cap")
        if cap is not None and (isinstance(cap, bool) or not isinstance(cap, int | float) or not 0 < cap <= 100):
            self.fault(("cap",), "must be a number above 0 and at most 100")
            cap = None
        retired = data.get("retired") or []
        if not isinstance(retired, list) or not all(isinstance(item, str) for item in retired):
            self.fault(("retired",), "must be a list of rule ids")
            retired = []
        found = RuleFile(
            path=self.node.path,
            family=self.family,
            cap=float(cap) if isinstance(cap, int | float) else None,
            rules=self._rules(data.get("rules")),
            conditions=self._conditions(data.get("conditions") or {}),
            retired=frozenset(retired),
        )
        return found, self.problems

    def _known(self, data: dict[str, object], keys: tuple[str, ...], path: YamlPath) -> None:
        for key in data:
            if key not in keys:
                self.fault((*path, key), f"unknown key; one of: {', '.join(keys)}")

    def _text(self, data: dict[str, object], key: str, path: YamlPath, pattern: str, what: str) -> str:
        value = data.get(key)
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            self.fault((*path, key), f"must be {what}" if key in data else f"`{key}` is missing: {what}")
            return ""
        return value

    def _conditions(self, data: object) -> dict[str, Condition]:
        if not isinstance(data, dict):
            self.fault(("conditions",), "must be a mapping of names to conditions")
            return {}
        found: dict[str, Condition] = {}
        for name, item in data.items():
            path = ("conditions", name)
            if re.fullmatch(IDENTIFIER, name) is None:
                self.fault(path, "a name is of small letters, digits, _ and -")
            condition = self.condition(item, path)
            if condition is not None:
                found[name] = condition
        return found

    def _rules(self, data: object) -> tuple[Rule, ...]:
        if data is None:
            return ()
        if not isinstance(data, list):
            self.fault(("rules",), "must be a list of rules")
            return ()
        found = (self._rule(item, ("rules", index)) for index, item in enumerate(data))
        return tuple(rule for rule in found if rule is not None)

    def _rule(self, data: object, path: YamlPath) -> Rule | None:
        if not isinstance(data, dict):
            self.fault(path, "a rule is a mapping")
            return None
        before = len(self.problems)
        self._known(data, _RULE_KEYS, path)
        rule_id = self._text(data, "id", path, RULE_ID, "an id of small letters, digits and -, such as vitale-frais")
        title = self._text(data, "title", path, r"[^\n]{3,120}", "one line of at most 120 characters")
        reason = self._text(data, "reason", path, r"[^\n]{10,300}[.!?]", "one French sentence, with its full stop")
        points = data.get("points")
        if isinstance(points, bool) or not isinstance(points, int | float) or not -MAX_POINTS <= points <= MAX_POINTS:
            self.fault((*path, "points"), f"must be a number from -{MAX_POINTS} to {MAX_POINTS}")
            points = 0
        elif points == 0:
            self.fault((*path, "points"), "0 points say nothing; use mode: shadow to try a rule out")
        mode = data.get("mode", "enforce")
        if mode not in ("enforce", "shadow"):
            self.fault((*path, "mode"), "must be enforce or shadow")
            mode = "shadow"
        if "when" not in data:
            self.fault(path, "`when` is missing: the condition")
            return None
        when = self.condition(data["when"], (*path, "when"))
        proofs = {side: self._proofs(data.get(side), (*path, side)) for side in ("must_match", "must_not_match")}
        flags = {name: self._flag(data, name, path) for name in ("needs_approval", "overrides_allow")}
        if when is None or len(self.problems) > before:
            return None
        return Rule(
            id=rule_id,
            family=self.family,
            title=title,
            reason=reason,
            points=float(points),
            mode=RuleMode(mode),
            when=when,
            place=self.place(path),
            sources=self._strings(data.get("sources") or [], (*path, "sources")),
            must_match=proofs["must_match"],
            must_not_match=proofs["must_not_match"],
            **flags,
        )

    def _flag(self, data: dict[str, object], key: str, path: YamlPath) -> bool:
        value = data.get(key, False)
        if not isinstance(value, bool):
            self.fault((*path, key), "must be true or false")
        return value is True

    def _strings(self, data: object, path: YamlPath) -> tuple[str, ...]:
        items = [data] if isinstance(data, str) else data
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.fault(path, "must be a list of texts")
            return ()
        return tuple(items)

    def _proofs(self, data: object, path: YamlPath) -> tuple[Proof, ...]:
        if not isinstance(data, list) or not 1 <= len(data) <= MAX_PROOFS:
            self.fault(
                path,
                f"`{path[-1]}` needs 1 to {MAX_PROOFS} proofs: messages that the rule must"
                f"{' not' if path[-1] == 'must_not_match' else ''} match",
            )
            return ()
        found = (self.proof(item, (*path, index), path[-1] == "must_match") for index, item in enumerate(data))
        return tuple(proof for proof in found if proof is not None)

    def proof(self, data: object, path: YamlPath, must_match: bool) -> Proof | None:
        """One proof; None after a fault."""
        if not isinstance(data, dict):
            self.fault(path, "a proof is a mapping: {text: ..., from: ...} or {eml: PATH}")
            return None
        before = len(self.problems)
        self._known(data, _PROOF_KEYS, path)
        texts: dict[str, str] = {}
        for key in (*_PROOF_TEXTS, "mail_from", "eml"):
            value = data.get(key, "")
            if not isinstance(value, str) or "\0" in value:
                self.fault((*path, key), "must be a text")
                value = ""
            texts[key] = value
        if not (texts["text"] or texts["html"] or texts["eml"] or texts["subject"] or data.get("attachments")):
            self.fault(path, "a proof needs a text, html, subject, attachment or eml")
        eml: Path | None = None
        if texts["eml"]:
            eml = self.node.path.parent / texts["eml"]
            if not eml.is_file():
                self.fault((*path, "eml"), f"there is no file {eml}")
        authentication = data.get("authentication", "known")
        if authentication not in ("known", "unknown"):
            self.fault((*path, "authentication"), "must be known or unknown")
        honest = self._flag({"honest": True, **data}, "honest", path)
        if len(self.problems) > before:
            return None
        return Proof(
            must_match=must_match,
            place=self.place(path),
            why=texts["why"],
            eml=eml,
            text=texts["text"],
            html=texts["html"],
            subject=texts["subject"],
            from_=texts["from"],
            from_name=texts["from_name"],
            reply_to=texts["reply_to"],
            mail_from=texts["mail_from"] if "mail_from" in data else None,
            to=self._strings(data.get("to") or [], (*path, "to")),
            links=self._strings(data.get("links") or [], (*path, "links")),
            headers=self._pairs(data.get("headers") or {}, (*path, "headers")),
            attachments=self._attachments(data.get("attachments") or [], (*path, "attachments")),
            authenticated_as=texts["authenticated_as"],
            authentication=str(authentication),
            honest=not must_match and honest,
        )

    def _pairs(self, data: object, path: YamlPath) -> tuple[tuple[str, str], ...]:
        if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
            self.fault(path, "must be a mapping of header names to texts")
            return ()
        return tuple(data.items())

    def _attachments(self, data: object, path: YamlPath) -> tuple[tuple[str, str, str], ...]:
        found: list[tuple[str, str, str]] = []
        for index, item in enumerate(data if isinstance(data, list) else [data]):
            if not isinstance(item, dict) or not set(item) <= {"name", "type", "content"} or "name" not in item:
                self.fault((*path, index), "must be {name: FILE, type: MIME/TYPE, content: TEXT or base64:...}")
                continue
            found.append(
                (str(item["name"]), str(item.get("type", "application/octet-stream")), str(item.get("content", "")))
            )
        return tuple(found)
