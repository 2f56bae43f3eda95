"""YAML -> frozen Settings. Every fault is told at once, as `FILE:LINE: path: problem`, with what to do about it."""

import difflib
import os
from collections.abc import Iterable
from os.path import normpath
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from gateway.model.errors import SettingsError
from gateway.settings.schema import Section, Settings
from gateway.settings.yaml_lines import Node, YamlPath, load_yaml

_SECRETS = {"key_file", "key", "client_key"}  # settings that name a private key

_MESSAGES = {
    "missing": "is missing",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list: write it as [a, b] or one entry a line with `- `",
    "list_type": "must be a list: write it as [a, b] or one entry a line with `- `",
    "dict_type": "must be a section with keys",
    "model_type": "must be a section with keys",
    "date_type": "must be a date, such as 2027-01-31",
    "is_instance_of": "has the wrong type",
    "path_type": "must be a file name",
}


def load_settings(path: Path) -> Settings:
    """Read and check a settings file; relative paths in it start at its folder. Raises SettingsError."""
    node = load_yaml(path)
    data = {} if node.data is None else node.data
    if not isinstance(data, dict):
        raise SettingsError([f"{path}:1: must be a section with keys, such as `relay_domains: [mutuelle.example]`"])
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        raise SettingsError(list(_problems(node, error))) from None
    return resolve_paths(settings, path.absolute().parent)


def _problems(node: Node, error: ValidationError) -> Iterable[str]:
    told: set[YamlPath] = set()
    for fault in error.errors(include_url=False, include_context=True, include_input=False):
        where = _yaml_path(node.data, fault["loc"], beyond=fault["type"] == "missing")
        if where in told:
            continue
        told.add(where)
        yield node.problem(where, _message(fault, where))


def _yaml_path(data: Any, loc: tuple[int | str, ...], *, beyond: bool) -> YamlPath:
    """The part of pydantic's location that is in the file: it also names branches of unions."""
    path: list[int | str] = []
    for step in loc:
        inside, found = _step_into(data, step)
        if found:
            data = inside
            path.append(step)
        elif beyond and step == loc[-1]:
            path.append(step)
    return tuple(path)


def _step_into(data: Any, step: int | str) -> tuple[Any, bool]:
    if isinstance(data, dict) and step in data:
        return data[step], True
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step], True
    return None, False


def _message(fault: Any, where: YamlPath) -> str:
    kind = fault["type"]
    if kind == "extra_forbidden":
        return "unknown key" + _did_you_mean(where)
    if kind == "literal_error":
        return f"must be {fault['ctx']['expected']}"
    if kind == "value_error":
        return str(fault["ctx"]["error"])
    if kind in _MESSAGES:
        return _MESSAGES[kind]
    text = str(fault["msg"])
    return text[:1].lower() + text[1:].replace("Input should be", "must be")


def _did_you_mean(where: YamlPath) -> str:
    known = _keys_at(Settings, where[:-1])
    close = difflib.get_close_matches(str(where[-1]), known, 1) if where else []
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; known here: {', '.join(known)}" if known else ""


def _keys_at(model: Any, path: YamlPath) -> list[str]:
    for step in path:
        if isinstance(step, int):
            continue
        models = _models_in(model.model_fields[step].annotation) if step in getattr(model, "model_fields", {}) else []
        if not models and step == "for":
            models = _models_in(model.model_fields["for_"].annotation)
        if not models:
            return []
        model = models[0]
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_in(annotation: Any) -> list[Any]:
    """The Section classes inside a type such as tuple[Listen, ...]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]


def resolve_paths(settings: Settings, base: Path) -> Settings:
    """The same settings with every relative path made absolute from `base`."""
    resolved: Settings = _resolve(settings, base)
    url = settings.history.url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        history = settings.history.model_copy(
            update={"url": f"sqlite:///{normpath(base / url.removeprefix('sqlite:///'))}"}
        )
        resolved = resolved.model_copy(update={"history": history})
    folders = tuple(name if name == "builtin" else normpath(base / name) for name in settings.rules.folders)
    rules = settings.rules.model_copy(update={"folders": folders})
    return resolved.model_copy(update={"rules": rules})


def _resolve(value: Any, base: Path) -> Any:
    if isinstance(value, Path):
        return value if value.is_absolute() else Path(normpath(base / value))
    if isinstance(value, tuple):
        return tuple(_resolve(item, base) for item in value)
    if isinstance(value, dict):
        return {key: _resolve(item, base) for key, item in value.items()}
    if isinstance(value, Section):
        found = {name: _resolve(getattr(value, name), base) for name in type(value).model_fields}
        for name in _SECRETS & found.keys():
            found[name] = _credential(found[name])
        return value.model_copy(update=found)
    return value


def _credential(file: Path | None) -> Path | None:
    """A key as systemd hands it over (LoadCredential=NAME:FILE, systemd.exec(5)): so the file itself stays root's, and
    one set of settings serves the unit and root's command line."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if file is None or not folder:
        return file
    handed_over = Path(folder) / file.name
    return handed_over if handed_over.is_file() else file
