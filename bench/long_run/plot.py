"""Small line charts as SVG, readable on light and on dark ground."""

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 28, 26
COLOURS = ("#2f7ed8", "#d9822b", "#3a9a5b")


def _nice(top):
    """A step of 1, 2 or 5 times a power of ten that gives three to six lines up to `top`."""
    step = 1.0
    while top / step > 60:
        step *= 10
    while top / step < 0.6:
        step /= 10
    for factor in (1, 2, 5, 10, 20):
        if top / (step * factor) <= 6:
            return step * factor
    return step * 50


def _thinned(points, bins):
    """At most two points a bin: its lowest and its highest, in their order; gaps (None) stay."""
    runs, run = [], []
    for point in points:
        if point is None:
            runs.append(run)
            run = []
        else:
            run.append(point)
    runs.append(run)
    last = max((point[0] for run in runs for point in run), default=1) or 1
    thin = []
    for run in runs:
        by_bin = {}
        for point in run:
            by_bin.setdefault(int(point[0] / last * bins), []).append(point)
        kept = []
        for some in by_bin.values():
            low, high = min(some, key=lambda p: p[1]), max(some, key=lambda p: p[1])
            kept += sorted({low, high})
        if kept:
            thin.append(kept)
    return thin


def chart(title, unit, series, marks=(), from_zero=True):
    """`series`: name -> points (minute, value), None between points that are not joined.

    `marks`: minutes at which a fine line stands (the deaths of the hub).
    """
    values = [point[1] for points in series.values() for point in points if point]
    minutes = [point[0] for points in series.values() for point in points if point]
    if not values:
        return ""
    last = max(minutes) or 1
    bottom = 0 if from_zero else min(values)
    step = _nice((max(values) - bottom) * 1.08 or 1)
    top = bottom + (max(values) - bottom) * 1.08 or 1

    def x(minute):
        return LEFT + (WIDTH - LEFT - RIGHT) * minute / last

    def y(value):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - bottom) / (top - bottom)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" font-family="sans-serif" font-size="11">',
        f"<title>{title}</title>",
        "<style>text{fill:#444}.g{stroke:#8886;stroke-width:.5}.m{stroke:#d33a;stroke-width:.7}"
        "@media(prefers-color-scheme:dark){text{fill:#ccc}}</style>",
        f'<text x="{LEFT}" y="15" font-size="12">{title} ({unit})</text>',
    ]
    place = WIDTH - RIGHT
    for (name, _), colour in reversed(list(zip(series.items(), COLOURS))):
        if len(series) > 1:
            out.append(f'<text x="{place}" y="15" text-anchor="end" style="fill:{colour}">{name}</text>')
            place -= 8 * len(name) + 12
    line = 0
    while bottom + line * step <= top:
        value = bottom + line * step
        out.append(f'<path class="g" d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}"/>')
        out.append(f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
        line += 1
    across = _nice(last)
    for index in range(int(last / across) + 1):
        out.append(
            f'<text x="{x(index * across):.1f}" y="{HEIGHT - 8}" text-anchor="middle">'
            f"{index * across:g}{' min' if index == 0 else ''}</text>"
        )
    for minute in marks:
        out.append(f'<path class="m" d="M{x(minute):.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
    for points, colour in zip(series.values(), COLOURS):
        for run in _thinned(points, 240):
            steps = " ".join(f"{x(minute):.1f},{y(value):.1f}" for minute, value in run)
            out.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1.4" points="{steps}"/>')
    return "\n".join([*out, "</svg>"]) + "\n"
