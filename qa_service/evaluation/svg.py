"""Plots as inline SVG: no script, nothing from outside. Colours come from the page's style sheet by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_LABEL, _PLOT, _ROW, _TOP = 190, 420, 24, 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled share between 0 and 1 with the ends of its interval."""

    label: str
    value: float
    low: float
    high: float
    note: str = ""
    is_good: bool = True


def bars(rows: Sequence[Bar]) -> str:
    """Horizontal bars from 0 to 1 with interval whiskers."""
    height = _ROW * len(rows) + 26
    parts = [_grid(height)]
    for i, row in enumerate(rows):
        parts.append(_bar(row, i * _ROW + 4))
    return _svg(_LABEL + _PLOT + 130, height, parts, "Metrics with 95 % intervals")


def curve(values: Sequence[float], *, title: str, x_label: str, y_label: str) -> str:
    """A line of values over the share of them, from 0 to 1 in both directions."""
    if not values:
        return ""
    width, height, left, top = 420, 240, 50, _TOP
    count = len(values)
    points = " ".join(
        f"{left + (i + 1) / count * (width - left - 10):.1f},{top + (1 - value) * (height - top - 44):.1f}"
        for i, value in enumerate(values)
    )
    parts = _axes(width, height, left=left, x_label=x_label, y_label=y_label)
    parts.append(f'<polyline class="line" points="{points}"/>')
    return _svg(width, height, parts, title)


def histogram(values: Sequence[float], *, title: str, unit: str, bins: int = 24) -> str:
    """How often values fall between 0 and their largest."""
    if not values:
        return ""
    width, height, left = 420, 240, 20
    top_value = max(values) or 1.0
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(value / top_value * bins))] += 1
    step, most = (width - left - 10) / bins, max(counts)
    parts = []
    for i, count in enumerate(counts):
        tall = count / most * (height - 60)
        parts.append(
            f'<rect class="bar" x="{left + i * step:.1f}" y="{height - 40 - tall:.1f}" width="{step - 1:.1f}" '
            f'height="{tall:.1f}"><title>{count}</title></rect>'
        )
    parts += [
        f'<line class="axis" x1="{left}" y1="{height - 40}" x2="{width - 10}" y2="{height - 40}"/>',
        _text(left, height - 22, "0", "axis-label"),
        _text(width - 10, height - 22, f"{top_value:.0f} {unit}", "axis-label end"),
    ]
    return _svg(width, height, parts, title)


def heatmap(cells: Mapping[tuple[str, str], tuple[float, int]], *, title: str) -> str:
    """Shares by row (question language) and column (article language), each with its number of cases."""
    rows, columns = (list(dict.fromkeys(sorted(key[i] for key in cells))) for i in (0, 1))
    size, left, top = 62, 60, 44
    parts = [_text(left, 14, "article language", "axis-label")]
    parts += [_text(left + j * size + size / 2, 36, column, "axis-label middle") for j, column in enumerate(columns)]
    for i, row in enumerate(rows):
        y = top + i * size
        parts.append(_text(left - 10, y + size / 2 + 4, row, "axis-label end"))
        for j, column in enumerate(columns):
            if (row, column) in cells:
                parts.append(_cell(cells[row, column], left + j * size, y, size))
    return _svg(max(180, left + size * len(columns) + 10), top + size * len(rows) + 6, parts, title)


def _cell(cell: tuple[float, int], x: float, y: float, size: int) -> str:
    value, count = cell
    middle = x + size / 2
    return (
        f'<rect class="cell" style="fill-opacity:{0.08 + 0.5 * value:.2f}" x="{x}" y="{y}" width="{size - 3}" '
        f'height="{size - 3}" rx="4"/>'
        f"{_text(middle, y + size / 2, f'{value:.0%}', 'cell-value middle')}"
        f"{_text(middle, y + size / 2 + 16, f'n {count}', 'axis-label middle')}"
    )


def _bar(row: Bar, y: float) -> str:
    kind = "bar" if row.is_good else "bar bad"
    low, high, wide = _LABEL + row.low * _PLOT, _LABEL + row.high * _PLOT, max(0.5, row.value * _PLOT)
    ends = f"M{low:.1f} {y + 9}H{high:.1f}M{low:.1f} {y + 5}v8M{high:.1f} {y + 5}v8"
    return (
        _text(_LABEL - 10, y + 13, row.label, "label end")
        + f'<rect class="{kind}" x="{_LABEL}" y="{y + 2}" width="{wide:.1f}" height="14" rx="2"/>'
        + f'<path class="whisker" d="{ends}"/>'
        + _text(_LABEL + _PLOT + 12, y + 13, row.note, "label")
    )


def _grid(height: int) -> str:
    lines = []
    for i in range(5):
        x = _LABEL + i * _PLOT / 4
        lines.append(f'<line class="grid" x1="{x}" y1="0" x2="{x}" y2="{height - 20}"/>')
        lines.append(_text(x, height - 6, f"{i * 25} %", "axis-label middle"))
    return "".join(lines)


def _axes(width: int, height: int, *, left: int, x_label: str, y_label: str) -> list[str]:
    top, bottom = _TOP, height - 32
    return [
        f'<line class="axis" x1="{left}" y1="{bottom}" x2="{width - 10}" y2="{bottom}"/>',
        f'<line class="axis" x1="{left}" y1="{top}" x2="{left}" y2="{bottom}"/>',
        _text(left - 6, top + 8, "100 %", "axis-label end"),
        _text(left - 6, bottom, "0", "axis-label end"),
        _text((left + width) / 2, height - 10, x_label, "axis-label middle"),
        _text(left + 8, top + 8, y_label, "axis-label"),
    ]


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _svg(width: float, height: float, parts: Sequence[str], title: str) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
