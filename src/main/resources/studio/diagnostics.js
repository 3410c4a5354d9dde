import {lines, reliability} from './charts.js';
import {h, newId, number, percent, plural, replace} from './dom.js';
import {table} from './parts.js';

/** What a bundle's diagnostics show: how it was trained, how sure it is, what its experts do where. */

const NONE =
  'The serving bundle holds no diagnostics: it was packed, or trained by an older Palate. “palate evaluate --write-diagnostics” measures them.';

/** An expert with less than this in every domain is not shown at first. */
const LEAST = 0.1;

export function noDiagnostics() {
  return h('p', {class: 'small none'}, NONE);
}

// Learning curves

const STAGES = {head: 'Router and experts', fine_tuning: 'Fine-tuning, the encoder too'};

export function learning(curves) {
  if (curves.length === 0) {
    return h(
      'section',
      {class: 'panel', 'aria-label': 'Learning curves'},
      h('h2', null, 'Learning curves'),
      h('p', {class: 'small none'}, 'Not kept of this bundle’s training: it was packed, or trained by an older Palate.'),
    );
  }
  return h(
    'section',
    {class: 'panel', 'aria-label': 'Learning curves'},
    h('h2', null, 'Learning curves'),
    h('p', {class: 'small'}, 'At each epoch’s end, on validation pairs as served; the objective is that of training. The ring is the epoch that is kept of a run.'),
    Object.keys(STAGES).map((stage) => {
      const runs = curves.filter((c) => c.stage === stage);
      return runs.length === 0 ? null : [h('h3', null, STAGES[stage]), stageOf(stage, runs)];
    }),
    h(
      'details',
      null,
      h('summary', null, 'All numbers'),
      table(
        'Every epoch of every run',
        ['Run', {text: 'Epoch', right: true}, {text: 'Objective', right: true}, {text: 'Log-loss', right: true}, {text: 'Accuracy', right: true}],
        curves.flatMap((c) =>
          c.epochs.map((e) => [
            runName(c),
            e.epoch === c.kept_epoch ? `${e.epoch}, kept` : e.epoch,
            number(e.objective, 4),
            number(e.log_loss, 4),
            percent(e.accuracy, 1),
          ]),
        ),
      ),
    ),
  );
}

function runName(curve) {
  const name = curve.stage === 'head' ? `Seed ${curve.seed}` : `Fine-tuning, seed ${curve.seed}`;
  return curve.kept ? `${name}, in the bundle` : name;
}

function stageOf(stage, runs) {
  const ordered = [...runs].sort((a, b) => Number(b.kept) - Number(a.kept) || a.seed - b.seed);
  return h(
    'div',
    {class: 'figures'},
    [
      ['Validation log-loss', (e) => e.log_loss, (v) => number(v, 3)],
      ['Validation accuracy', (e) => e.accuracy, (v) => percent(v, 1)],
      ['Objective', (e) => e.objective, (v) => number(v, 3)],
    ].map(([name, of, text]) =>
      lines(
        name,
        ordered.map((run) => ({
          name: runName(run),
          points: run.epochs.filter((e) => of(e) !== undefined).map((e) => ({x: e.epoch, y: of(e), ring: e.epoch === run.kept_epoch})),
        })),
        (x) => (x === 0 ? 'Frozen' : `Epoch ${x}`),
        text,
      ),
    ),
  );
}

// Calibration

export function calibration(curves) {
  const splits = ['test', 'validation'].filter((split) => curves.some((c) => c.split === split));
  return h(
    'section',
    {class: 'panel', 'aria-label': 'Calibration'},
    h('h2', null, 'Calibration'),
    h(
      'p',
      {class: 'small'},
      'How sure the model is (across, 50 to 100 %) against how often it is right (up, 0 to 100 %), for anyone. On the line it is as right as it is sure; a disc’s area is its share of the pairs.',
    ),
    splits.map((split, index) => {
      const grid = h(
        'div',
        {class: 'figures squares'},
        curves
          .filter((c) => c.split === split)
          .sort((a, b) => b.pairs - a.pairs)
          .map((c) => reliability(`${c.dataset}, ${split} data`, c.dataset, `${plural(c.pairs, 'pair')}, error ${percent(c.error, 1)}`, c.bins)),
      );
      return index === 0
        ? [h('h3', null, `On ${split} data`), grid]
        : h('details', null, h('summary', null, `On ${split} data`), grid);
    }),
    h(
      'details',
      null,
      h('summary', null, 'All numbers'),
      table(
        'Every bin; “error” is the expected calibration error of its data',
        ['Data', 'Split', {text: 'Error', right: true}, {text: 'Sure by', right: true}, {text: 'Share', right: true}, {text: 'Confidence', right: true}, {text: 'Accuracy', right: true}],
        curves.flatMap((c) =>
          c.bins.map((b) => [c.dataset, c.split, percent(c.error, 1), `${percent(b.low)} to ${percent(b.high)}`, percent(b.share, 1), percent(b.confidence, 1), percent(b.accuracy, 1)]),
        ),
      ),
    ),
  );
}

// Experts by domain

export function routingMap(diagnostics, experts) {
  return matrix(diagnostics, experts, {
    title: 'Routing map',
    lead: 'Mean routing weight of each expert in each domain, in percent, over held-out pairs. A row sums to 100. Domains that one expert leads stand together.',
    of: (domain, expert) => domain.routing[expert],
    heat: (share) => Math.sqrt(share),
    says: (share) => `${percent(share, 1)} of the routing`,
  });
}

export function specialization(diagnostics, experts) {
  return matrix(diagnostics, experts, {
    title: 'Specialization',
    lead:
      'Of a domain’s held-out pairs, the percentage that an expert alone orders as labelled; 50 is chance. Selectivity is its accuracy in its best domain less the mean of the others, in points.',
    of: (domain, expert) => domain.accuracy[expert],
    heat: (share) => (share - 0.5) * 4,
    says: (share) => `${percent(share, 1)} right`,
    foot: diagnostics.selectivity,
  });
}

function matrix(diagnostics, experts, kind) {
  const {domains} = diagnostics;
  const all = domains[0].routing.map((_, expert) => expert);
  const used = all.filter((expert) => domains.some((d) => d.routing[expert] >= LEAST));
  const names = new Map(experts.map((card) => [card.expert, card.name]));
  const place = h('div');
  const note = h('p', {class: 'small', role: 'status'});
  const button = h('button', {type: 'button', onclick: () => draw(!open)});
  let open = false;

  function draw(whole) {
    open = whole;
    button.textContent = open ? `The ${used.length} most used` : `All ${all.length}`;
    note.textContent = open
      ? plural(all.length, 'expert')
      : `${plural(used.length, 'expert')} of ${all.length}: those with ${percent(LEAST)} of the routing in some domain`;
    replace(place, grid(domains, open ? all : used, names, kind));
  }

  draw(used.length === 0);
  return h(
    'section',
    {class: 'gap', 'aria-label': kind.title},
    h('h2', null, kind.title),
    h('p', {class: 'small'}, kind.lead),
    h('div', {class: 'panel gap heat'}, place, h('div', {class: 'end'}, note, used.length > 0 && used.length < all.length ? button : null)),
  );
}

function grid(domains, shown, names, kind) {
  const id = newId('matrix');
  const expert = (k) => `expert ${k}${names.has(k) ? `, ${names.get(k)}` : ''}`;
  return h(
    'div',
    {class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': id},
    h(
      'table',
      null,
      h('caption', {id, class: 'unseen'}, `${kind.title}: domains by experts`),
      h(
        'thead',
        null,
        h('tr', null, h('th', {scope: 'col'}, 'Domain'), shown.map((k) => h('th', {scope: 'col', title: expert(k)}, h('span', {class: 'unseen'}, 'Expert '), String(k), h('span', {class: 'unseen'}, names.has(k) ? `, ${names.get(k)}` : '')))),
      ),
      h(
        'tbody',
        null,
        domains.map((domain) =>
          h(
            'tr',
            null,
            h('th', {scope: 'row', title: plural(domain.pairs, 'pair')}, domain.name),
            shown.map((k) => {
              const share = kind.of(domain, k);
              const heat = Math.min(1, Math.max(-1, kind.heat(share)));
              return h(
                'td',
                {
                  class: heat < 0 ? 'cold' : 'hot',
                  style: {'--heat': `${(100 * Math.abs(heat)).toFixed(0)}%`},
                  title: `${domain.name}: ${expert(k)}, ${kind.says(share)}`,
                },
                (100 * share).toFixed(0),
              );
            }),
          ),
        ),
      ),
      kind.foot?.length
        ? h(
            'tfoot',
            null,
            h('tr', null, h('th', {scope: 'row'}, 'Selectivity'), shown.map((k) => h('td', {title: `${expert(k)}: selectivity ${number(100 * kind.foot[k], 1, true)} points`}, number(100 * kind.foot[k], 0)))),
          )
        : null,
    ),
  );
}
