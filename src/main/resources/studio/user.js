import {api} from './api.js';
import {Shifts, movers, steps} from './charts.js';
import {h, number, percent, plural, replace, say, when} from './dom.js';
import {busy, confirm, empty, facts, field, heading, load, problem, userField} from './parts.js';
import {state} from './state.js';

const SHOWN = 12;
const LINES = 4;

const STATUS = {
  current: 'Up to date',
  pending: 'Being solved',
  prior: 'At the prior',
};

export function render(context) {
  const user = userField();
  user.input.required = true;
  const place = h('div', {class: 'gap'});
  const show = () => {
    if (state.user) {
      look(context, place);
    } else {
      replace(place, empty('Whose weights?', 'Type a user’s id: what the labels did to each expert’s weight, and since when.'));
    }
  };
  const form = h(
    'form',
    {
      class: 'filters',
      onsubmit: (event) => {
        event.preventDefault();
        show();
      },
    },
    user.element,
    h('div', {class: 'buttons'}, h('button', {type: 'submit', class: 'primary'}, 'Show')),
  );
  show();
  return h('div', null, heading('User', 'How one user’s taste differs from everybody’s, and which labels say so.'), form, place);
}

function look(context, place) {
  const user = state.user;
  return load(
    context,
    place,
    `Reading ${user}`,
    (signal) => Promise.all([api.weights(user, signal), api.history(user, signal), api.influence(user, signal)]),
    ([weights, history, influence]) => [
      summary(weights),
      weights.labels === 0 && weights.version === 0
        ? [
            empty(
              'No labels yet',
              `${user} stands at the prior: everyone’s weights. A few labels move them.`,
              h('div', {class: 'buttons'}, h('button', {type: 'button', class: 'primary', onclick: () => (location.hash = '#/label')}, 'Label some pairs')),
            ),
          ]
        : h(
            'div',
            {class: 'columns gap'},
            h('div', {class: 'stack'}, shifts(weights), historyOf(weights, history)),
            influenceOf(weights, influence),
          ),
      held(context, place, user),
    ],
  );
}

function summary(weights) {
  return h(
    'section',
    {class: 'panel', 'aria-label': 'Summary'},
    facts([
      ['Status', STATUS[weights.status] ?? weights.status],
      ['Labels', weights.solved_labels === weights.labels ? String(weights.labels) : `${weights.labels}, ${weights.solved_labels} solved`],
      ['Agreement', percent(weights.agreement)],
      ['Significant shifts', String(weights.experts.filter((e) => e.significant).length)],
      ['Version', String(weights.version)],
      ['Solved', weights.solved_at ? when(weights.solved_at) : '–'],
    ]),
  );
}

function shifts(weights) {
  const chart = new Shifts('Shift of each expert from the prior', SHOWN);
  chart.show(weights.experts);
  const all = h(
    'button',
    {
      type: 'button',
      class: 'quiet small',
      'aria-pressed': 'false',
      onclick: () => {
        const more = all.getAttribute('aria-pressed') === 'false';
        all.setAttribute('aria-pressed', String(more));
        chart.show(weights.experts, more ? weights.experts.length : SHOWN);
      },
    },
    `All ${weights.experts.length}`,
  );
  return h(
    'section',
    {class: 'panel', 'aria-label': 'Weights'},
    h('h2', null, 'Weights against the prior'),
    h('p', {class: 'small'}, 'The middle is the prior, the pale band one standard deviation, cut where it is wider. ● more than labels at random would do.'),
    h('div', {class: 'gap'}, chart.element),
    weights.experts.length > SHOWN ? h('p', null, all) : null,
  );
}

function historyOf(weights, history) {
  const versions = [...history.versions].reverse();
  if (versions.length === 0) {
    return h('section', {class: 'panel', 'aria-label': 'History'}, h('h2', null, 'History'), h('p', {class: 'small'}, 'The first solve is not there yet.'));
  }
  const series = movers(weights.experts)
    .slice(0, LINES)
    .map((e) => ({
      name: e.name,
      values: versions.map((v) => v.experts.find((x) => x.expert === e.expert)?.shift ?? 0),
    }));
  return h(
    'section',
    {class: 'panel', 'aria-label': 'History'},
    h('h2', null, 'History'),
    h('p', {class: 'small'}, `The shifts of the experts above at each of ${plural(versions.length, 'solve')}${history.next ? ', the newest' : ''}.`),
    h('div', {class: 'gap'}, steps('Shifts by version', series, versions.map((v) => `version ${v.version}, ${plural(v.solved_labels, 'label')}`))),
  );
}

function influenceOf(weights, influence) {
  const labels = new Map(influence.labels.map((l) => [l.id, l]));
  const byExpert = new Map(influence.experts.map((e) => [e.expert, e]));
  const ranked = movers(weights.experts).filter((e) => (byExpert.get(e.expert)?.labels.length ?? 0) > 0);
  const box = h('section', {class: 'panel', 'aria-label': 'Influence'}, h('h2', null, 'What pulled'));
  if (ranked.length === 0) {
    box.append(h('p', {class: 'small'}, 'No label is solved for this model yet.'));
    return box;
  }
  const list = h('ul', {class: 'pulls gap'});
  const select = h(
    'select',
    {onchange: () => draw(Number(select.value))},
    ranked.map((e) => h('option', {value: String(e.expert)}, `${number(e.shift, 3, true)}  ${e.name}`)),
  );
  function draw(expert) {
    replace(list, byExpert.get(expert).labels.map((pull) => pulled(pull, labels.get(pull.id))));
  }
  draw(ranked[0].expert);
  box.append(
    h('p', {class: 'small'}, 'The labels that moved an expert’s shift most: by how much it would be less without each, to first order.'),
    h('div', {class: 'gap'}, field('Expert', select)),
    list,
  );
  return box;
}

function pulled(pull, label) {
  const texts = label?.prompt
    ? h(
        'div',
        null,
        h('p', {class: 'clip'}, h('b', null, label.prompt)),
        h('p', {class: 'clip'}, label.tie ? label.responses[0] : label.chosen),
        h('p', {class: 'small clip'}, label.tie ? 'tied with: ' : 'over: ', label.tie ? label.responses[1] : label.rejected),
      )
    : h('p', {class: 'small'}, 'Its texts were dropped for their age: ', h('code', null, pull.id));
  return h('li', {class: 'pull'}, h('b', {class: pull.pull < 0 ? 'against' : null}, number(pull.pull, 3, true)), texts);
}

function held(context, place, user) {
  const wrong = h('div');
  const download = h('button', {
    type: 'button',
    onclick: () =>
      busy(download, 'Exporting …', async () => {
        try {
          const blob = await api.exportUser(user);
          const link = h('a', {href: URL.createObjectURL(blob), download: `${user.replaceAll(/[^\w.@-]/g, '_')}.json`});
          link.click();
          URL.revokeObjectURL(link.href);
          say('Exported');
        } catch (e) {
          replace(wrong, problem(e));
        }
      }),
  }, 'Export');
  const erase = h('button', {
    type: 'button',
    class: 'danger',
    onclick: async () => {
      const yes = await confirm(`Erase ${user}?`, 'Labels, weights, history and jobs are gone for good. An export keeps a copy.', `Erase ${user}`);
      if (!yes) {
        return;
      }
      try {
        await api.erase(user);
        say(`${user} is erased`);
        await look(context, place);
      } catch (e) {
        replace(wrong, problem(e));
      }
    },
  }, 'Erase …');
  return h(
    'section',
    {class: 'gap', 'aria-label': 'Data'},
    h('h2', null, 'All that is held'),
    h('p', {class: 'small'}, 'Export gives one JSON file. Erase leaves nothing.'),
    h('div', {class: 'buttons gap'}, download, erase),
    wrong,
  );
}
