import {h, number, replace, svg} from './dom.js';

/**
 * Charts as lists: each row says in words what its drawing shows, so that the drawing itself is hidden
 * from screen readers.
 */

const at = (share) => `${(100 * share).toFixed(3)}%`;

/** A rectangle from one share of the track's width to another; it glides there. */
function rect(kind, height) {
  return svg('rect', {class: kind, y: `${(100 - height) / 2}%`, height: `${height}%`, rx: '2'});
}

function move(element, from, to) {
  const low = Math.max(0, Math.min(from, to));
  const high = Math.min(1, Math.max(from, to));
  element.style.setProperty('x', at(low));
  element.style.setProperty('width', at(Math.max(high - low, 0)));
}

function mark(kind, share) {
  return svg('line', {class: kind, x1: at(share), x2: at(share), y1: '0', y2: '100%'});
}

function row(name, title, track, text, note) {
  return h(
    'li',
    {class: 'row'},
    h('span', {class: 'row-name', title}, name),
    track,
    h('span', {class: 'row-value'}, text, note ? h('span', {class: 'row-note'}, note) : null),
  );
}

/**
 * What pulls which way: bars from the middle, to the left for what is positive.
 *
 * @param rows {name, title, value, text}: the largest magnitude first
 * @param left what a positive value speaks for, at the left
 * @param right what a negative value speaks for
 */
export function diverging(label, rows, left, right) {
  const most = Math.max(...rows.map((r) => Math.abs(r.value)), 1e-9);
  return h(
    'div',
    {class: 'chart'},
    h('p', {class: 'ends', 'aria-hidden': 'true'}, h('span', {class: 'for'}, `← ${left}`), h('span', {class: 'against'}, `${right} →`)),
    h(
      'ul',
      {class: 'rows', 'aria-label': label},
      rows.map((r) => {
        const bar = rect(r.value >= 0 ? 'for' : 'against', 62);
        move(bar, 0.5, 0.5 - r.value / most / 2);
        return row(r.name, r.title, svg('svg', {class: 'track', 'aria-hidden': 'true'}, bar, mark('zero', 0.5)), r.text);
      }),
    ),
  );
}

/**
 * Bars from zero, each with a mark for what it would be without the user.
 *
 * @param rows {name, title, value, mark?, text}
 */
export function bars(label, rows) {
  const all = rows.flatMap((r) => [r.value, r.mark ?? 0]);
  const low = Math.min(...all, 0);
  const span = Math.max(...all, 0) - low || 1;
  const share = (value) => (value - low) / span;
  return h(
    'ul',
    {class: 'rows chart', 'aria-label': label},
    rows.map((r) => {
      const bar = rect('for', 62);
      move(bar, share(0), share(r.value));
      return row(
        r.name,
        r.title,
        svg(
          'svg',
          {class: 'track', 'aria-hidden': 'true'},
          bar,
          low < 0 ? mark('zero', share(0)) : null,
          r.mark === undefined ? null : mark('prior', share(r.mark)),
        ),
        r.text,
      );
    }),
  );
}

/** The experts that moved most; those that moved significantly first. */
export function movers(experts) {
  return [...experts].sort(
    (a, b) => Number(b.significant) - Number(a.significant) || Math.abs(b.shift) - Math.abs(a.shift),
  );
}

/**
 * Shifts from the prior, each in its band of uncertainty. Rows keep their place while they are shown, so
 * that one sees them move.
 */
export class Shifts {
  constructor(label, count) {
    this.count = count;
    this.rows = new Map();
    this.reach = 0;
    this.list = h('ul', {class: 'rows', 'aria-label': label});
    this.element = h(
      'div',
      {class: 'chart shifts'},
      h('p', {class: 'ends', 'aria-hidden': 'true'}, h('span', null, '← less'), h('span', null, 'more →')),
      this.list,
    );
  }

  show(experts, count = this.count) {
    this.count = count;
    const shown = movers(experts).slice(0, count);
    // Small shifts in wide bands must be seen to move: bands are cut where they are wider than this
    const reach = Math.max(...shown.flatMap((e) => [2 * Math.abs(e.shift), e.uncertainty / 4]), 1e-6);
    // Grows at once and shrinks late: a scale that trembles hides what moved
    if (reach > this.reach || reach < this.reach / 2) {
      this.reach = reach * 1.08;
    }
    const rows = shown.map((e) => this.row(e));
    // in the DOM's order, so that the reading order is the shown one
    replace(this.list, rows.map((r) => r.element));
    // After the rows are in the page, else there is nothing to glide from
    requestAnimationFrame(() => shown.forEach((e, i) => this.place(rows[i], e)));
  }

  row(expert) {
    let made = this.rows.get(expert.expert);
    if (!made) {
      const band = rect('band', 78);
      const bar = rect('for', 34);
      move(band, 0.5, 0.5);
      move(bar, 0.5, 0.5);
      const dot = h('span', {class: 'sure'});
      const value = h('span', {class: 'row-value'});
      made = {
        band,
        bar,
        dot,
        value,
        element: h(
          'li',
          {class: 'row'},
          h('span', {class: 'row-name', title: expert.description}, dot, expert.name),
          svg('svg', {class: 'track', 'aria-hidden': 'true'}, band, bar, mark('zero', 0.5)),
          value,
        ),
      };
      this.rows.set(expert.expert, made);
    }
    made.dot.textContent = expert.significant ? '● ' : '';
    made.dot.title = expert.significant ? 'Significant: more than labels at random would move it' : '';
    replace(
      made.value,
      number(expert.shift, 3, true),
      h(
        'span',
        {class: 'row-note'},
        `± ${number(expert.uncertainty, 3)}`,
        h('span', {class: 'unseen'}, `, prior ${number(expert.prior, 3)}, now ${number(expert.weight, 3)}${expert.significant ? ', significant' : ''}`),
      ),
    );
    return made;
  }

  place(made, expert) {
    const share = (value) => 0.5 + value / this.reach / 2;
    made.bar.setAttribute('class', expert.shift >= 0 ? 'for' : 'against');
    move(made.band, share(expert.shift - expert.uncertainty), share(expert.shift + expert.uncertainty));
    move(made.bar, 0.5, share(expert.shift));
  }
}

/**
 * Values that hold until the next step.
 *
 * @param series {name, values: one per step}; at most four
 * @param steps names of the steps, as many as values
 */
export function steps(label, series, stepNames) {
  const all = series.flatMap((s) => s.values).concat(0);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const pad = (high - low || 1) * 0.08;
  const bottom = low - pad;
  const span = high + pad - bottom;
  const n = stepNames.length;
  const x = (i) => (1000 * i) / n;
  const y = (v) => 300 * (1 - (v - bottom) / span);
  const lines = series.map((s, index) => {
    const path = s.values.map((v, i) => `${i === 0 ? 'M' : 'L'}${x(i)} ${y(v)} H${x(i + 1)}`).join(' ');
    return svg('path', {class: `line line-${index}`, d: path, 'vector-effect': 'non-scaling-stroke'});
  });
  return h(
    'figure',
    {class: 'steps'},
    h(
      'div',
      {class: 'plot'},
      h('span', {class: 'y-high', 'aria-hidden': 'true'}, number(high, 2, true)),
      h('span', {class: 'y-low', 'aria-hidden': 'true'}, number(low, 2, true)),
      svg(
        'svg',
        {viewBox: '0 0 1000 300', preserveAspectRatio: 'none', role: 'img', 'aria-label': `${label}: ${series.map((s) => `${s.name} ${number(s.values[0], 3, true)} to ${number(s.values.at(-1), 3, true)}`).join(', ')}`},
        svg('line', {class: 'zero', x1: '0', x2: '1000', y1: y(0), y2: y(0), 'vector-effect': 'non-scaling-stroke'}),
        lines,
      ),
    ),
    h('p', {class: 'x-names', 'aria-hidden': 'true'}, h('span', null, stepNames[0]), n > 1 ? h('span', null, stepNames.at(-1)) : null),
    h(
      'figcaption',
      null,
      h(
        'ul',
        {class: 'legend'},
        series.map((s, index) =>
          h(
            'li',
            null,
            svg('svg', {class: 'swatch', 'aria-hidden': 'true'}, svg('line', {class: `line line-${index}`, x1: '0', x2: '100%', y1: '50%', y2: '50%'})),
            h('span', null, s.name),
            h('b', null, number(s.values.at(-1), 3, true)),
          ),
        ),
      ),
    ),
  );
}

/** From one value to another, on a scale of shares. */
export function slopes(label, rows, low, high) {
  const share = (v) => Math.min(Math.max((v - low) / (high - low), 0.004), 0.996);
  return h(
    'ul',
    {class: 'rows chart slopes', 'aria-label': label},
    rows.map((r) =>
      row(
        r.name,
        r.title,
        svg(
          'svg',
          {class: 'track', 'aria-hidden': 'true'},
          svg('line', {class: 'rail', x1: '0', x2: '100%', y1: '50%', y2: '50%'}),
          mark('zero', share(0.5)),
          svg('line', {class: 'gain', x1: at(share(r.from)), x2: at(share(r.to)), y1: '50%', y2: '50%'}),
          svg('circle', {class: 'from', cx: at(share(r.from)), cy: '50%', r: '5'}),
          svg('circle', {class: 'to', cx: at(share(r.to)), cy: '50%', r: '5'}),
        ),
        r.text,
      ),
    ),
  );
}

/**
 * Values by epoch, a line a run.
 *
 * @param series {name, points: [{x, y, ring}]}: the one that matters first
 * @param xText names a place on the x axis
 * @param yText writes a value
 */
export function lines(label, series, xText, yText) {
  const shown = series.filter((s) => s.points.length > 0);
  const all = shown.flatMap((s) => s.points);
  const low = Math.min(...all.map((p) => p.y));
  const high = Math.max(...all.map((p) => p.y));
  const first = Math.min(...all.map((p) => p.x));
  const last = Math.max(...all.map((p) => p.x));
  const span = high - low || 1;
  const x = (v) => `${(last === first ? 50 : 2 + (96 * (v - first)) / (last - first)).toFixed(2)}%`;
  const y = (v) => `${(high === low ? 50 : 94 - (88 * (v - low)) / span).toFixed(2)}%`;
  const style = (index) => `line line-${index === 0 ? 0 : 1 + ((index - 1) % 3)}`;
  const ringOf = (s) => s.points.find((p) => p.ring) ?? s.points.at(-1);
  return h(
    'figure',
    {class: 'lines'},
    h('figcaption', null, label),
    h(
      'div',
      {class: 'plot'},
      h('span', {class: 'y-high', 'aria-hidden': 'true'}, yText(high)),
      h('span', {class: 'y-low', 'aria-hidden': 'true'}, yText(low)),
      svg(
        'svg',
        {role: 'img', 'aria-label': `${label}, ${shown.map((s) => `${s.name}: ${yText(s.points[0].y)} at first, ${yText(ringOf(s).y)} kept`).join('; ')}`},
        // the first one lies on top
        shown.toReversed().map((s, i) => {
          const kind = style(shown.length - 1 - i);
          return [
            s.points.slice(1).map((p, j) => svg('line', {class: kind, x1: x(s.points[j].x), y1: y(s.points[j].y), x2: x(p.x), y2: y(p.y)})),
            svg('circle', {class: `ring ${kind}`, cx: x(ringOf(s).x), cy: y(ringOf(s).y), r: '5'}),
          ];
        }),
      ),
    ),
    h('p', {class: 'x-names', 'aria-hidden': 'true'}, h('span', null, xText(first)), last > first ? h('span', null, xText(last)) : null),
    h(
      'ul',
      {class: 'legend'},
      shown.map((s, index) =>
        h(
          'li',
          null,
          svg('svg', {class: 'swatch', 'aria-hidden': 'true'}, svg('line', {class: style(index), x1: '0', x2: '100%', y1: '50%', y2: '50%'})),
          h('span', null, s.name),
          h('b', null, yText(ringOf(s).y)),
        ),
      ),
    ),
  );
}

/**
 * Accuracy by confidence, and the line where they are the same.
 *
 * @param bins {share, confidence, accuracy}, the least confident first
 */
export function reliability(label, name, note, bins) {
  const x = (confidence) => 4 + 192 * (confidence - 0.5) * 2;
  const y = (accuracy) => 196 - 192 * accuracy;
  const said = bins.map((b) => `${(100 * b.confidence).toFixed(0)} % sure, ${(100 * b.accuracy).toFixed(0)} % right`).join('; ');
  return h(
    'figure',
    {class: 'reliability'},
    svg(
      'svg',
      {viewBox: '0 0 200 200', role: 'img', 'aria-label': `Calibration on ${label}: ${said}`},
      svg('rect', {class: 'frame', x: '4', y: '4', width: '192', height: '192'}),
      svg('line', {class: 'zero', x1: x(0.5), y1: y(0.5), x2: x(1), y2: y(1)}),
      bins.slice(1).map((b, i) => svg('line', {class: 'line line-0', x1: x(bins[i].confidence), y1: y(bins[i].accuracy), x2: x(b.confidence), y2: y(b.accuracy)})),
      bins.map((b) => svg('circle', {class: 'to', cx: x(b.confidence), cy: y(b.accuracy), r: Math.max(2, 18 * Math.sqrt(b.share)).toFixed(1)})),
    ),
    h('figcaption', null, h('b', null, name), h('span', {class: 'row-note'}, note)),
  );
}
