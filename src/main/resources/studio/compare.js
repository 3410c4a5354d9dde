import {api} from './api.js';
import {bars, diverging} from './charts.js';
import {h, letter, number, percent, plural, replace, say} from './dom.js';
import {busy, empty, field, heading, load, table, userField} from './parts.js';
import {state} from './state.js';

const MOST = 8;
const SHOWN = 10;

const EXAMPLE = {
  prompt: 'How do tides work?',
  responses: [
    'The moon pulls on the sea. The side facing it rises, and so does the side opposite. As the earth turns, each coast passes through both bulges: two high tides a day.',
    'What a wonderful question! Let us embark on a journey through the enchanting world of tides, where the moon and the ocean dance together in perfect harmony!',
  ],
};

export function render(context) {
  const draft = state.draft ?? {prompt: '', responses: ['', '']};
  state.draft = draft;
  const prompt = h('textarea', {
    name: 'prompt',
    rows: '2',
    required: true,
    value: draft.prompt,
    oninput: () => {
      draft.prompt = prompt.value;
    },
  });
  const responses = h('div', {class: 'responses'});
  const more = h('button', {type: 'button', class: 'quiet', onclick: () => add('', true)}, 'Add a response');
  const user = userField('User, if any', 'With one, the scores for anyone stand beside.');
  const result = h('section', {class: 'result', 'aria-label': 'Result'});
  const submit = h('button', {type: 'submit', class: 'primary'}, 'Score');

  function draw() {
    replace(
      responses,
      draft.responses.map((text, index) => {
        const area = h('textarea', {
          rows: '5',
          name: `response-${index}`,
          value: text,
          oninput: () => {
            draft.responses[index] = area.value;
          },
        });
        const remove =
          draft.responses.length > 2
            ? h(
                'button',
                {
                  type: 'button',
                  class: 'quiet small',
                  'aria-label': `Remove response ${letter(index)}`,
                  onclick: () => {
                    draft.responses.splice(index, 1);
                    draw();
                    more.focus();
                  },
                },
                'Remove',
              )
            : null;
        const element = field(`Response ${letter(index)}`, area);
        if (remove) {
          element.append(remove);
        }
        return element;
      }),
    );
    more.disabled = draft.responses.length >= MOST;
  }

  function add(text, focus) {
    draft.responses.push(text);
    draw();
    if (focus) {
      responses.lastElementChild.querySelector('textarea').focus();
    }
  }

  function fillIn() {
    draft.prompt = EXAMPLE.prompt;
    draft.responses = [...EXAMPLE.responses];
    prompt.value = draft.prompt;
    draw();
    submit.focus();
  }

  function score() {
    const body = {prompt: draft.prompt, responses: [...draft.responses]};
    return busy(submit, 'Scoring …', () =>
      load(
        context,
        result,
        'Scoring',
        async (signal) => {
          const asked = [api.score(body, signal)];
          if (state.user) {
            asked.push(api.score({...body, user: state.user}, signal));
          }
          return Promise.all(asked);
        },
        (answers) => {
          say(`Scored: response ${letter(answers.at(-1).preferred)} has the highest reward`);
          return verdicts(answers);
        },
      ),
    );
  }

  const form = h(
    'form',
    {
      class: 'panel',
      onsubmit: (event) => {
        event.preventDefault();
        score();
      },
      onkeydown: (event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          form.requestSubmit();
        }
      },
    },
    field('Prompt', prompt),
    responses,
    h('div', {class: 'end'}, user.element, h('div', {class: 'buttons'}, submit, more, h('button', {type: 'button', class: 'quiet', onclick: fillIn}, 'Fill in an example'))),
  );
  draw();
  replace(result, empty('Nothing scored yet', 'Which response is better, which experts say so, and what a user’s labels change about it.'));
  return h('div', null, heading('Compare', 'Two or more responses to one prompt: their rewards, and why.'), form, result);
}

function verdicts(answers) {
  const count = answers[0].responses.length;
  const box = h('div', null);
  const choice = {first: 0, second: 1};

  function draw() {
    replace(columns, answers.map((answer) => verdict(answer, choice)));
  }

  const columns = h('div', {class: answers.length > 1 ? 'columns' : null});
  if (count > 2) {
    const best = answers.at(-1).preferred;
    choice.first = best;
    choice.second = answers.at(-1).responses.find((r) => r.index !== best && r.rank <= 2)?.index ?? (best === 0 ? 1 : 0);
    const pick = (name, label) => {
      const select = h(
        'select',
        {
          onchange: () => {
            choice[name] = Number(select.value);
            draw();
          },
        },
        answers[0].responses.map((r) => h('option', {value: String(r.index), selected: r.index === choice[name]}, letter(r.index))),
      );
      return field(label, select);
    };
    box.append(h('div', {class: 'choices'}, pick('first', 'Why'), pick('second', 'and not')));
  }
  box.append(columns);
  draw();
  return box;
}

const WEIGHTS = {
  personal: 'by this user’s weights',
  stale: 'by this user’s last known weights; newer labels wait for their solve',
  prior: 'by the prior: this user has given no labels yet',
};

function verdict(answer, {first, second}) {
  const who = answer.user ?? 'Anyone';
  const likely =
    answer.probability !== undefined
      ? Math.max(answer.probability, 1 - answer.probability)
      : answer.responses[answer.preferred].probability;
  const names = new Map(answer.routing.map((r) => [r.expert, r.name]));
  return h(
    'article',
    {class: 'panel verdict'},
    h('h2', null, who),
    h('p', {class: 'small'}, answer.user ? WEIGHTS[answer.weights] : 'by the model’s own routing'),
    h('p', {class: 'winner'}, h('b', null, `${letter(answer.preferred)} is better`), `, with probability ${number(likely)}`),
    bars(
      'Rewards',
      answer.responses.map((r) => ({name: letter(r.index), value: r.reward, text: number(r.reward, 3, true)})),
    ),
    facts(answer),
    h('h3', null, `Why ${letter(first)} or ${letter(second)}`),
    why(answer, first, second, names),
    h('h3', null, 'Routing of the prompt'),
    routing(answer),
    h('details', null, h('summary', null, 'All numbers'), numbers(answer, names)),
  );
}

function facts(answer) {
  return h(
    'p',
    {class: 'small'},
    answer.responses.map((r, i) => [
      i > 0 ? ' · ' : '',
      `${letter(r.index)}: ${plural(r.tokens, 'token')}`,
      r.truncated ? h('b', {class: 'warn'}, ', truncated') : ', whole',
    ]),
  );
}

/** What each expert adds to the first response's lead over the second. */
function why(answer, first, second, names) {
  const parts = new Map();
  answer.responses[first].experts.forEach((e) => parts.set(e.expert, e.contribution));
  answer.responses[second].experts.forEach((e) => parts.set(e.expert, (parts.get(e.expert) ?? 0) - e.contribution));
  const rows = [...parts]
    .map(([expert, value]) => ({name: names.get(expert) ?? `Expert ${expert}`, value, text: number(value, 3, true)}))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const rest = rows.slice(SHOWN);
  if (rest.length > 0) {
    const sum = rest.reduce((total, r) => total + r.value, 0);
    rows.splice(SHOWN, rest.length, {name: `${plural(rest.length, 'other expert')}`, value: sum, text: number(sum, 3, true)});
  }
  const lead = answer.responses[first].reward - answer.responses[second].reward;
  return [
    diverging('What each expert adds to the lead', rows, letter(first), letter(second)),
    h('p', {class: 'small'}, `Together: ${letter(lead >= 0 ? first : second)} leads by ${number(Math.abs(lead), 3)}.`),
  ];
}

function routing(answer) {
  const shown = answer.routing.slice(0, SHOWN);
  const rest = answer.routing.length - shown.length;
  return [
    bars(
      'Weight of each expert for this prompt',
      shown.map((r) => ({name: r.name, value: r.weight, mark: answer.user ? r.prior : undefined, text: number(r.weight, 3)})),
    ),
    h(
      'p',
      {class: 'small'},
      answer.user ? 'The mark is the weight for anyone. ' : '',
      rest > 0 ? `${plural(rest, 'expert')} more with less weight.` : '',
    ),
  ];
}

function numbers(answer, names) {
  const byExpert = new Map(answer.routing.map((r) => [r.expert, r]));
  const head = [
    'Expert',
    {text: 'Weight', right: true},
    {text: 'Anyone’s', right: true},
    ...answer.responses.flatMap((r) => [
      {text: `${letter(r.index)} reward`, right: true},
      {text: `${letter(r.index)} part`, right: true},
    ]),
  ];
  const rows = answer.responses[0].experts.map((e, i) => {
    const routed = byExpert.get(e.expert);
    return [
      names.get(e.expert) ?? String(e.expert),
      number(routed?.weight, 4),
      number(routed?.prior, 4),
      ...answer.responses.flatMap((r) => [number(r.experts[i].reward, 3, true), number(r.experts[i].contribution, 4, true)]),
    ];
  });
  return [
    table('Experts and their parts', head, rows),
    h('p', {class: 'small'}, `Weights version ${answer.weights_version}, model ${answer.model_version}. `, answer.probability !== undefined ? `P(A is better) = ${percent(answer.probability, 1)}.` : ''),
  ];
}
