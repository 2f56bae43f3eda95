"""A Postfix of Debian for tests: an instance of its own in a folder, in front of and behind the gateway at once."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType

POSTFIX = shutil.which("postfix", path="/usr/sbin:/usr/bin")

MASTER = """
127.0.0.1:{front} inet n - n - 10 smtpd
    -o smtpd_proxy_filter=127.0.0.1:{gateway}
    -o smtpd_proxy_options=
    -o syslog_name=front
127.0.0.1:{behind} inet n - n - 10 smtpd
    -o syslog_name=behind
    -o smtpd_authorized_xforward_hosts=127.0.0.0/8
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
multi_instance_enable = yes
multi_instance_name = postfix-vitalgate-test
myhostname = postfix.test.example
mydestination =
local_transport = error:no local mail
alias_maps =
mynetworks = 127.0.0.0/8
relay_domains = mutuelle.example
relayhost = [127.0.0.1]:{sink}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions =
smtputf8_enable = yes
message_size_limit = 52428800
mailbox_size_limit = 0
smtp_line_length_limit = 0
disable_mime_output_conversion = yes
disable_dns_lookups = yes
inet_protocols = ipv4
append_dot_mydomain = no
local_header_rewrite_clients =
bounce_queue_lifetime = 0
"""


class PostfixInstance:
    """One Postfix: `front` takes mail and filters it through the gateway, `behind` takes it back, `sink` gets it."""

    def __init__(self, folder: Path, *, front: int, gateway: int, behind: int, sink: int) -> None:
        self.folder = folder
        self._etc = folder / "etc"
        for part in ("etc", "queue", "data"):
            (folder / part).mkdir(parents=True)
        for place in (folder, *folder.parents):
            if place != Path("/") and place.stat().st_uid == os.getuid():
                place.chmod(place.stat().st_mode | 0o711)
        shutil.chown(folder / "data", "postfix")
        (self._etc / "main.cf").write_text(MAIN.format(folder=folder, sink=sink))
        (self._etc / "master.cf").write_text(MASTER.format(front=front, gateway=gateway, behind=behind))

    def _postfix(self, word: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [POSTFIX or "postfix", "-c", str(self._etc), word], capture_output=True, check=False, timeout=60
        )

    def log(self) -> str:
        """What Postfix logged."""
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else ""

    def __enter__(self) -> "PostfixInstance":
        started = self._postfix("start")
        if started.returncode != 0:
            raise AssertionError(f"Postfix did not start: {started.stderr.decode()}\n{self.log()}")
        limit = time.monotonic() + 15
        while "daemon started" not in self.log() and time.monotonic() < limit:
            time.sleep(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._postfix("abort")
        if error is not None:
            print(self.log()[-4000:])
