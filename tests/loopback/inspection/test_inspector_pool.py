"""Real inspector processes: what they may, what they cannot, and what happens when they die."""

import asyncio
import contextlib
import ctypes
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from gateway.inspection import child as child_module
from gateway.inspection.child import Child
from gateway.inspection.limits import ReadLimits
from gateway.inspection.pool import InspectorPool
from gateway.inspection.protocol import Question
from gateway.model.content_facts import AttachmentFlag as Flag
from gateway.model.inspection import InspectedPart
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from gateway.settings.schema import Inspection
from tests.attachment_archives import zipped
from tests.attachment_files import LURE, form_page, huge_png, letter, pdf, qr
from tests.fakes import FakeObserver

T = TypeVar("T")
HAS_LANDLOCK = ctypes.CDLL(None).syscall(444, None, 0, 1) >= 1
PLAIN = letter()
WITH_PDF = letter(("releve.pdf", "application/pdf", pdf("Bonjour", links=[LURE])))


def in_pool(settings: Inspection, work: Callable[[InspectorPool], Awaitable[T]]) -> tuple[T, FakeObserver]:
    """Run `work` with a pool, which is closed after it."""

    async def run() -> tuple[T, FakeObserver]:
        observer = FakeObserver()
        pool = InspectorPool(settings, observer)
        try:
            return await work(pool), observer
        finally:
            pids = pool.pids
            await pool.close()
            assert not any(is_alive(pid) for pid in pids)

    return asyncio.run(run())


async def inspect(pool: InspectorPool, raw: bytes, seconds: float = 20) -> tuple[InspectedPart, ...]:
    message = parse_message(raw)
    return await pool.inspect(message, read_texts(message), asyncio.get_running_loop().time() + seconds)


def reap(child: Child) -> None:
    while not child.reap():
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_message_without_attachments_starts_nothing_and_costs_nothing() -> None:
    async def work(pool: InspectorPool) -> float:
        message = parse_message(PLAIN)
        texts = read_texts(message)
        start = time.process_time()
        for _ in range(1000):
            assert await pool.inspect(message, texts, 1e9) == ()
        assert pool.pids == ()
        return (time.process_time() - start) * 1000

    microseconds, _ = in_pool(Inspection(), work)
    assert microseconds < 40  # 2 to 4 on an idle core


def test_parts_come_back_with_what_they_hide() -> None:
    raw = letter(
        ("releve.pdf", "application/pdf", pdf("Bonjour", links=[LURE])),
        ("code.png", "image/png", qr("https://evil.example/q")),
        ("page.html", "text/html", form_page()),
        ("a.zip", "application/zip", zipped({"facture.js": b"x"})),
    )

    async def work(pool: InspectorPool) -> tuple[InspectedPart, ...]:
        return await inspect(pool, raw)

    parts, observer = in_pool(Inspection(), work)
    found = {part.part_index: part for part in parts}
    assert Flag.PDF in found[1].flags
    assert found[1].links[0].href == LURE
    assert Flag.QR_CODE in found[2].flags
    assert Flag.PASSWORD_FIELD in found[3].flags
    assert Flag.EXECUTABLE_INSIDE in found[4].flags
    assert observer.inspections == {"done": 4}


def test_equal_small_parts_are_read_once() -> None:
    async def work(pool: InspectorPool) -> tuple[tuple[InspectedPart, ...], ...]:
        return await inspect(pool, WITH_PDF), await inspect(pool, WITH_PDF)

    (first, second), observer = in_pool(Inspection(), work)
    assert first == second
    assert observer.inspections == {"done": 1, "remembered": 1}


def test_the_process_is_confined(tmp_path: Path) -> None:
    """A child is asked for its own state: it has no way to the network, to files, to programs."""
    program = """
import json, os, resource, socket, sys
sys.path.insert(0, {root!r})
from gateway.inspection.confinement import confine
confine(300_000_000, os.getppid())
tried = {{}}
def attempt(name, work):
    try:
        work()
        tried[name] = "done"
    except BaseException as error:
        tried[name] = type(error).__name__
attempt("socket", lambda: socket.socket())
attempt("fork", os.fork)
attempt("program", lambda: os.execv("/bin/true", ["true"]))
attempt("write", lambda: os.write(os.open({file!r}, os.O_CREAT | os.O_WRONLY), b"x"))
attempt("folder", lambda: os.mkdir({file!r} + "-folder"))
attempt("read", lambda: open({secret!r}).read())
attempt("list", lambda: os.listdir("/tmp"))
attempt("library", lambda: __import__("PIL.Image"))
attempt("memory", lambda: bytearray(400_000_000))
attempt("kill", lambda: os.kill(os.getppid(), 0))
print(json.dumps([tried, sorted(os.environ), resource.getrlimit(resource.RLIMIT_AS)[0]]))
"""
    file = "/tmp/vitalgate-confinement-test"
    secret = tmp_path / "secret"
    secret.write_text("key")
    root = str(Path(child_module.__file__).resolve().parents[2])
    source = program.format(root=root, file=file, secret=str(secret))
    try:
        done = subprocess.run([sys.executable, "-I", "-c", source], env={}, capture_output=True, text=True, timeout=20)
    finally:
        with contextlib.suppress(OSError):
            Path(file).unlink()
    assert done.returncode == 0, done.stderr
    tried, environment, memory = json.loads(done.stdout)
    assert tried == {
        "socket": "PermissionError",
        "fork": "PermissionError",
        "program": "PermissionError",
        "write": "PermissionError" if HAS_LANDLOCK else "OSError",  # RLIMIT_FSIZE
        "read": "PermissionError" if HAS_LANDLOCK else "done",
        "list": "PermissionError" if HAS_LANDLOCK else "done",
        "library": "done",
        "folder": "PermissionError",
        "memory": "MemoryError",
        "kill": "PermissionError",
    }
    assert (environment, memory) == (["LC_CTYPE"] if environment else [], 300_000_000)


def test_the_running_child_is_confined_too() -> None:
    async def work(pool: InspectorPool) -> dict[str, str]:
        await inspect(pool, WITH_PDF)
        (pid,) = pool.pids
        status = Path(f"/proc/{pid}/status").read_text()  # noqa: ASYNC240 - memory, no disk
        rows = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        rows["fds"] = str(len(os.listdir(f"/proc/{pid}/fd"))) if os.access(f"/proc/{pid}/fd", os.R_OK) else "3"
        return rows

    rows, _ = in_pool(Inspection(), work)
    assert rows["NoNewPrivs"].strip() == "1"
    assert rows["Seccomp"].strip() == "2"
    assert int(rows["fds"]) <= 4


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_process_that_dies_at_work_costs_one_part(sent: signal.Signals) -> None:
    async def work(pool: InspectorPool) -> tuple[tuple[InspectedPart, ...], tuple[InspectedPart, ...]]:
        await inspect(pool, letter(("warm.png", "image/png", qr("https://a.example/"))))
        (pid,) = pool.pids
        os.kill(pid, signal.SIGSTOP)
        asking = asyncio.create_task(inspect(pool, WITH_PDF))
        await asyncio.sleep(0.05)
        os.kill(pid, sent)
        os.kill(pid, signal.SIGCONT)
        return await asking, await inspect(pool, WITH_PDF)

    (first, second), observer = in_pool(Inspection(), work)
    assert [part.unchecked for part in first] == ["crash"]
    assert [part.unchecked for part in second] == [""]
    assert observer.inspections == {"done": 2, "crash": 1}


def test_a_process_that_died_in_its_sleep_is_replaced_unnoticed() -> None:
    async def work(pool: InspectorPool) -> tuple[InspectedPart, ...]:
        await inspect(pool, letter(("warm.png", "image/png", qr("https://a.example/"))))
        os.kill(pool.pids[0], signal.SIGKILL)
        await asyncio.sleep(0.05)
        return await inspect(pool, WITH_PDF)

    parts, _ = in_pool(Inspection(), work)
    assert parts[0].unchecked == ""


def test_a_late_process_is_killed_and_others_do_not_wait_for_it() -> None:
    async def work(pool: InspectorPool) -> tuple[tuple[InspectedPart, ...], float, int, int]:
        await inspect(pool, letter(("warm.png", "image/png", qr("https://a.example/"))))
        (stuck,) = pool.pids
        os.kill(stuck, signal.SIGSTOP)
        late = asyncio.create_task(inspect(pool, WITH_PDF, 1.5))
        await asyncio.sleep(0.02)
        start = time.perf_counter()
        other = await inspect(pool, letter(("b.html", "text/html", form_page())))
        waited = time.perf_counter() - start
        assert other[0].unchecked == ""
        parts = await late
        await asyncio.sleep(0.1)
        return parts, waited, stuck, len(pool.pids)

    (parts, waited, stuck, left), observer = in_pool(Inspection(deadline_s=1.0), work)
    assert [part.unchecked for part in parts] == ["timeout"]
    assert waited < 0.9  # the patience of 0.1 s, and a fresh process
    assert not is_alive(stuck)
    assert left == 1
    assert observer.inspections["timeout"] == 1


def test_a_slow_first_part_leaves_time_for_the_next() -> None:
    async def work(pool: InspectorPool) -> tuple[InspectedPart, ...]:
        await inspect(pool, letter(("warm.png", "image/png", qr("https://a.example/"))))
        os.kill(pool.pids[0], signal.SIGSTOP)
        raw = letter(("a.pdf", "application/pdf", pdf("a", links=[LURE])), ("b.html", "text/html", form_page()))
        return await inspect(pool, raw)

    parts, _ = in_pool(Inspection(deadline_s=2.0), work)
    assert [part.unchecked for part in parts] == ["timeout", ""]


def test_a_worn_process_is_replaced() -> None:
    async def work(pool: InspectorPool) -> set[int]:
        pids = set()
        for number in range(6):
            await inspect(pool, letter(("a.html", "text/html", form_page(f"https://a.example/{number}"))))
            pids |= set(pool.pids)
        return pids

    pids, observer = in_pool(Inspection(requests=2), work)
    assert len(pids) == 3
    assert observer.inspections == {"done": 6}


def test_memory_is_bounded_and_the_message_goes_on() -> None:
    bomb = huge_png()
    assert len(bomb) < 60_000
    raw = letter(("a.png", "image/png", bomb), ("b.html", "text/html", form_page()))

    async def work(pool: InspectorPool) -> tuple[InspectedPart, ...]:
        return await inspect(pool, raw)

    parts, _ = in_pool(Inspection(memory_bytes=268_435_456, pixels=10_000_000_000), work)
    found = {part.part_index: part for part in parts}
    assert found[1].unchecked in ("too_large", "crash")  # refused by the memory limit, not by the count of pixels
    assert Flag.PASSWORD_FIELD in found[2].flags


def test_no_process_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")

    async def work(pool: InspectorPool) -> tuple[InspectedPart, ...]:
        return await inspect(pool, WITH_PDF)

    parts, observer = in_pool(Inspection(), work)
    assert [part.unchecked for part in parts] == ["absent"]
    assert observer.inspections == {"absent": 1}


def test_an_interpreter_that_fails_counts_as_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "_START", "raise SystemExit(3)  # {root}")

    async def work(pool: InspectorPool) -> tuple[InspectedPart, ...]:
        return await inspect(pool, WITH_PDF)

    parts, _ = in_pool(Inspection(), work)
    assert [part.unchecked for part in parts] == ["crash"]


@pytest.mark.parametrize(
    "answer",
    [
        b'{"type":"pdf"}',
        b"\\xff\\xfe",
        b'{"type":"pdf","flags":["none such"],"links":[],"text":"","quoted":"","unchecked":"","leaving":false}',
        b'{"type":"pdf","flags":[],"links":[["pdf","x"]],"text":"","quoted":"","unchecked":"","leaving":false}',
        b"[" * 100_000,
    ],
)
def test_nonsense_from_a_broken_process_counts_as_a_crash(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    lying = (
        (
            "import socket; s=socket.socket(fileno=0); s.recv(65536); a=" + repr(answer)[0:] + "; "
            "s.sendall(len(a).to_bytes(4,'big')+a); s.recv(1)  # {root}"
        )
        .replace("{", "{{")
        .replace("}", "}}")
        .replace("{{root}}", "{root}")
    )
    monkeypatch.setattr(child_module, "_START", lying)

    async def work(pool: InspectorPool) -> tuple[InspectedPart, ...]:
        return await inspect(pool, WITH_PDF)

    parts, observer = in_pool(Inspection(), work)
    assert [part.unchecked for part in parts] == ["crash"]
    assert observer.inspections == {"crash": 1}


def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "import socket; s=socket.socket(fileno=0); s.recv(65536); "
    endless += "s.sendall(b'\\x7f'*4 + b'x'*1000); s.recv(1)  # {root}"
    monkeypatch.setattr(child_module, "_START", endless)

    async def work(pool: InspectorPool) -> tuple[InspectedPart, ...]:
        return await inspect(pool, WITH_PDF)

    parts, _ = in_pool(Inspection(), work)
    assert [part.unchecked for part in parts] == ["crash"]


def test_many_parts_are_bounded() -> None:
    raw = letter(*[(f"{n}.html", "text/html", b"<html><p>%d</p></html>" % n) for n in range(300)])

    async def work(pool: InspectorPool) -> tuple[InspectedPart, ...]:
        return await inspect(pool, raw)

    parts, observer = in_pool(Inspection(parts=5), work)
    assert sum(part.unchecked == "" for part in parts) == 5
    assert 1 <= sum(part.unchecked == "too_many" for part in parts) <= 50
    assert observer.inspections["done"] == 5


def test_large_parts_are_left_unread() -> None:
    raw = letter(("a.pdf", "application/pdf", pdf("x") + b"%" * 5000))

    async def work(pool: InspectorPool) -> tuple[InspectedPart, ...]:
        assert pool.pids == ()
        return await inspect(pool, raw)

    parts, _ = in_pool(Inspection(part_bytes=4096), work)
    assert [part.unchecked for part in parts] == ["too_large"]


def test_children_end_with_their_worker() -> None:
    """A worker killed with SIGKILL leaves no inspector behind."""
    source = f"""
import asyncio, sys, time
sys.path.insert(0, {str(Path(child_module.__file__).resolve().parents[2])!r})
from gateway.inspection.pool import InspectorPool
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from gateway.settings.schema import Inspection
from tests.fakes import FakeObserver
async def main():
    pool = InspectorPool(Inspection(), FakeObserver())
    message = parse_message({WITH_PDF!r})
    until = asyncio.get_running_loop().time() + 20
    print((await pool.inspect(message, read_texts(message), until))[0].unchecked or "read")
    print(pool.pids[0], flush=True)
    time.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == "read"
        pid = int(worker.stdout.readline())
        assert is_alive(pid)
        worker.kill()
    for _ in range(100):
        if not is_alive(pid):
            break
        time.sleep(0.02)
    assert not is_alive(pid)


def test_the_worker_imports_no_reader_library() -> None:
    source = f"""
import sys
sys.path.insert(0, {str(Path(child_module.__file__).resolve().parents[2])!r})
import gateway.daemon.worker, gateway.daemon.scanner, gateway.cli.main
names = ("PIL", "pypdfium2", "pypdfium2_raw", "zxingcpp", "olefile", "pypdf", "gateway.inspection.read_part")
print([name for name in names if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-I", "-c", source], capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == "[]", done.stderr


def test_killing_inspectors_at_random_loses_no_message() -> None:
    """Sixty messages at once, an inspector killed every few milliseconds: each message gets an answer for each part."""
    chance = random.Random(8)

    async def work(pool: InspectorPool) -> list[str]:
        done = [0]

        async def killer() -> None:
            while True:
                await asyncio.sleep(chance.uniform(0.001, 0.02))
                if pool.pids and done[0] >= 5:  # what was started gets something done
                    done[0] = 0
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(chance.choice(pool.pids), signal.SIGKILL)

        async def ask(raw: bytes) -> tuple[InspectedPart, ...]:
            parts = await inspect(pool, raw)
            done[0] += 1
            return parts

        killing = asyncio.create_task(killer())
        letters = [letter((f"{n}.html", "text/html", form_page(f"https://a.example/{n}"))) for n in range(60)]
        answers = await asyncio.gather(*(ask(raw) for raw in letters))
        killing.cancel()
        assert all(len(parts) == 1 for parts in answers)
        return [parts[0].unchecked for parts in answers]

    outcomes, observer = in_pool(Inspection(processes=2), work)
    assert set(outcomes) <= {"", "crash", "timeout"}
    assert "" in outcomes
    assert sum(observer.inspections.values()) == 60


def test_a_question_never_waits_for_its_reader() -> None:
    """Names of any length and alphabet fit the socket's buffer."""
    question = Question(length=1, name="\U0001f4a9" * 2000 + ".pdf", declared="a/" + "b" * 900)
    data = question.encode()
    assert len(data) <= 16_384
    assert Question.decode(data[4:]).name.endswith(".pdf")


def test_a_child_answers_question_after_question() -> None:
    async def run() -> list[bytes]:
        child = Child(ReadLimits(), 536_870_912, 5)
        long, short = form_page() + b" " * 1_500_000, form_page()
        try:
            return [
                await asyncio.wait_for(child.ask(Question(length=len(body), name="a.html"), memoryview(body)), 20)
                for body in (short, long, short, short)
            ]
        finally:
            child.kill()
            await asyncio.to_thread(reap, child)

    answers = asyncio.run(run())
    assert len(set(answers)) == 1
    assert b"password_field" in answers[0]
