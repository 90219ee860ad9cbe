"""Runs cells as a notebook does: one after another in one loop, with `await` at the top."""

from __future__ import annotations

import ast
import asyncio
from typing import Any


async def run_cell(cell: str, names: dict[str, Any]) -> Any:
    """What the cell's last line comes to, if it is an expression."""
    tree = ast.parse(cell)
    if isinstance(tree.body[-1], ast.Expr):
        last = tree.body[-1]
        tree.body[-1] = ast.Assign([ast.Name("_", ast.Store())], last.value)
        ast.fix_missing_locations(tree)
    names["_"] = None
    code = compile(tree, "cell", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if (running := eval(code, names)) is not None:
        await asyncio.ensure_future(running)
    return names["_"]
