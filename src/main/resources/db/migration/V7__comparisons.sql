-- Pairs of responses that a user may be asked about (docs/next-comparisons.md); a labelled one is gone
create table comparison (
  id            bigserial   primary key,
  user_id       text        not null references users (id) on delete cascade,
  comparison_id text        not null,
  prompt        text        not null,
  first         text        not null,
  second        text        not null,
  -- SHA-256 of the prompt and both responses, whichever came first
  pair_hash     bytea       not null,
  created_at    timestamptz not null default now(),
  unique (user_id, comparison_id),
  unique (user_id, pair_hash)
);

create index comparison_created_at on comparison (created_at);

create table comparison_margin (
  comparison    bigint not null references comparison (id) on delete cascade,
  model_version text   not null,
  -- As of label_margin: the first response's rewards less the second's
  margins       real[],
  routing       real[],
  primary key (comparison, model_version),
  check ((margins is null) = (routing is null))
);
