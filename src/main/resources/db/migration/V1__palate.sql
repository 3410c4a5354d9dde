create table users (
  id           text        primary key,
  -- A new one for each life: what a job read of an erased user never reaches one of the same name
  incarnation  uuid        not null,
  -- Raised by each change to the user's labels; weights with a lower solved_seq are out of date
  feedback_seq bigint      not null default 0,
  feedback_at  timestamptz not null default now(),
  created_at   timestamptz not null default now()
);

create table label (
  id           bigserial   primary key,
  user_id      text        not null references users (id) on delete cascade,
  label_id     text        not null,
  prompt       text        not null,
  chosen       text        not null,
  rejected     text        not null,
  strength     real        not null check (strength > 0 and strength <= 1),
  content_hash bytea       not null,
  created_at   timestamptz not null default now(),
  unique (user_id, label_id)
);

-- Keyset paging through one user's labels
create index label_user_id_id on label (user_id, id);

create table label_margin (
  label         bigint not null references label (id) on delete cascade,
  model_version text   not null,
  -- float[k] each. Both null: the model's scores are not finite, the label is set aside for it
  margins       real[],
  routing       real[],
  primary key (label, model_version),
  check ((margins is null) = (routing is null))
);

create table expert_weights (
  user_id       text             not null references users (id) on delete cascade,
  model_version text             not null,
  version       bigint           not null,
  shift         real[]           not null,
  uncertainty   real[]           not null,
  significant   boolean[]        not null,
  -- NaN without labels
  agreement     double precision not null,
  solved_seq    bigint           not null,
  labels        integer          not null,
  solved_at     timestamptz      not null default now(),
  primary key (user_id, model_version)
);

-- Append only
create table expert_weights_history (
  user_id       text             not null references users (id) on delete cascade,
  model_version text             not null,
  version       bigint           not null,
  shift         real[]           not null,
  uncertainty   real[]           not null,
  significant   boolean[]        not null,
  agreement     double precision not null,
  solved_seq    bigint           not null,
  labels        integer          not null,
  solved_at     timestamptz      not null,
  primary key (user_id, model_version, version)
);

create table idempotency (
  user_id      text        not null references users (id) on delete cascade,
  key          text        not null,
  request_hash bytea       not null,
  -- The first answer, as JSON: what a repeated request is told again
  answer       text        not null,
  created_at   timestamptz not null default now(),
  primary key (user_id, key)
);

-- db-scheduler 16
create table scheduled_tasks (
  task_name            text        not null,
  task_instance        text        not null,
  task_data            bytea,
  execution_time       timestamptz not null,
  picked               boolean     not null,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures integer,
  last_heartbeat       timestamptz,
  version              bigint      not null,
  priority             smallint,
  primary key (task_name, task_instance)
);

create index scheduled_tasks_execution_time on scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on scheduled_tasks (last_heartbeat);
