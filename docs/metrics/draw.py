#!/usr/bin/env python3
"""Draws docs/metrics/*.svg from docs/metrics/run.json, which the test GoDashboardIT writes. Needs nothing but Python 3."""

import json
import math
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 34, 34
COLOURS = {"go": ["#00758f", "#5fb6c9", "#9ad0dc"], "ours": ["#b3431e", "#e08a5b", "#f0bb9b"]}

# Of the n-th line of a node. Lines may lie on each other: a later one has gaps through which those below it are seen.
STROKES = {
    "go": ['stroke-width="4"', 'stroke-width="3" stroke-dasharray="9 9"'],
    "ours": ['stroke-width="1.6"', 'stroke-width="1.6" stroke-dasharray="4 6"'],
}

# File, title with the unit, and the entries of run.json in it with what tells their lines apart.
PICTURES = [
    ("connections", "Connections opened since the start", [("connections", "")]),
    ("dial-errors", "Sockets of dials that failed, since the start", [("dial-errors", "")]),
    (
        "handshake-latency",
        "Handshake latency, milliseconds: the median and the 95th percentile of 30 seconds",
        [("handshake-latency-0.5", "median"), ("handshake-latency-0.95", "95 %")],
    ),
    ("bytes", "Bytes of sockets since the start, MiB (go-libp2p gives no such figure)", [("bytes", "")]),
    ("memory", "Memory, KiB: what go has reserved, what ours really holds", [("memory", "")]),
]
UNITS = {"bytes": 1 << 20, "memory": 1 << 10}


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def step(span):
    """A round distance that divides the span into three to seven."""
    rough = span / 5
    power = 10 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)


def number(value):
    return f"{value:g}" if value < 1e6 else f"{value:.0f}"


def lines_of(run, entries, unit):
    """Name, colour and points of each line: seconds of the clock, and a value."""
    found = []
    for entry, note in entries:
        for name, values in run[entry]["lines"].items():
            points = [(at, float(value) / unit) for at, value in values if float(value) == float(value)]
            if points:
                node = name.split(" ")[0]
                taken = sum(1 for other in found if other[1] == node)
                label = " ".join(filter(None, [name, note]))
                found.append((label, node, f'stroke="{COLOURS[node][taken % 3]}" {STROKES[node][taken % 2]}', points))
    return found


def draw(title, lines):
    begin = min(points[0][0] for _, _, _, points in lines)
    end = max(points[-1][0] for _, _, _, points in lines)
    top = max(max(value for _, value in points) for _, _, _, points in lines) or 1
    up = step(top)
    top = math.ceil(top / up) * up
    plot_width, plot_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(at):
        return LEFT + (at - begin) / (end - begin) * plot_width

    def y(value):
        return TOP + plot_height - value / top * plot_height

    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="sans-serif" font-size="11" role="img">',
        f"<title>{escaped(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="20" font-size="13" fill="#222222">{escaped(title)}</text>',
    ]
    for tick in range(round(top / up) + 1):
        at = y(tick * up)
        svg.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{LEFT + plot_width}" y2="{at:.1f}" stroke="#dddddd"/>')
        svg.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end" fill="#555555">{number(tick * up)}</text>')
    seconds = step(end - begin)
    for tick in range(int((end - begin) / seconds) + 1):
        at = x(begin + tick * seconds)
        svg.append(
            f'<text x="{at:.1f}" y="{HEIGHT - 14}" text-anchor="middle" fill="#555555">{number(tick * seconds)} s</text>'
        )
    for index, (label, _, stroke, points) in enumerate(lines):
        path = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in points)
        svg.append(f'<polyline points="{path}" fill="none" {stroke}/>')
        row = TOP + 12 + index * 18
        legend = LEFT + plot_width + 14
        svg.append(f'<line x1="{legend}" y1="{row - 4}" x2="{legend + 26}" y2="{row - 4}" {stroke}/>')
        svg.append(f'<text x="{legend + 34}" y="{row}" fill="#222222">{escaped(label)}</text>')
    return "\n".join(svg) + "\n</svg>\n"


def main():
    run = json.loads((HERE / "run.json").read_text())
    for name, title, entries in PICTURES:
        lines = lines_of(run, entries, UNITS.get(name, 1))
        if lines:
            (HERE / f"{name}.svg").write_text(draw(title, lines))


if __name__ == "__main__":
    main()
