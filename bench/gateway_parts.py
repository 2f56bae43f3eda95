"""The gateway without sockets: everything loaded, a zone in place of DNS."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.messages import ZONE, Sample
from gateway.daemon.cpu import LoopOrThread
from gateway.daemon.loaded import Loaded, load_everything
from gateway.inspection.none import NoInspector
from gateway.model.judgement import Judgement
from gateway.model.ports import Resolver
from gateway.pipeline import Judges, judge

SETTINGS = """
relay_domains: [mutuelle.example]
organisation: {name: Mutuelle Exemple, domains: [mutuelle.example]}
authentication: {authserv_id: mx.mutuelle.example}
inspection: {enabled: false}
"""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What stages need."""

    loaded: Loaded
    judges: Judges

    def resolver(self) -> Resolver:
        """DNS for one message, without waiting."""
        return self.judges.resolver_for(float("inf"))

    async def judge(self, sample: Sample) -> Judgement:
        """The whole judgement; ends the run when the message is not known to be its author's."""
        found = await judge(sample.submission(), self.loaded.settings, self.judges)
        if found.auth.dmarc.status != "pass" or found.auth.spf.status != "pass":
            raise SystemExit("the message should have passed SPF and DMARC")
        return found


def load_parts() -> Parts:
    """Load as `serve` does: the built-in pack, all checks on, attachments not opened."""
    with TemporaryDirectory() as folder:
        zone, config = Path(folder) / "zone.json", Path(folder) / "vitalgate.yml"
        zone.write_text(json.dumps(ZONE))
        config.write_text(SETTINGS + f"dns: {{zone: {zone}}}\n")
        loaded = load_everything(config, for_scan=True)
    if loaded.zone is None:
        raise SystemExit("no zone")
    judges = Judges(
        resolver_for=loaded.zone.for_message,
        reader=loaded.reader,
        rulebook=loaded.rulebook,
        cpu=LoopOrThread(),
        inspector=NoInspector(),
    )
    return Parts(loaded=loaded, judges=judges)


def judge_all(parts: Parts, samples: list[Sample], loop: asyncio.AbstractEventLoop) -> list[Judgement]:
    """Each sample's judgement."""
    return [loop.run_until_complete(parts.judge(sample)) for sample in samples]
