"""Files about people: lists that are read, and pages and mails that are destroyed with a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ingagents.errors import InputError
from ingagents.model import ListedPerson, Profile, SaidNo
from ingagents.ports import PeopleList
from ingagents.services.leads.api import LeadFiles
from ingagents.settings import Settings


def lead_files(settings: Settings) -> LeadFiles:
    """How the leads reach files: any list, and the folders that mails and reports are written to."""
    folders = (settings.path(settings.email.outbox), settings.path("reports"))

    def destroy(named_in: Callable[[str], bool]) -> dict[str, int]:
        from ingagents.integrations.file_erasure import destroy_naming

        return {folder.name: destroy_naming(folder, named_in) for folder in folders}

    return LeadFiles(read=_read, noes=_noes, destroy=destroy)


def _noes(path: Path) -> Sequence[SaidNo]:
    from ingagents.integrations.past_edition import PastEdition, is_database

    return PastEdition(path).noes if is_database(path) else ()


def _read(path: Path, mapping: Sequence[str] = ()) -> PeopleList:
    from ingagents.integrations.csv.columns import mapped
    from ingagents.integrations.csv.files import PeopleFile
    from ingagents.integrations.json_people import JsonPeople, is_json
    from ingagents.integrations.past_edition import PastEdition, is_database

    if is_database(path):
        return PastEdition(path)
    if is_json(path):
        return JsonPeople(path, mapped(mapping))
    return PeopleFile(path, mapped(mapping))


def own_people(settings: Settings) -> Sequence[Profile]:
    """The people a user fills the market with (`[sandbox] people`).

    Raises:
        InputError: the file cannot be used.
    """
    return people_of_file(settings.path(settings.sandbox.people)) if settings.sandbox.people else ()


def people_of_file(path: Path) -> Sequence[Profile]:
    """The people of a CSV or JSON file.

    Raises:
        InputError: the file cannot be used.
    """
    people = [row.profile for row in _read(path) if isinstance(row, ListedPerson)]
    if not people:
        raise InputError(f"{path} has no usable row", "see `ingagents leads import`")
    return people
