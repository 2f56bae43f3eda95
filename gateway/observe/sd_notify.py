"""Talking to systemd: readiness, reloading, the watchdog (sd_notify(3)). Does nothing outside systemd."""

import os
import socket
import time


class SystemdNotifier:
    """Sends state lines to $NOTIFY_SOCKET, and knows how often the watchdog wants to hear of us."""

    def __init__(self, environ: dict[str, str] | None = None) -> None:
        variables = dict(os.environ) if environ is None else environ
        self._address = variables.get("NOTIFY_SOCKET", "")
        interval_us = variables.get("WATCHDOG_USEC", "")
        for_us = variables.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self.watchdog_interval_s = int(interval_us) / 1e6 / 2 if interval_us.isdecimal() and for_us else 0.0

    def _send(self, *lines: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.sendto("\n".join(lines).encode(), address)
        except OSError:  # systemd restarting itself; the next message gets through
            return

    def ready(self, status: str) -> None:
        """Started, or reloaded."""
        self._send("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """A reload begins (Type=notify-reload wants the time, systemd >= 253)."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """The end begins."""
        self._send("STOPPING=1", "STATUS=Draining")

    def watchdog(self) -> None:
        """All is well: send it only after a self-check."""
        self._send("WATCHDOG=1")

    def status(self, text: str) -> None:
        """One line for `systemctl status`."""
        self._send(f"STATUS={text}")
