"""Draws how time and memory grow with the number of tenants, as SVG, both axes logarithmic."""

import math

LEFT, TOP, WIDTH, HEIGHT, GAP = 70, 50, 360, 280, 110
TIMES = [("plan_s", "plan, in sync", "#1f77b4"), ("reading_floor_s", "reading floor", "#7f7f7f"),
         ("sql_diff_s", "diff in SQL", "#2ca02c"), ("apply_s", "apply, all missing", "#d62728"),
         ("one_statement_s", "one statement", "#ff9896"), ("legacy_s", "apply, all legacy", "#9467bd"),
         ("nightly_s", "apply, 0.1 % drift", "#17becf")]
MEMORY = [("plan_rss_kib", "plan, in sync", "#1f77b4"), ("apply_rss_kib", "apply, all missing", "#d62728"),
          ("legacy_rss_kib", "apply, all legacy", "#9467bd"), ("nightly_rss_kib", "apply, 0.1 % drift", "#17becf")]


class Panel:
    """A square of paper whose axes run over whole decades."""

    def __init__(self, left, title, curves):
        self.left, self.title, self.curves = left, title, curves
        points = [point for _, _, line in curves for point in line]
        self.x = self.decades([x for x, _ in points])
        self.y = self.decades([y for _, y in points])

    @staticmethod
    def decades(values):
        low = math.floor(math.log10(min(values)))
        return low, max(low + 1, math.ceil(math.log10(max(values))))

    def at(self, x, y):
        return (self.left + WIDTH * (math.log10(x) - self.x[0]) / (self.x[1] - self.x[0]),
                TOP + HEIGHT * (1 - (math.log10(y) - self.y[0]) / (self.y[1] - self.y[0])))

    def draw(self):
        yield f'<text x="{self.left}" y="{TOP - 20}" font-weight="bold">{self.title}</text>'
        yield from self.grid()
        for place, (name, color, line) in enumerate(self.curves):
            where = [self.at(*point) for point in line]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in where)
            yield f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>'
            for x, y in where:
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>'
            yield (f'<text x="{self.left}" y="{TOP + HEIGHT + 45 + 18 * place}" fill="{color}">'
                   f'{name}: {line[-1][1]:.3g} at {line[-1][0]:,}</text>')

    def grid(self):
        (x0, x1), (y0, y1) = self.x, self.y
        for power in range(x0, x1 + 1):
            x, bottom = self.at(10 ** power, 10 ** y0)
            yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom:.1f}" stroke="#ddd"/>'
            yield f'<text x="{x:.1f}" y="{bottom + 18:.1f}" text-anchor="middle">{10 ** power:,}</text>'
        for power in range(y0, y1 + 1):
            left, y = self.at(10 ** x0, 10 ** power)
            yield f'<line x1="{left:.1f}" y1="{y:.1f}" x2="{left + WIDTH:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
            yield f'<text x="{left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{10.0 ** power:g}</text>'


def curves_of(samples, wanted, scale=1.0):
    curves = []
    for measure, name, color in wanted:
        line = [(tenants, samples.of(measure, tenants) * scale) for tenants in samples.sizes()
                if tenants >= 1000 and (measure, tenants) in samples.values]
        if line:
            curves.append((name, color, line))
    return curves


def draw(samples, path):
    titles = [("seconds over tenants", curves_of(samples, TIMES)),
              ("peak memory in MiB over tenants", curves_of(samples, MEMORY, 1 / 1024))]
    panels = [Panel(LEFT + place * (WIDTH + GAP), title, curves)
              for place, (title, curves) in enumerate(titles) if curves]
    width, height = 2 * (LEFT + WIDTH) + GAP, TOP + HEIGHT + 60 + 18 * len(TIMES)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
                   'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n')
        for panel in panels:
            file.write("\n".join(panel.draw()) + "\n")
        file.write("</svg>\n")
