"""Bad input, by name: one clear line, the documented exit code, and nothing lost."""

from __future__ import annotations

import ctypes
import fcntl
import resource
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.front_door import (
    AT_ONCE,
    assert_error,
    ingagents,
    invented_people,
    leads_of,
    measured,
    served_sandbox,
    statuses,
    succeeds,
    write_people,
    write_settings,
)
from tests.processes import PROGRAM, answering, free_port, started

KEY = {"INGAGENTS_LINKEDIN__API_KEY": "a-key"}
REAL = (
    '[campaign]\nsender_name = "Kim Holm"\n'
    '[linkedin]\nservice = "unipile"\naccount_id = "x"\nlive = true\n'
)
IMPATIENT = "timeout_seconds = 0.5\nretries = 0\n"


# settings


@pytest.mark.parametrize("named", ["missing.toml", "folder"])
@pytest.mark.parametrize("how", ["option", "environment"])
def test_settings_that_are_not_there_are_not_passed_over(
    tmp_path: Path, named: str, how: str
) -> None:
    (tmp_path / "folder").mkdir()
    if how == "option":
        ended = ingagents(tmp_path, "status", "--settings", named)
    else:
        ended = ingagents(tmp_path, "status", env={"INGAGENTS_SETTINGS": named})
    assert_error(ended, "settings", 2, says=named)
    assert not (tmp_path / "ingagents.db").exists()


def test_settings_that_may_not_be_read_are_not_passed_over(tmp_path: Path) -> None:
    file = write_settings(tmp_path, REAL)
    file.chmod(0)
    if _reads(file):
        pytest.skip("this process may read every file; run it without CAP_DAC_OVERRIDE")
    ended = ingagents(tmp_path, "status", before=without_roots_rights)
    assert_error(ended, "settings", 2, says="settings.toml")
    assert not (tmp_path / "ingagents.db").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[outreach.rate_limitng]\n", "did you mean rate_limiting?"),
        ("\x00\x01", "TOML"),
        ("[linkedin]\napi_key = 'sk-very-secret'\n", "INGAGENTS_LINKEDIN__API_KEY"),
        ("[database]\nurl = 'mysql://user:secret-word@host/db'\n", "database.url"),
    ],
)
def test_wrong_settings_are_named_and_never_repeated(tmp_path: Path, text: str, says: str) -> None:
    write_settings(tmp_path, text)
    line = assert_error(ingagents(tmp_path, "status"), "settings", 2, says=says)
    assert "secret" not in line.replace("is a secret and stands", "")
    assert not (tmp_path / "ingagents.db").exists()


def test_settings_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"[campaign]\nevent_name = '\xff\xfe'\n")
    assert_error(ingagents(tmp_path, "status"), "settings", 2, says="UTF-8")


def test_wrong_variables_are_named(tmp_path: Path) -> None:
    misspelt = {"INGAGENTS_OUTREACH__RATE_LIMITING__DAYLY_LIMIT": "3"}
    assert_error(ingagents(tmp_path, "status", env=misspelt), "settings", 2, says="DAILY_LIMIT")
    wrong = {"INGAGENTS_OUTREACH__RATE_LIMITING__DAILY_LIMIT": "secret-word"}
    line = assert_error(ingagents(tmp_path, "status", env=wrong), "settings", 2, says="integer")
    assert "secret-word" not in line
    (tmp_path / ".env").write_text("INGAGENTS_LINKEDIN__LIV=true\n", "utf-8")
    assert_error(ingagents(tmp_path, "status"), "settings", 2, says="LINKEDIN__LIVE")


@pytest.mark.parametrize(
    ("env", "says"), [({}, "API key"), (KEY, "base_url")], ids=["no key", "no address"]
)
def test_a_real_service_without_key_or_address_is_told_at_once(
    tmp_path: Path, env: Mapping[str, str], says: str
) -> None:
    write_settings(tmp_path, REAL + ("" if env else 'base_url = "http://127.0.0.1:9"\n'))
    for command in (("once", "--task", "search"), ("run", "--for", "5s")):
        ended = ingagents(tmp_path, *command, env=env)
        assert_error(ended, "settings", 2, says=says)


# disk


def test_a_folder_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    write_settings(tmp_path, REAL)
    write_people(tmp_path / "people.csv", invented_people(3))
    succeeds(tmp_path, "leads", "import", "people.csv")
    before = leads_of(tmp_path)
    places = [tmp_path, *tmp_path.iterdir()]
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)
    if _writes(tmp_path):
        pytest.skip("this process may write everywhere; run it without CAP_DAC_OVERRIDE")
    try:
        for command in (("leads", "import", "people.csv"), ("once", "--task", "allocate")):
            ended = ingagents(tmp_path, *command, before=without_roots_rights)
            assert_error(ended, "database", 1, says="writable")
        ended = ingagents(tmp_path, "init", "below", before=without_roots_rights)
        assert_error(ended, "input", 1, says="cannot be written")
    finally:
        for place in places:
            place.chmod(0o755 if place.is_dir() else 0o644)
    assert leads_of(tmp_path) == before


def test_a_sandbox_in_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    if _writes(tmp_path):
        pytest.skip("this process may write everywhere; run it without CAP_DAC_OVERRIDE")
    try:
        ended = ingagents(tmp_path, "run", "--no-screen", before=without_roots_rights)
        assert_error(ended, "database", 1, says="ingagents.db")
    finally:
        tmp_path.chmod(0o755)


def test_a_full_disk_refuses_the_step_and_keeps_the_rest(tmp_path: Path) -> None:
    write_people(tmp_path / "people.csv", invented_people(3000))
    with small_disk(tmp_path / "disk", kilobytes=2500) as folder:
        write_settings(folder, REAL)
        ended = ingagents(folder, "leads", "import", tmp_path / "people.csv")
        assert_error(ended, "disk-full", 1, says="full")
        kept = statuses(folder).total()
        assert kept < 3000
        assert kept % 500 == 0, "whole steps only"
        _remount(folder, kilobytes=40_000)
        found = succeeds(folder, "leads", "import", tmp_path / "people.csv", "--json").json()
        assert (found["taken"], found["merged"]) == (3000 - kept, kept)


def test_a_write_that_fails_half_way_is_no_success_and_can_be_repeated(tmp_path: Path) -> None:
    write_settings(tmp_path, REAL)
    write_people(tmp_path / "people.csv", invented_people(3000))

    def at_most_a_megabyte() -> None:  # the empty tables alone take half of it
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    ended = ingagents(tmp_path, "leads", "import", "people.csv", before=at_most_a_megabyte)
    kind, code = ("disk-full", 1) if "disk-full" in ended.err else ("commit-unknown", 75)
    assert_error(ended, kind, code)
    kept = statuses(tmp_path).total()
    assert kept < 3000
    found = succeeds(tmp_path, "leads", "import", "people.csv", "--json").json()
    assert (found["taken"], found["merged"]) == (3000 - kept, kept)


# database


def test_a_database_that_somebody_holds_is_tried_later(tmp_path: Path) -> None:
    write_settings(tmp_path, REAL)
    write_people(tmp_path / "people.csv", invented_people(2))
    succeeds(tmp_path, "status")
    with (tmp_path / "ingagents.db.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = ingagents(tmp_path, "leads", "import", "people.csv")
        assert_error(ended, "database-locked", 75, says="ingagents.db")
    assert statuses(tmp_path) == {}
    succeeds(tmp_path, "leads", "import", "people.csv")
    assert statuses(tmp_path).total() == 2


def test_a_database_held_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    write_settings(tmp_path, REAL)
    write_people(tmp_path / "people.csv", invented_people(2))
    succeeds(tmp_path, "status")
    with closing(sqlite3.connect(tmp_path / "ingagents.db", isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        with started(tmp_path, "leads", "import", "people.csv") as running:
            time.sleep(2.5)
            assert running.alive(), running.said
            database.execute("COMMIT")
            assert running.wait() == 0, running.said
    assert statuses(tmp_path).total() == 2


def _not_a_database(file: Path) -> None:
    file.write_bytes(b"Dear diary, this is no database at all. " * 200)


def _another_program(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE songs (title TEXT)")
        database.execute("INSERT INTO songs VALUES ('mine')")
        database.commit()


def _from_the_future(file: Path) -> None:
    succeeds(file.parent, "status")
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 999")


def _damaged(file: Path) -> None:
    write_people(file.parent / "people.csv", invented_people(300))
    succeeds(file.parent, "leads", "import", "people.csv")
    with file.open("r+b") as database:
        database.seek(4096)
        database.write(b"\xff" * (file.stat().st_size - 8192))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_not_a_database, "not a SQLite database"),
        (_another_program, "another program"),
        (_from_the_future, "newer version"),
        (_damaged, "damaged"),
    ],
)
def test_a_database_that_is_not_ours_is_left_as_it_is(
    tmp_path: Path, spoil: Callable[[Path], None], says: str
) -> None:
    write_settings(tmp_path, REAL)
    file = tmp_path / "ingagents.db"
    spoil(file)
    found = file.read_bytes()
    for command in (("leads", "list"), ("once", "--task", "allocate"), ("status",)):
        assert_error(ingagents(tmp_path, *command), "database", 1, says=says)
    assert file.read_bytes() == found
    doctor = ingagents(tmp_path, "doctor")
    assert doctor.code == 1
    assert "NOT OK database: " in doctor.out


def test_a_folder_in_the_place_of_the_database_is_an_error(tmp_path: Path) -> None:
    write_settings(tmp_path, REAL)
    (tmp_path / "ingagents.db").mkdir()
    assert_error(ingagents(tmp_path, "status"), "database", 1, says="ingagents.db")


# files of people


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "does not exist"),
        (b"", "empty"),
        (b"   \n\n", "people.csv"),
        (b"colour,size\nred,3\n", "no column"),
        (bytes(range(256)) * 400, "people.csv"),
        (b"PK\x03\x04" + bytes(range(256)) * 40, "people.csv"),
    ],
    ids=["missing", "empty", "blank", "no usable column", "binary", "a spreadsheet"],
)
def test_a_file_without_people_is_refused_and_nothing_taken(
    tmp_path: Path, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / "people.csv").write_bytes(content)
    ended = ingagents(tmp_path, "leads", "import", "people.csv")
    assert_error(ended, "input", 1, says=says)
    assert statuses(tmp_path) == {}


def test_a_folder_is_no_file_of_people(tmp_path: Path) -> None:
    (tmp_path / "people.csv").mkdir()
    assert_error(ingagents(tmp_path, "leads", "import", "people.csv"), "input", 1, says="file")


@pytest.mark.parametrize(
    "half",
    [
        '"Bo Brandt,VP Eng',
        '"Bo Brandt","VP ""Engineering',
        '"Bo Brandt\n\n\n',
        ",,",
        ",VP Engineering",
    ],
)
def test_half_a_row_does_not_lose_the_others(tmp_path: Path, half: str) -> None:
    whole = "Ada Abel,CTO,Abel Works,https://www.linkedin.com/in/ada-abel"
    head = "Name,Headline,Company,LinkedIn URL"
    (tmp_path / "people.csv").write_text(f"{head}\n{whole}\n{half}", "utf-8")
    found = succeeds(tmp_path, "leads", "import", "people.csv", "--json").json()
    assert found["taken"] == 1
    assert found["refused_count"] + found["blank"] > 0, "told, not dropped in silence"
    assert [lead["name"] for lead in leads_of(tmp_path)] == ["Ada Abel"]


@pytest.mark.slow
def test_a_very_long_file_is_taken_in_bounded_memory(tmp_path: Path) -> None:
    people = invented_people(5000)
    unusable = ("", "Somebody", "", "")
    write_people(
        tmp_path / "people.csv",
        [people[number // 40] if number % 40 == 0 else unusable for number in range(200_000)],
    )

    meter = tmp_path / "meter.json"
    small = measured(tmp_path, meter, PROGRAM, "status")
    large = measured(tmp_path, meter, PROGRAM, "leads", "import", "people.csv", "--json")
    found = large.ended.json()
    assert (found["rows"], found["taken"], found["refused_count"]) == (200_000, 5000, 195_000)
    assert len(found["refused"]) == 1000, "the first are named, the rest counted"
    more = (large.peak_bytes - small.peak_bytes) / 2**20
    assert more < 40, f"{more:.0f} MiB more than a look at the status"


# services


HTML = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 38\r\nConnection: close\r\n\r\n"
    b"<html><body>maintenance</body></html>\r\n"
)
HALF_HTML = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n<htm"
TRUNCATED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"
    b'{"object": "Account", "id": "x", "na'
)
WHOLE_BUT_TORN = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 24\r\n"
    b'Connection: close\r\n\r\n{"object": "Account", "i'
)
WRONG_SHAPE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n"
    b"Connection: close\r\n\r\n[1, 2, 3, null] "
)
SERVER_ERROR = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
NO_HTTP = b"SSH-2.0-OpenSSH_9.6\r\n"


@pytest.fixture(scope="module")
def allocated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A department on a real service with one person waiting to be written to."""
    folder = tmp_path_factory.mktemp("allocated")
    write_settings(folder, REAL + AT_ONCE)
    write_people(folder / "people.csv", invented_people(1))
    succeeds(folder, "leads", "import", "people.csv")
    succeeds(folder, "once", "--task", "allocate")
    return folder


@pytest.mark.parametrize(
    ("reply", "kinds"),
    [
        (None, {"service-unavailable"}),
        (HTML, {"bad-answer"}),
        (HALF_HTML, {"bad-answer", "service-unavailable"}),
        (TRUNCATED, {"bad-answer", "service-unavailable"}),
        (WHOLE_BUT_TORN, {"bad-answer"}),
        (WRONG_SHAPE, {"bad-answer"}),
        (SERVER_ERROR, {"service-unavailable"}),
        (NO_HTTP, {"bad-answer", "service-unavailable"}),
    ],
    ids=["never", "html", "half html", "truncated", "torn", "shape", "503", "no http"],
)
def test_an_answer_that_cannot_be_used_is_never_an_empty_result(
    allocated: Path, reply: bytes | None, kinds: set[str]
) -> None:
    with answering(reply) as url:
        write_settings(allocated, f'{REAL}base_url = "{url}"\n{IMPATIENT}{AT_ONCE}')
        for task in ("search", "outreach") if reply else ("search", "outreach", "replies"):
            ended = ingagents(allocated, "once", "--task", task, env=KEY)
            kind = ended.err.removeprefix("error: ").partition(":")[0]
            assert kind in kinds, ended.said
            assert_error(ended, kind, 75)
    assert statuses(allocated) == {"Allocated": 1}


def test_a_service_that_is_not_there_is_tried_later(allocated: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    write_settings(allocated, f'{REAL}base_url = "{url}"\n{IMPATIENT}{AT_ONCE}')
    for task in ("search", "outreach"):
        ended = ingagents(allocated, "once", "--task", task, env=KEY)
        assert_error(ended, "service-unavailable", 75)
    doctor = ingagents(allocated, "doctor", env=KEY)
    assert doctor.code == 1
    assert "NOT OK linkedin: " in doctor.out
    assert statuses(allocated) == {"Allocated": 1}


def test_a_wrong_key_stops_everything_until_somebody_mends_it(
    allocated: Path, tmp_path: Path
) -> None:
    with served_sandbox(tmp_path) as sandbox:
        write_settings(allocated, sandbox.settings(linkedin=IMPATIENT))
        search = ingagents(allocated, "once", "--task", "search", env=KEY)
        assert_error(search, "account-blocked", 1)
        outreach = ingagents(allocated, "once", "--task", "outreach", env={**sandbox.env(), **KEY})
        assert_error(outreach, "account-blocked", 1, says="ingagents resume")
        again = ingagents(allocated, "once", "--task", "outreach", env=sandbox.env())
        assert_error(again, "paused", 75)
        assert sandbox.record()["acts"] == []
        assert statuses(allocated) == {"Allocated": 1}
        succeeds(allocated, "resume", env=sandbox.env())
        succeeds(allocated, "once", "--task", "outreach", env=sandbox.env())
        assert len(sandbox.acts()) == 1


def without_roots_rights() -> None:
    """In the child before it starts: what `chmod` forbids is forbidden for root too."""
    for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP


def _reads(file: Path) -> bool:
    done = subprocess.run(
        ["cat", file], check=False, capture_output=True, preexec_fn=without_roots_rights
    )
    return done.returncode == 0


def _writes(folder: Path) -> bool:
    probe = folder / "probe"
    done = subprocess.run(
        ["touch", probe], check=False, capture_output=True, preexec_fn=without_roots_rights
    )
    probe.unlink(missing_ok=True)
    return done.returncode == 0


@contextmanager
def small_disk(folder: Path, *, kilobytes: int) -> Iterator[Path]:
    """A disk of its own with little room."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, check=False, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no mount on this machine")
    if done.returncode:
        pytest.skip("mounting a small disk needs root; the write that fails half-way runs anyway")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _remount(folder: Path, *, kilobytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", str(folder)], check=True)
