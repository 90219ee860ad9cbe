"""The way to Unipile v2: v1's requests and answers in its dialect, so that one adapter serves both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from ingagents.integrations.http.client import timeouts
from ingagents.integrations.http.sanitise import JsonObject, json_object_of, words_of
from ingagents.integrations.unipile.wire.dialect_v2 import Form, code_of, from_v2, to_v2
from ingagents.integrations.unipile.wire.http import UnipileWire, api_root, worded

ROOT = "https://api.unipile.com"
"""One address for everybody: no DSN, no port."""


class UnipileV2Wire(UnipileWire):
    """Keeps what `UnipileWire` promises, over `/v2` and below the account's own address."""

    def __init__(self, http: httpx.AsyncClient, *, base_url: str, **access: Any) -> None:
        super().__init__(http, base_url=base_url, **access)
        self._root = str(api_root(base_url, end="/v2").copy_with(query=None))

    def _request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: JsonObject | None = None,
        files: Form | None = None,
    ) -> httpx.Request:
        asked = to_v2(method, path, params, json, files)
        below = f"{self.account_id}/{asked.path}" if asked.of_account else asked.path
        return self._http.build_request(
            asked.method,
            httpx.URL(f"{self._root}/{below}", params=self._always.merge(asked.params)),
            json=asked.json,
            headers={"X-API-KEY": self._key, "Accept": "application/json"},
            timeout=timeouts(self._timeout_seconds),
        )

    def _object_in(self, asked: str, answer: httpx.Response) -> JsonObject:
        body = super()._object_in(asked, answer)
        return from_v2(asked.partition(" ")[2], answer.request.url.params, body)

    def _said(self, answer: httpx.Response) -> tuple[str, str]:
        body = json_object_of(answer.content) or {}
        kind, words = worded(words_of(body.get("type"), 80), body)
        return code_of(kind) if kind else "", words
