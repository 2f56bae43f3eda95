"""docs/ARCHITECTURE.md knows every room, and names none that isn't there."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
ARCHITECTURE = (REPOSITORY / "docs" / "ARCHITECTURE.md").read_text()


def test_every_room_is_on_the_map() -> None:
    rooms = {init.parent.name for init in (REPOSITORY / "gateway").glob("*/__init__.py")}
    told = set(re.findall(r"^\| `gateway/(\w+)` \|", ARCHITECTURE, re.M))
    assert told == rooms


def test_french_guides_name_commands_that_exist() -> None:
    from gateway.cli.main import cli

    for guide in (REPOSITORY / "docs" / "fr").glob("*.md"):
        for words in re.findall(r"vitalgate ((?:[a-z][a-z-]* ?)+)", guide.read_text()):
            command, *rest = words.split()
            found = cli.get_command(None, command)  # type: ignore[arg-type]  # the lazy group needs no context
            assert found is not None, f"{guide.name}: vitalgate {words}"
            if rest and hasattr(found, "commands"):
                assert rest[0] in found.commands, f"{guide.name}: vitalgate {words}"
