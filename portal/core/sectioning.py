"""A page cut at its headings: runs of blocks, and the questions among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portal.core.blocks import Block, Page


def runs(page: Page) -> Iterator[tuple[Block, ...]]:
    """Blocks in order, each run beginning at a heading (the first may begin without one)."""
    run: list[Block] = []
    for block in page.blocks:
        if block.type == "heading_open" and run:
            yield tuple(run)
            run = []
        run.append(block)
    if run:
        yield tuple(run)


def heading_level(run: Sequence[Block]) -> int:
    """1…6; 0 when the run begins without a heading."""
    first = run[0]
    return int(first.tokens[0].tag[1]) if first.type == "heading_open" else 0
