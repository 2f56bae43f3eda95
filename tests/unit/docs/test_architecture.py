"""docs/ARCHITECTURE.md knows every room, and names none that isn't there."""

import re
from pathlib import Path

import click

from gateway.cli.main import cli

REPOSITORY = Path(__file__).parents[3]
ARCHITECTURE = (REPOSITORY / "docs" / "ARCHITECTURE.md").read_text()


def test_every_room_is_on_the_map() -> None:
    rooms = {init.parent.name for init in (REPOSITORY / "gateway").glob("*/__init__.py")}
    told = set(re.findall(r"^\| `gateway/(\w+)` \|", ARCHITECTURE, re.M))
    assert told == rooms


def test_french_guides_name_commands_and_options_that_exist() -> None:
    seen = 0
    for guide in (REPOSITORY / "docs" / "fr").glob("*.md"):
        for line in re.findall(r"(?:sudo |`|^)vitalgate ([a-z][^`#|\n]*)", guide.read_text(), re.M):
            words = line.split()
            command = cli.get_command(click.Context(cli), words[0])
            assert command is not None, f"{guide.name}: vitalgate {line}"
            if isinstance(command, click.Group) and len(words) > 1 and words[1] in command.commands:
                command = command.commands[words[1]]
            known = {option for parameter in command.params for option in parameter.opts}
            assert {word for word in words if word.startswith("--")} <= known, f"{guide.name}: vitalgate {line}"
            seen += 1
    assert seen > 15
