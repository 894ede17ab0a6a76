# SPDX-License-Identifier: Apache-2.0
"""The benchmark's results as Markdown and as a picture."""

SERIES = [("plain", None), ("shim", "GCM"), ("shim", "CCM-8"), ("proxy", "GCM"),
          ("proxy", "CCM-8")]
COLOURS = {"plain": "#8b949e", "shim": "#2f81f7", "proxy": "#db7b35"}
AIM_CLIENTS = 100


def label(mode, suite):
    return f"{mode} {suite}" if suite else mode


def echo_table(rows):
    """{(size, clients): {(mode, suite): row}}"""
    table = {}
    for r in rows:
        if r["kind"] == "echo":
            table.setdefault((r["size"], r["clients"]), {})[r["mode"], r["suite"]] = r
    return table


def line(cells):
    return "| " + " | ".join(cells) + " |"


def table(head, lines):
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(map(line, [head, rule, *lines])) + "\n"


def ratio(case, series):
    return case[series]["us"] / case["plain", None]["us"]


def cpu_cell(case, series):
    us = f"{case[series]['us']:.1f}"
    return us if series[0] == "plain" else f"{us} ({ratio(case, series):.2f}x)"


def rate_cell(case, series):
    r = case[series]
    lost = r["lost"] / max(r["lost"] + r["echoes"], 1)
    return f"{r['rate'] / 1000:.1f}k" + (f", {lost:.2%} lost" if r["lost"] else "")


def grid(cases, cell):
    head = ["payload, clients"] + [label(*s) for s in SERIES]
    return table(head, ([f"{size} B, {clients}"] + [cell(case, s) for s in SERIES]
                        for (size, clients), case in cases.items()))


def aims(rows, cases):
    """(what, aim, measured, met) of what was measured."""
    shim, proxy = ("shim", "GCM"), ("proxy", "GCM")
    for size, limit in (64, 1.3), (1000, 1.8):
        case = cases.get((size, AIM_CLIENTS))
        if case:
            r = ratio(case, shim)
            yield (f"shim, {size} B, {AIM_CLIENTS} clients, GCM: CPU of plaintext", f"{limit}x",
                   f"{r:.2f}x", r <= limit)
            us = case[proxy]["us"]
            yield (f"proxy with backend, {size} B, {AIM_CLIENTS} clients, GCM: CPU an echo",
                   "15 us", f"{us:.1f} us", us <= 15)
    for r in rows:
        if r["kind"] == "handshake" and r["mode"] == "shim" and r["name"] == "PSK":
            yield "shim: CPU of a PSK handshake", "80 us", f"{r['us']:.0f} us", r["us"] <= 80
        if r["kind"] == "memory":
            yield ("shim: resident memory a session", "256 B", f"{r['rss']:.0f} B",
                   r["rss"] <= 256)


def markdown(rows, machine, how):
    cases = echo_table(rows)
    handshakes = [[f"{r['name']}, {r['mode']}", f"{r['us']:.0f} us", f"{1e6 / r['us']:.0f}",
                   f"{r['rate']:.0f}"] for r in rows if r["kind"] == "handshake"]
    memory = [[f"growth from {r['from']} to {r['to']} sessions", f"{r['rss']:.0f} B",
               f"{r['core']:.0f} B"] for r in rows if r["kind"] == "memory"]
    checked = [[what, limit, found, "yes" if met else "**no**"]
               for what, limit, found, met in aims(rows, cases)]
    return f"""# What DTLS costs

{machine}.

The same C program, one thread in `recvfrom()` and `sendto()`, serves in plaintext, under
`libdtlsshim.so`, and behind `dtlsproxy`. Each client keeps one message on its way; at most 64 are
on their way at a time. Servers have one processor, the load generator the other, and it never
sleeps, so that no server pays for waking it. Written by `scripts/bench`.
{how}

## Processor time of the server for an echoed message, in microseconds

In brackets: times the plaintext server. The proxy's time includes the server behind it.

{grid(cases, cpu_cell)}
## Echoes a second

{grid(cases, rate_cell)}
## Handshakes

{table(["", "CPU of the server", "a CPU second", "measured a second"], handshakes)}
## Memory of an idle session under the shim

{table(["", "resident", "the core's own count"], memory)}
## Aims

{table(["", "at most", "measured", "met"], checked)}"""


# The picture: a panel for each payload size, a bar for each way to serve

WIDTH, BAR, GAP, LEFT, RIGHT = 720, 24, 10, 120, 130
STYLE = """text { font: 14px -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif;
fill: #768390; } .title { font-weight: 600; } .value { font-variant-numeric: tabular-nums; }"""


def svg(rows):
    cases = echo_table(rows)
    counts = {clients for _, clients in cases}
    clients = AIM_CLIENTS if AIM_CLIENTS in counts else max(counts)
    panels = {size: case for (size, n), case in cases.items() if n == clients}
    scale = (WIDTH - LEFT - RIGHT) / max(r["us"] for case in panels.values()
                                         for r in case.values())
    parts, y = [], 24
    people = f"{clients} clients" if clients > 1 else "one client"
    for size, case in panels.items():
        parts.append(f'<text class="title" x="{LEFT}" y="{y}">{size}-byte messages, {people}: '
                     "server CPU an echo</text>")
        y += 12
        for series in SERIES:
            parts += bar(case, series, y, scale)
            y += BAR + GAP
        y += 32
    height = y - 32
    title = f"Server CPU time for an echoed message, {people}"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-label="{title}">\n'
            f"<title>{title}</title>\n<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n")


def bar(case, series, y, scale):
    mode, suite = series
    us = case[series]["us"]
    width = us * scale
    base = y + BAR * 0.7
    times = "" if mode == "plain" else f" ({ratio(case, series):.2f}x)"
    opacity = ' fill-opacity="0.65"' if suite == "CCM-8" else ""
    yield f'<text x="{LEFT - 10}" y="{base:.0f}" text-anchor="end">{label(*series)}</text>'
    yield (f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" rx="3" '
           f'fill="{COLOURS[mode]}"{opacity}/>')
    yield (f'<text class="value" x="{LEFT + width + 8:.1f}" y="{base:.0f}">'
           f"{us:.1f} \u00b5s{times}</text>")


# The other picture: curves over places that are equally far from each other

PLOT_HEIGHT, PLOT_LEFT, PLOT_RIGHT, TOP, BOTTOM = 320, 60, 230, 40, 40


def curves(title, places, lines, text, top=None):
    """`lines`: (name, colour, a value for each place); `text` says what stands at the axis."""
    top = top or max(v for _, _, values in lines for v in values) * 1.1

    def x(i):
        return PLOT_LEFT + (WIDTH - PLOT_LEFT - PLOT_RIGHT) * i / max(len(places) - 1, 1)

    def y(value):
        return TOP + (PLOT_HEIGHT - TOP - BOTTOM) * (1 - value / top)

    parts = [f'<text class="title" x="{PLOT_LEFT}" y="24">{title}</text>']
    for i, place in enumerate(places):
        parts.append(f'<text x="{x(i):.0f}" y="{PLOT_HEIGHT - 14}" text-anchor="middle">'
                     f"{place}</text>")
    for i in range(5):
        value = top * i / 4.4
        parts.append(f'<line x1="{PLOT_LEFT}" x2="{WIDTH - PLOT_RIGHT}" y1="{y(value):.1f}" '
                     f'y2="{y(value):.1f}" stroke="#768390" stroke-opacity="0.3"/>')
        parts.append(f'<text class="value" x="{PLOT_LEFT - 8}" y="{y(value) + 5:.0f}" '
                     f'text-anchor="end">{text(value)}</text>')
    below = 0
    for name, colour, values in sorted(lines, key=lambda line: line[2][-1]):
        points = [(x(i), y(value)) for i, value in enumerate(values)]
        parts.append(f'<polyline points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in points)}" '
                     f'fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="{colour}"/>'
                  for a, b in points]
        want = points[-1][1] + 5
        below = min(want, below - 17) if below else want  # names never overlap
        parts.append(f'<text x="{WIDTH - PLOT_RIGHT + 12}" y="{below:.0f}" '
                     f'style="fill: {colour}">{name}</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {PLOT_HEIGHT}" '
            f'width="{WIDTH}" height="{PLOT_HEIGHT}" role="img" aria-label="{title}">\n'
            f"<title>{title}</title>\n<style>{STYLE}</style>\n" + "\n".join(parts)
            + "\n</svg>\n")
