import {api} from './api.js';
import {noDiagnostics, routingMap, specialization} from './diagnostics.js';
import {h, number, percent, plural, replace, svg} from './dom.js';
import {empty, field, heading, load} from './parts.js';

const UNNAMED = 'No domain';

const NO_TEXTS =
  'Their ids in the training data; the bundle keeps no texts. “palate train --keep-example-texts” does, and “palate evaluate --write-example-texts” adds them.';

export function render(context) {
  const place = h('div');
  load(
    context,
    place,
    'Reading the cards',
    (signal) => Promise.all([api.experts(signal), api.diagnostics(signal)]),
    ([{experts}, diagnostics]) => browse(context, experts, diagnostics),
  );
  return h('div', null, heading('Experts', 'What each expert learned, where the router uses it, and how far its card can be believed.'), place);
}

function browse(context, experts, diagnostics) {
  const domains = new Map();
  for (const card of experts) {
    for (const domain of card.domains.length > 0 ? card.domains : [UNNAMED]) {
      domains.set(domain, [...(domains.get(domain) ?? []), card]);
    }
  }
  const search = h('input', {type: 'search', name: 'search', oninput: draw, value: context.params.get('q') ?? ''});
  const domain = h(
    'select',
    {onchange: draw},
    h('option', {value: ''}, 'All'),
    [...domains.keys()].sort().map((d) => h('option', {value: d}, d)),
  );
  const found = h('p', {class: 'small', role: 'status'});
  const cards = h('ul', {class: 'cards gap'});
  const most = Math.max(...experts.map((e) => e.usage), 1e-9);
  const ranked = [...experts].sort((a, b) => b.usage - a.usage);

  function draw() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = ranked.filter((card) => {
      const text = [card.expert, card.name, card.description, ...card.domains].join(' ').toLowerCase();
      const there = card.domains.length > 0 ? card.domains : [UNNAMED];
      return words.every((w) => text.includes(w)) && (domain.value === '' || there.includes(domain.value));
    });
    found.textContent = `${plural(shown.length, 'expert')} of ${experts.length}`;
    replace(
      cards,
      shown.length > 0 ? shown.map((card) => cardOf(card, most)) : h('li', null, empty('Nothing found', 'No card has all of these words.')),
    );
  }

  draw();
  return [
    h('div', {class: 'filters'}, field('Search', search), field('Domain', domain)),
    found,
    cards,
    diagnostics ? [routingMap(diagnostics, experts), specialization(diagnostics, experts)] : cardsMap(domains, most),
  ];
}

function cardOf(card, most) {
  return h(
    'li',
    {class: 'panel card'},
    h('h2', null, card.name),
    h(
      'div',
      {class: 'usage'},
      svg('svg', {class: 'track', 'aria-hidden': 'true'}, svg('rect', {class: 'for', height: '100%', width: `${(100 * card.usage) / most}%`, rx: '4'})),
      h('span', null, `Expert ${card.expert}, ${percent(card.usage, 1)} of the routing`),
    ),
    h('p', null, card.description),
    card.fidelity
      ? h(
          'p',
          {class: 'small'},
          `A reader of its examples foretells it in ${percent(card.fidelity.agreement)} of pairs (${percent(card.fidelity.low)} to ${percent(card.fidelity.high)}), and knows it from the others in ${percent(card.fidelity.recognized)}.`,
        )
      : null,
    card.domains.length > 0 ? h('ul', {class: 'chips', 'aria-label': 'Strongest domains'}, card.domains.map((d) => h('li', null, d))) : null,
    card.examples.length > 0 ? h('details', null, h('summary', null, 'Sharpest pairs'), sharpest(card)) : null,
  );
}

/** The pairs that the card names: as texts where the bundle keeps them, else by their ids. */
function sharpest(card) {
  const kept = new Set(card.example_pairs.map((pair) => pair.id));
  const others = card.examples.filter((id) => !kept.has(id));
  return [
    kept.size > 0 ? h('ol', {class: 'pairs'}, card.example_pairs.map(pairOf)) : null,
    others.length > 0
      ? [
          h('p', {class: 'small'}, kept.size > 0 ? `The bundle keeps no text of ${others.length} more:` : NO_TEXTS),
          h('ul', {class: 'small gap'}, others.map((id) => h('li', null, h('code', null, id)))),
        ]
      : null,
  ];
}

function pairOf(pair) {
  return h(
    'li',
    null,
    h(
      'dl',
      null,
      h('dt', null, 'Prompt'),
      h('dd', null, pair.prompt === '' ? 'None' : pair.prompt),
      h('dt', null, 'Preferred'),
      h('dd', {class: 'preferred'}, pair.chosen),
      h('dt', null, 'Other response'),
      h('dd', null, pair.rejected),
    ),
    h('p', {class: 'small'}, h('code', null, pair.id)),
  );
}

/** What the cards alone tell of where experts are used. */
function cardsMap(domains, most) {
  return [
    h('h2', {class: 'gap'}, 'Routing map'),
    h('p', {class: 'small'}, 'The domains in which the router picks an expert most; the disc’s area is its share of all prompts.'),
    noDiagnostics(),
    h('div', {class: 'gap panel map'}, map(domains, most)),
  ];
}

/** Domains by the experts in them. Written as a list and not as a matrix of mostly empty cells. */
function map(domains, most) {
  const rows = [...domains]
    .map(([name, cards]) => ({name, cards: [...cards].sort((a, b) => b.usage - a.usage), sum: cards.reduce((t, c) => t + c.usage, 0)}))
    .sort((a, b) => b.sum - a.sum);
  return h(
    'div',
    {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Routing map'},
    h(
      'table',
      null,
      h('thead', null, h('tr', null, h('th', {scope: 'col'}, 'Domain'), h('th', {scope: 'col'}, 'Experts'))),
      h(
        'tbody',
        null,
        rows.map((row) =>
          h(
            'tr',
            null,
            h('th', {scope: 'row'}, row.name),
            h(
              'td',
              null,
              h(
                'ul',
                {class: 'marks'},
                row.cards.map((card) =>
                  h(
                    'li',
                    {title: card.description},
                    svg('svg', {class: 'disc', viewBox: '0 0 24 24', 'aria-hidden': 'true'}, svg('circle', {cx: '12', cy: '12', r: String(Math.max(1, 11 * Math.sqrt(card.usage / most)))})),
                    h('span', null, `${card.expert}`),
                    h('span', {class: 'unseen'}, `, ${card.name}, usage ${number(card.usage, 3)}`),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}
