import {api} from './api.js';
import {slopes} from './charts.js';
import {calibration, learning, noDiagnostics} from './diagnostics.js';
import {h, number, percent, plural, replace, say, when} from './dom.js';
import {busy, confirm, facts, field, heading, load, problem, table} from './parts.js';

export function render(context) {
  const place = h('div');
  load(
    context,
    place,
    'Reading the model',
    (signal) => {
      const model = api.model(signal);
      return Promise.all([model, api.diagnostics(signal, model)]);
    },
    ([model, diagnostics]) => sheet(context, model, diagnostics),
  );
  return h('div', null, heading('Model', 'What serves now, what it was trained on, and how good it was measured to be.'), place);
}

function sheet(context, model, diagnostics) {
  const splits = new Map();
  for (const [name, value] of Object.entries(model.metrics)) {
    const [split, set, metric] = name.split('.');
    if (metric !== undefined) {
      const sets = splits.get(split) ?? new Map();
      sets.set(set, {...sets.get(set), [metric]: value});
      splits.set(split, sets);
    }
  }
  return h(
    'div',
    {class: 'stack'},
    warnings(model.warnings),
    h(
      'section',
      {class: 'panel', 'aria-label': 'Summary'},
      facts([
        ['Name', model.model],
        ['Version', model.model_version],
        ['Device', `${model.device}, ${model.dtype}`],
        ['Experts', `${model.experts}, ${model.top_m} at a prompt`],
        ['Scale', number(model.scale, 3)],
        ['Label noise', number(model.label_noise, 3)],
        ['Longest text', plural(model.limits.tokens, 'token')],
      ]),
    ),
    ...['test', 'validation'].filter((s) => splits.has(s)).map((split) => quality(split, splits.get(split))),
    diagnostics ? [calibration(diagnostics.calibration), learning(diagnostics.learning)] : undiagnosed(),
    data(model.data),
    administration(context),
  );
}

/** Of the model's training; null where there are none. */
function warnings(all) {
  return all.length === 0
    ? null
    : h(
        'section',
        {class: 'problem full', 'aria-label': 'Warnings'},
        h('h2', null, plural(all.length, 'warning')),
        h('ul', null, all.map((w) => h('li', null, w.message))),
      );
}

function undiagnosed() {
  return h('section', {class: 'panel', 'aria-label': 'Diagnostics'}, h('h2', null, 'Calibration and learning curves'), noDiagnostics());
}

function quality(split, sets) {
  const rows = [...sets].sort((a, b) => (b[1].pairs ?? 0) - (a[1].pairs ?? 0));
  const adapted = rows.filter(([, m]) => m.n0_accuracy !== undefined && m.n10_accuracy !== undefined);
  const low = Math.min(0.45, ...adapted.flatMap(([, m]) => [m.n0_accuracy, m.n10_accuracy]));
  return h(
    'section',
    {class: 'panel', 'aria-label': `Quality on ${split} data`},
    h('h2', null, split === 'test' ? 'Quality on test data' : 'Quality on validation data'),
    h(
      'div',
      {class: 'gap'},
      table(
        `Accuracy on ${split} data; “longer” is the rule that prefers the longer response`,
        ['Data', {text: 'Pairs', right: true}, {text: 'Accuracy', right: true}, {text: 'Mean user', right: true}, {text: 'Longer', right: true}],
        rows.map(([name, m]) => [name, m.pairs === undefined ? '–' : m.pairs.toLocaleString('en'), percent(m.accuracy, 1), percent(m.user_accuracy, 1), percent(m.longer_accuracy, 1)]),
      ),
    ),
    adapted.length > 0
      ? [
          h('h3', null, 'Unseen users: without labels, and after 10'),
          slopes(
            'Accuracy without labels and after ten',
            adapted.map(([name, m]) => ({
              name: `${name}, ${plural(m.unseen_users, 'user')}`,
              from: m.n0_accuracy,
              to: m.n10_accuracy,
              text: `${percent(m.n0_accuracy, 1)} → ${percent(m.n10_accuracy, 1)}`,
            })),
            low,
            1,
          ),
          h('p', {class: 'small'}, `From ${percent(low)} to 100 %; the line is chance. Open: without labels; full: after ten.`),
        ]
      : null,
  );
}

function data(sources) {
  return h(
    'section',
    {class: 'panel', 'aria-label': 'Data'},
    h('h2', null, 'Trained on'),
    h(
      'div',
      {class: 'gap'},
      table(
        'Data sets and their licences',
        ['Data', {text: 'Pairs', right: true}, {text: 'Users', right: true}, 'Licence'],
        sources.map((s) => [s.name, s.pairs.toLocaleString('en'), s.users.toLocaleString('en'), s.licence]),
      ),
    ),
  );
}

function administration(context) {
  const place = h('div', {class: 'gap'});
  const open = h('button', {type: 'button', onclick: () => load(context, place, 'Reading activations', (signal) => api.activations(signal), (page) => admin(context, place, page))}, 'Show');
  replace(place, open);
  return h(
    'section',
    {class: 'panel', 'aria-label': 'Administration'},
    h('h2', null, 'Another model'),
    h('p', {class: 'small'}, 'For keys with the scope admin: another bundle serves without a stop, and the former one stays loaded for the way back.'),
    place,
  );
}

function admin(context, place, page) {
  const wrong = h('div');
  const bundle = h('input', {type: 'text', name: 'bundle', required: true, autocomplete: 'off', spellcheck: 'false', placeholder: 'demo'});
  const go = h('button', {type: 'submit', class: 'primary'}, 'Activate');
  const back = h('button', {type: 'button'}, 'Roll back');
  const change = async (button, title, text, work) => {
    if (!(await confirm(title, text, button.textContent))) {
      return;
    }
    await busy(button, 'Changing …', async () => {
      try {
        const changed = await work();
        say(`${changed.model} ${changed.model_version} serves now`);
        document.getElementById('main').replaceChildren(render(context));
      } catch (e) {
        replace(wrong, problem(e));
      }
    });
  };
  back.addEventListener('click', () =>
    change(back, 'Roll back?', 'The model that served before serves again, for everybody.', () => api.rollBack()),
  );
  return h(
    'form',
    {
      class: 'stack',
      onsubmit: (event) => {
        event.preventDefault();
        change(go, `Activate ${bundle.value.trim()}?`, 'It is verified and warmed up first; a bundle that cannot serve changes nothing.', () => api.activate(bundle.value.trim()));
      },
    },
    h('div', {class: 'filters'}, field('Bundle', bundle, 'The name of its directory, beside the serving one.'), h('div', {class: 'buttons'}, go, back)),
    wrong,
    page.activations.length === 0
      ? h('p', {class: 'small'}, 'No other bundle was activated yet.')
      : table(
          'Activations, the newest first',
          ['Bundle', 'Version', 'When', 'By'],
          page.activations.map((a) => [a.bundle, a.model_version, when(a.activated_at), a.activated_by]),
        ),
  );
}
