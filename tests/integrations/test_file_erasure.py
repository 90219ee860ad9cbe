"""Pages and mails in folders: those that name a person are destroyed, all others stay."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from ingagents.integrations import file_erasure
from ingagents.integrations.file_erasure import destroy_naming


def names_ada(text: str) -> bool:
    return "Ada Abel" in " ".join(text.split()) or "ada abel" in text


def a_letter(subject: str, text: str, html: str = "") -> bytes:
    letter = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    letter["Subject"] = subject
    letter.set_content(text, cte="base64")
    if html:
        letter.add_alternative(html, subtype="html", cte="base64")
    return letter.as_bytes()


NAMING = {
    "subject.eml": a_letter("Ada Abel answered", "x"),
    "folded.eml": a_letter("x" * 70 + " Ada Abel " + "y" * 70, "x"),
    "text.eml": a_letter("x", "Dear team,\nAda Abel answered."),
    "html.eml": a_letter("x", "x", "<p>Ada&#32;Abel</p>"),
    "20270301-ada-abel-answered-1a2b.eml": a_letter("x", "x"),
    ".unfinished.tmp": a_letter("x", "Ada Abel"),
    "2027-03-01.html": b"<td>Ada&#x20;Abel</td>",
    "2027-03-01.json": b'{"who": "Ada Abel"}',
    "not-a-mail.eml": b"\xff\xfe Ada Abel",
}
OTHERS = {
    "other.eml": a_letter("Bo Brandt answered", "x"),
    "other.html": b"<p>Bo Brandt</p>",
    "notes.md": b"Ada Abel, in a file of somebody else",
    "people.csv": b"Ada Abel",
}


def test_what_names_the_person_goes_and_all_else_stays(tmp_path: Path) -> None:
    for name, content in (NAMING | OTHERS).items():
        (tmp_path / name).write_bytes(content)
    assert destroy_naming(tmp_path, names_ada) == len(NAMING)
    assert {one.name for one in tmp_path.iterdir()} == set(OTHERS)
    assert destroy_naming(tmp_path, names_ada) == 0


def test_a_file_is_overwritten_before_its_name_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"Ada Abel" * 1000)
    seen: list[bytes] = []
    unlink = Path.unlink

    def look(self: Path) -> None:
        seen.append(self.read_bytes())
        unlink(self)

    monkeypatch.setattr(Path, "unlink", look)
    assert destroy_naming(tmp_path, names_ada) == 1
    assert seen == [bytes(8000)]


def test_links_are_not_followed_and_a_missing_folder_is_empty(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("Ada Abel", "utf-8")
    folder = tmp_path / "reports"
    assert destroy_naming(folder, names_ada) == 0
    folder.mkdir()
    (folder / "link.txt").symlink_to(outside)
    assert file_erasure.destroy_naming(folder, names_ada) == 0
    assert outside.read_text("utf-8") == "Ada Abel"
