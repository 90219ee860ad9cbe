"""Debian's Chromium at the other end of a pipe: a real browser without a driver or a port."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from tests import PATIENCE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # root's, in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)


class Browser:
    """One page of a browser, asked by its DevTools protocol; every wait has an end."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders, self._answers = orders, answers
        os.set_blocking(answers, False)
        self._read = b""
        self._number = 0
        self._page = ""
        self.dialogs: list[str] = []
        """What scripts of the page have said in a dialog."""
        self._loads = 0

    def open(self) -> Self:
        """Take a page."""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._page = attached["sessionId"]
        self._ask("Page.enable")
        return self

    def go(self, address: str) -> None:
        """Load a page."""
        with self.loading():
            self._ask("Page.navigate", url=address)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """What the block does loads another page: wait for it."""
        before = self._loads
        yield
        while self._loads == before:
            self._take()

    def press(self, *keys: str) -> None:
        """Keys, one after the other: a letter, Enter or Escape."""
        for key in keys:
            text = "\r" if key == "Enter" else key if len(key) == 1 else ""
            code = {"Enter": 13, "Escape": 27}.get(key, 0)
            shown = {"key": key, "text": text, "windowsVirtualKeyCode": code}
            self._ask("Input.dispatchKeyEvent", type="keyDown", **shown)
            self._ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    def write(self, text: str) -> None:
        """Text into the field that has the focus."""
        self._ask("Input.insertText", text=text)

    def run(self, script: str) -> Any:
        """What an expression comes to on the page, awaited where it is a promise."""
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True}
        return self._ask("Runtime.evaluate", **asked)["result"].get("value")

    def framed(self, script: str) -> Any:
        """What an expression comes to in the one frame on the page."""
        targets = self._ask("Target.getTargets")["targetInfos"]
        (frame,) = [one["targetId"] for one in targets if one["type"] == "iframe"]
        attached = self._ask("Target.attachToTarget", targetId=frame, flatten=True)
        page, self._page = self._page, attached["sessionId"]
        try:
            return self.run(script)
        finally:
            self._page = page

    def look(self, width: int, height: int, *, dark: bool = False) -> None:
        """Be a screen of this size."""
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        number = self._number
        order: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self._page:
            order["sessionId"] = self._page
        os.write(self._orders, json.dumps(order).encode() + b"\0")
        while (answer := self._take()).get("id") != number:
            pass
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def _take(self) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while b"\0" not in self._read:
            assert time.monotonic() < deadline, f"the browser said nothing for {PATIENCE} s"
            try:
                self._read += os.read(self._answers, 1 << 16)
            except BlockingIOError:
                time.sleep(0.005)
        said, self._read = self._read.split(b"\0", 1)
        message: dict[str, Any] = json.loads(said)
        if message.get("method") == "Page.loadEventFired":
            self._loads += 1
        if message.get("method") == "Page.javascriptDialogOpening":
            self.dialogs.append(message["params"]["message"])
        return message


@contextmanager
def a_browser(folder: Path) -> Iterator[Browser]:
    """A browser with a fresh profile; it ends with the block."""
    assert CHROMIUM is not None
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    # Chromium reads its orders from descriptor 3 and answers on 4.
    wrapper = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
    process = subprocess.Popen(
        ["bash", "-c", wrapper, CHROMIUM, *FLAGS, f"--user-data-dir={folder}", "about:blank"],
        pass_fds=(theirs_in, theirs_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Browser(ours_out, ours_in).open()
    finally:
        os.close(ours_out)
        os.close(ours_in)
        process.terminate()
        process.wait(PATIENCE)
