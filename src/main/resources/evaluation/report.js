"use strict";

const report = JSON.parse(document.getElementById("report").textContent);
const OURS = "Palate";
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const charts = [];

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const number = (x, digits = 3) => x.toFixed(digits);
const signed = x => (x > 0 ? "+" : x < 0 ? "\u2212" : "\u00b1") + Math.abs(x).toFixed(3);
const unique = list => [...new Set(list)];

/* ---- elements ---- */

function element(tag, parent, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  parent.append(made);
  return made;
}

function figureText(figure, show = number) {
  return figure.low === null ? show(figure.value)
    : `${show(figure.value)} [${show(figure.low)}, ${show(figure.high)}]`;
}

function cell(row, figure, show = number, judged = false) {
  const td = element("td", row, show(figure.value));
  if (figure.low !== null) element("small", td, ` [${show(figure.low)}, ${show(figure.high)}]`);
  if (judged && figure.low > 0) td.className = "rise";
  if (judged && figure.high !== null && figure.high < 0) td.className = "fall";
}

function table(parent, columns) {
  const made = element("table", element("div", parent, undefined, "scroll"));
  const head = element("tr", element("thead", made));
  columns.forEach(name => element("th", head, name));
  return element("tbody", made);
}

/* A chart is drawn by a function of the colours, so that it can be drawn again when these change. */
function chart(parent, title, note, options, className = "") {
  const figure = element("figure", parent);
  const caption = element("figcaption", figure, title);
  if (note) element("small", caption, note);
  const box = element("div", figure, undefined, "chart " + className);
  const drawn = { instance: echarts.init(box, null, { renderer: "svg" }), options };
  charts.push(drawn);
  return drawn;
}

function colours() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  return {
    dark,
    text: css("--text"), quiet: css("--quiet"), line: css("--line"), ground: css("--ground"),
    ours: css("--ours"), good: css("--good"), bad: css("--bad"),
    others: dark
      ? ["#f0a35e", "#7ed0a7", "#d59bf0", "#f28b8b", "#d9c45b", "#7fc9e8", "#c0a58a", "#e8ecf2", "#e79bc0", "#a7c957", "#b8b8b8"]
      : ["#c2571a", "#1b8a5a", "#8e44ad", "#c0392b", "#9a7d0a", "#0f7ea3", "#7a5c3e", "#2b3440", "#b03a7a", "#5d8a00", "#777777"],
  };
}

function drawAll() {
  const c = colours();
  charts.forEach(({ instance, options }) => instance.setOption(
    { animation: false, textStyle: { color: c.text, fontFamily: FONT }, ...options(c) }, true));
}

const axis = (c, name, more) => ({
  name, nameLocation: "middle", nameTextStyle: { color: c.quiet },
  axisLine: { lineStyle: { color: c.line } }, axisTick: { show: false },
  axisLabel: { color: c.quiet }, splitLine: { lineStyle: { color: c.line, opacity: .6 } }, ...more,
});

const tooltip = (c, more) => ({
  backgroundColor: c.ground, borderColor: c.line, textStyle: { color: c.text, fontSize: 12 },
  confine: true, ...more,
});

/* ---- the headline ---- */

function headline(parent, section) {
  const body = table(parent, ["data set", "labels", "users", "without labels", "with labels",
    "gain", "worst tenth", "log-loss", "best other rule"]);
  section.accuracy.filter(a => a.rule === OURS).forEach(all => {
    const row = element("tr", body, undefined, "first");
    element("td", row, all.dataset);
    element("td", row, `all ${all.pairs} pairs`);
    element("td", row, all.user_accuracy === null ? "none" : String(all.user_accuracy.n));
    cell(row, all.accuracy);
    ["", "", ""].forEach(empty => element("td", row, empty));
    element("td", row, number(all.log_loss.value));
    best(row, section.accuracy.filter(a => a.dataset === all.dataset), a => a.accuracy.value);
    section.curves.filter(p => p.dataset === all.dataset && p.rule === OURS).forEach(p => {
      const line = element("tr", body);
      element("td", line, "");
      element("td", line, String(p.shown));
      element("td", line, String(p.users));
      element("td", line, number(p.unadapted.value));
      cell(line, p.adapted);
      cell(line, p.gain, signed, true);
      element("td", line, signed(p.worst_decile.value));
      element("td", line, `${number(p.log_loss_unadapted.value)} \u2192 ${number(p.log_loss_adapted.value)}`);
      best(line, section.curves.filter(o => o.dataset === p.dataset && o.shown === p.shown),
        o => o.adapted.value);
    });
  });
}

function best(row, candidates, value) {
  const others = candidates.filter(o => o.rule !== OURS).sort((a, b) => value(b) - value(a));
  const td = element("td", row, others.length ? number(value(others[0])) + " " : "");
  if (others.length) element("small", td, others[0].rule);
}

/* ---- learning curves ---- */

function learningCurves(parent, section) {
  unique(section.curves.map(p => p.dataset)).forEach(dataset => {
    const points = section.curves.filter(p => p.dataset === dataset);
    const shown = unique(points.map(p => p.shown));
    const users = shown.map(n => points.find(p => p.shown === n).users);
    element("h3", parent, dataset);
    const pair = element("div", parent, undefined, "charts");
    chart(pair, "Accuracy", "mean over unseen users; band: 95 % interval of Palate; users at each n below it",
      c => curve(c, points, shown, users, p => p.adapted, true), "tall");
    const adapting = points.filter(p => report.rules.some(r => r.name === p.rule && r.adapts));
    chart(pair, "Worst tenth of users", "mean gain of those who gain least: with labels less without",
      c => curve(c, adapting, shown, users, p => p.worst_decile, false), "tall");
  });
}

function curve(c, points, shown, users, figure, withStart) {
  const rules = unique(points.map(p => p.rule));
  const at = (rule, n) => points.find(p => p.rule === rule && p.shown === n);
  const values = (rule, pick) => shown.map(n => { const p = at(rule, n); return p ? pick(p) : null; });
  const names = report.rules.map(r => r.name).filter(name => name !== OURS);
  const series = rules.map(rule => ({
    name: rule, type: "line", data: values(rule, p => figure(p).value), connectNulls: false,
    symbol: "circle", symbolSize: rule === OURS ? 7 : 4, z: rule === OURS ? 10 : 3,
    lineStyle: { width: rule === OURS ? 3 : 1.4 },
    color: rule === OURS ? c.ours : c.others[names.indexOf(rule) % c.others.length],
  }));
  if (withStart) {
    series.push({
      name: "Palate without labels", type: "line", data: values(OURS, p => p.unadapted.value),
      symbol: "none", z: 9, lineStyle: { width: 2, type: "dashed" }, color: c.ours,
    });
  }
  const low = values(OURS, p => figure(p).low);
  const high = values(OURS, p => figure(p).high);
  const heights = [...series.flatMap(s => s.data), ...low, ...high].filter(v => v !== null);
  const room = (Math.max(...heights) - Math.min(...heights)) * .04 || .01;
  series.push(...band(c, low, high));
  return {
    grid: { left: 62, right: 34, top: 12, bottom: 118 },
    legend: {
      bottom: 0, data: series.filter(s => s.type === "line").map(s => s.name), icon: "roundRect",
      itemWidth: 14, itemHeight: 3, textStyle: { color: c.quiet, fontSize: 12 },
      itemGap: 10,
    },
    tooltip: tooltip(c, {
      trigger: "axis", order: "valueDesc",
      formatter: hits => tip(hits, shown, users, rule => n => { const p = at(rule, n); return p && figure(p); }, withStart),
    }),
    xAxis: axis(c, "choices shown", {
      type: "category", data: shown.map((n, i) => `${n}\n${users[i]} users`), nameGap: 42, boundaryGap: false,
      axisLabel: { color: c.quiet, lineHeight: 15, fontSize: 11 },
    }),
    yAxis: axis(c, "", {
      type: "value", min: Math.min(...heights) - room, max: Math.max(...heights) + room,
      axisLabel: { color: c.quiet, formatter: x => x.toFixed(3), showMinLabel: false, showMaxLabel: false },
    }),
    series,
  };
}

function tip(hits, shown, users, figure, withStart) {
  const i = hits[0].dataIndex;
  const lines = hits.filter(h => h.seriesType === "line" && h.value !== null && h.value !== undefined)
    .sort((a, b) => b.value - a.value)
    .map(h => {
      const f = withStart && h.seriesName === "Palate without labels" ? null : figure(h.seriesName)(shown[i]);
      return `${h.marker}${h.seriesName} <b>${f ? figureText(f) : number(h.value)}</b>`;
    });
  return `${shown[i]} choices, ${users[i]} users<br>${lines.join("<br>")}`;
}

/* A filled shape between two lines. */
function band(c, low, high) {
  const whole = low.map((l, i) => ({ i, l, h: high[i] })).filter(p => p.l !== null && p.h !== null);
  if (whole.length < 2) return [];
  return [{
    name: "interval", type: "custom", z: 1, silent: true, tooltip: { show: false }, data: [0],
    renderItem: (params, api) => ({
      type: "polygon",
      shape: {
        points: [...whole.map(p => api.coord([p.i, p.h])), ...whole.slice().reverse().map(p => api.coord([p.i, p.l]))],
      },
      style: { fill: c.ours, opacity: .14 },
    }),
    encode: { x: -1, y: -1 },
  }];
}

/* ---- calibration ---- */

function calibration(parent, section) {
  const grid = element("div", parent, undefined, "charts");
  unique(section.calibration.map(e => e.dataset)).forEach(dataset => {
    const entries = section.calibration.filter(e => e.dataset === dataset);
    const adapted = entries.filter(e => e.state !== "all pairs");
    const drawn = adapted.length ? adapted : entries;
    const note = drawn.map(e => `${label(e)}: error ${figureText(e.error)}`).join("; ");
    chart(grid, dataset, note, c => reliability(c, drawn));
  });
}

const label = entry => entry.state === "after" ? `with ${entry.shown} labels`
  : entry.state === "before" ? "without labels" : "all pairs";

function reliability(c, entries) {
  return {
    grid: { left: 58, right: 14, top: 12, bottom: 74 },
    legend: { bottom: 0, textStyle: { color: c.quiet }, itemWidth: 14, itemHeight: 8 },
    tooltip: tooltip(c, {
      trigger: "item",
      formatter: h => h.seriesName === "perfect" ? "" :
        `${h.seriesName}<br>confidence ${number(h.value[0])}, right ${number(h.value[1])}<br>${(100 * h.value[2]).toFixed(1)} % of the pairs`,
    }),
    xAxis: axis(c, "confidence", { type: "value", min: .5, max: 1, nameGap: 26 }),
    yAxis: axis(c, "", { type: "value", min: extent(entries), max: 1, axisLabel: { color: c.quiet, formatter: x => x.toFixed(1) } }),
    series: [
      { name: "perfect", type: "line", data: [[.5, .5], [1, 1]], symbol: "none", silent: true, color: c.quiet, lineStyle: { type: "dotted", width: 1.5 } },
      ...entries.map(e => ({
        name: label(e), type: "line", color: e.state === "before" ? c.quiet : c.ours,
        data: e.bins.map(b => [b.confidence, b.accuracy, b.share]),
        symbol: "circle", symbolSize: value => 5 + 22 * Math.sqrt(value[2]), itemStyle: { opacity: .75 },
        lineStyle: { width: 1.6 },
      })),
    ],
  };
}

const extent = entries => Math.min(.4, ...entries.flatMap(e => e.bins).map(b => Math.floor(b.accuracy * 10) / 10));

/* ---- matrices and shifts ---- */

const NAME_WIDTH = 215;

const nameLabel = c => ({ color: c.text, fontSize: 11, interval: 0, width: NAME_WIDTH, overflow: "truncate" });

function heatMap(parent, { title, note, rows, columns, values }) {
  const cells = values.flatMap((row, y) => row.map((value, x) => [x, y, value]));
  const all = cells.map(v => v[2]).filter(Number.isFinite);
  const low = Math.min(0, ...all);
  const high = Math.max(...all);
  const drawn = chart(parent, title, note, c => ({
    grid: { left: NAME_WIDTH + 14, right: 10, top: 10, bottom: 190 },
    tooltip: tooltip(c, {
      formatter: h => `${rows[h.value[1]]}<br>${columns[h.value[0]]}<br><b>${number(h.value[2])}</b>`,
    }),
    visualMap: {
      min: low, max: high, calculable: false, orient: "horizontal", left: "center", bottom: 0, precision: 2,
      textStyle: { color: c.quiet }, itemHeight: 160, itemWidth: 10,
      inRange: { color: low < 0 ? [c.bad, c.ground, c.ours] : [c.ground, c.ours] },
      text: [number(high, 2), number(low, 2)],
    },
    xAxis: axis(c, "", { type: "category", data: columns, axisLabel: { color: c.quiet, rotate: 40, fontSize: 11, interval: 0, width: 190, overflow: "truncate" } }),
    yAxis: axis(c, "", { type: "category", data: rows, inverse: true, axisLabel: nameLabel(c) }),
    series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: c.ground, borderWidth: 1 } }],
  }));
  drawn.instance.getDom().style.height = `${200 + 22 * rows.length}px`;
  drawn.instance.resize();
}

function shiftPlot(parent, { title, labels, experts, shift, uncertainty, significant }) {
  const order = shift.map((_, i) => i).sort((a, b) => shift[a] - shift[b]);
  const drawn = chart(parent, title,
    `${labels} labels; whisker: one standard deviation; full colour: outside the null band of random labels`,
    c => ({
      grid: { left: NAME_WIDTH + 14, right: 20, top: 8, bottom: 24 },
      tooltip: tooltip(c, {
        trigger: "axis", axisPointer: { type: "none" },
        formatter: hits => { const i = order[hits[0].dataIndex]; return `${experts[i]}<br><b>${signed(shift[i])}</b> \u00b1 ${number(uncertainty[i])}`; },
      }),
      xAxis: axis(c, "", { type: "value" }),
      yAxis: axis(c, "", { type: "category", data: order.map(i => experts[i]), splitLine: { show: false }, axisLabel: nameLabel(c) }),
      series: [
        {
          type: "bar", barWidth: "55%",
          data: order.map(i => ({ value: shift[i], itemStyle: { color: shift[i] < 0 ? c.bad : c.ours, opacity: significant[i] ? 1 : .3 } })),
        },
        {
          type: "custom", silent: true, data: order.map((i, at) => [at, shift[i] - uncertainty[i], shift[i] + uncertainty[i]]),
          encode: { x: [1, 2], y: 0 },
          renderItem: (params, api) => {
            const from = api.coord([api.value(1), api.value(0)]);
            const to = api.coord([api.value(2), api.value(0)]);
            return { type: "line", shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: { stroke: c.quiet, lineWidth: 1.2 } };
          },
        },
      ],
    }));
  drawn.instance.getDom().style.height = `${Math.max(200, 60 + 21 * experts.length)}px`;
  drawn.instance.resize();
}

/* ---- every rule ---- */

function everyRule(parent, section) {
  const datasets = unique(section.accuracy.map(a => a.dataset));
  const body = table(parent, ["rule", ...datasets]);
  report.rules.forEach(rule => {
    const row = element("tr", body);
    element("td", row, rule.name);
    datasets.forEach(dataset => {
      const found = section.accuracy.find(a => a.dataset === dataset && a.rule === rule.name);
      if (found) cell(row, found.accuracy); else element("td", row, "");
    });
  });
}

function part(title, note) {
  const parent = element("section", document.getElementById("sections"));
  element("h2", parent, title);
  if (note) element("p", parent, note, "note");
  return parent;
}

function measured(section, suffix) {
  if (section.curves.length) {
    learningCurves(part("Learning curves" + suffix,
      "Unseen users show n whole choices, the rest of their pairs is judged; each user counts once. Who has too few choices is left out, so the users differ from n to n: compare a line with the dashed one, which is the same users and pairs."), section);
  }
  calibration(part("Calibration" + suffix,
    "How sure Palate is of the response it ranks first, against how often that is the chosen one. A dot's area is the share of pairs it stands for."), section);
}

/* ---- the page ---- */

const { bundle, settings } = report;
document.getElementById("bundle").textContent = bundle.name;
document.title = `Palate: evaluation of ${bundle.name}`;
document.getElementById("summary").textContent =
  `Version ${bundle.version || "not written"}, ${bundle.experts} experts of which ${bundle.top_m} are mixed; `
  + `${settings.draws} draws of each user's labels, ${settings.resamples} resamples, seed ${settings.seed}.`;
report.notes.forEach(note => element("li", document.getElementById("notes"), note));

headline(part("Headline", "Accuracy of Palate on test pairs, and for users it has never seen before and after they show some choices. Green: the whole interval is above zero."), report.test);
measured(report.test, "");
if (report.rules.length > 1) {
  everyRule(part("Every rule without labels", "Accuracy over all test pairs of a data set."), report.test);
}
if (report.unseen_contexts) {
  const held = report.unseen_contexts;
  const parent = part("Unseen prompts or debates", "Heads trained anew without a fifth of the contexts (of the prompts, where a data set has few contexts); test users are judged on these alone. Held out: "
    + held.contexts.map(p => `${p.dataset} ${p.held_out} of ${p.of} ${p.kind}s`).join(", ") + ".");
  headline(parent, held.section);
  measured(held.section, ", unseen prompts or debates");
}
if (report.heat_maps.length) {
  const parent = part("Experts");
  report.heat_maps.forEach(map => heatMap(parent, map));
}
if (report.shifts.length) {
  const grid = element("div", part("How some users differ", "The shift of a user's weights from the router's, expert by expert."), undefined, "charts");
  report.shifts.forEach(shift => shiftPlot(grid, shift));
}

drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
addEventListener("resize", () => charts.forEach(drawn => drawn.instance.resize()));
