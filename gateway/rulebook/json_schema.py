"""The JSON schema of rule files, for editors: made from the same table that the loader follows."""

from gateway.rulebook.grammar import (
    IDENTIFIER,
    PREDICATES,
    Kind,
    Literals,
    Number,
    Pattern,
    PredicateSpec,
    Switch,
    Texts,
    Who,
    Words,
)
from gateway.rulebook.rule_file import MAX_POINTS, RULE_ID

Schema = dict[str, object]

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_CONDITION: Schema = {"$ref": "#/$defs/condition"}


def rule_file_schema() -> Schema:
    """JSON Schema (2020-12) of one rule file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "vitalgate rule file",
        "type": "object",
        "additionalProperties": False,
        "required": ["family"],
        "properties": {
            "family": {"type": "string", "pattern": f"^{IDENTIFIER}$"},
            "title": _TEXT,
            "cap": {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
            "conditions": {"type": "object", "additionalProperties": _CONDITION},
            "retired": _TEXTS,
            "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
        },
        "$defs": {"rule": _rule(), "proof": _proof(), "condition": _condition()},
    }


def _rule() -> Schema:
    proofs: Schema = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/proof"}}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "title", "reason", "points", "when", "must_match", "must_not_match"],
        "properties": {
            "id": {"type": "string", "pattern": f"^{RULE_ID}$", "description": "Never reused: it is a metric label."},
            "title": _TEXT,
            "reason": {"type": "string", "description": "One French sentence a claims handler understands."},
            "points": {"type": "number", "minimum": -MAX_POINTS, "maximum": MAX_POINTS},
            "mode": {"enum": ["enforce", "shadow"]},
            "sources": {"anyOf": [_TEXT, _TEXTS]},
            "when": _CONDITION,
            "must_match": proofs,
            "must_not_match": proofs,
            "needs_approval": {"type": "boolean", "description": "Release asks for a second person."},
            "overrides_allow": {"type": "boolean", "description": "An allow entry does not cover it."},
        },
    }


def _proof() -> Schema:
    attachment: Schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {"name": _TEXT, "type": _TEXT, "content": _TEXT},
    }
    texts = ("why", "text", "html", "subject", "from", "from_name", "reply_to", "mail_from", "authenticated_as", "eml")
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **dict.fromkeys(texts, _TEXT),
            "to": {"anyOf": [_TEXT, _TEXTS]},
            "links": {"anyOf": [_TEXT, _TEXTS]},
            "headers": {"type": "object", "additionalProperties": _TEXT},
            "attachments": {"type": "array", "items": attachment},
            "authentication": {"enum": ["known", "unknown"]},
            "honest": {"type": "boolean", "description": "false: a lure that another rule is for."},
        },
    }


def _condition() -> Schema:
    children: Schema = {"type": "array", "minItems": 1, "items": _CONDITION}
    properties: Schema = {
        "all": children,
        "any": children,
        "not": _CONDITION,
        "at_least": {
            "type": "object",
            "additionalProperties": False,
            "required": ["count", "of"],
            "properties": {"count": {"type": "integer", "minimum": 1}, "of": children},
        },
        "is": {"type": "string", "description": "A condition named under `conditions:`."},
        **{name: _predicate(spec) for name, spec in PREDICATES.items()},
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
        "properties": properties,
    }


def _predicate(spec: PredicateSpec) -> Schema:
    full: Schema = {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "required": sorted(spec.required),
        "properties": {name: _parameter(kind) for name, kind in spec.parameters.items()},
    }
    anyway = [full] if spec.required - {spec.short} else [_parameter(spec.parameters[spec.short]), full]
    return {"description": spec.does, "anyOf": anyway}


def _parameter(kind: Kind) -> Schema:
    if isinstance(kind, Switch):
        return {"type": "boolean"}
    if isinstance(kind, Number):
        return {"type": "integer", "minimum": kind.low, "maximum": kind.high}
    if isinstance(kind, Pattern):
        return _TEXT
    if isinstance(kind, Words):
        return _one_or_more({"enum": list(kind.choices)})
    if isinstance(kind, Texts):
        return _one_or_more({"type": "string", "pattern": f"^{kind.pattern}$"})
    if isinstance(kind, Literals):
        many: Schema = {"type": "array", "minItems": kind.least, "items": _TEXT}
        return many if kind.least > 1 else {"anyOf": [_TEXT, many]}
    if isinstance(kind, Who):
        description = "An identity of lists/*.yml, kind:KIND, organisation" + "".join(f", {e}" for e in kind.extra)
        return _one_or_more({"type": "string", "description": description})
    raise TypeError(kind)


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "minItems": 1, "items": item}]}
