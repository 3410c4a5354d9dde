-- One run over all users whose weights for a model version are behind (docs/adr/0012-bulk-solve.md)
create table bulk_solve (
  id            bigint      generated always as identity primary key,
  model_version text        not null,
  users         bigint      not null default 0,
  started_at    timestamptz not null default clock_timestamp(),
  finished_at   timestamptz
);

-- Whoever starts a second one joins the first
create unique index bulk_solve_running on bulk_solve (model_version) where finished_at is null;

-- A key range, and how far it is: what lies in (reached, last_user] is still to be done
create table bulk_solve_range (
  bulk        bigint  not null references bulk_solve (id) on delete cascade,
  number      integer not null,
  reached     text    not null,
  last_user   text    not null,
  users       integer not null,
  done        integer not null default 0,
  failed      integer not null default 0,
  finished_at timestamptz,
  primary key (bulk, number)
);

-- A user's own job goes before a range: db-scheduler now takes executions by priority first
create index scheduled_tasks_priority on scheduled_tasks (priority desc, execution_time);

-- Weights written by one statement are told by as few notifications as hold them, 240 users in each: the letter, then 32
-- hex digits a user. One user's notification is what it was before.
create function palate_tell_weights() returns trigger language plpgsql as $$
begin
  perform pg_notify('palate_users', told.payload)
  from (
    select 'c' || string_agg(left(encode(sha256(convert_to(w.user_id, 'UTF8')), 'hex'), 32), '') as payload
    from (select user_id, (row_number() over () - 1) / 240 as message from written) w
    group by w.message
  ) told;
  return null;
end
$$;

drop trigger tell_weights_changed on expert_weights;

create trigger tell_weights_inserted after insert on expert_weights
  referencing new table as written
  for each statement execute function palate_tell_weights();

create trigger tell_weights_updated after update on expert_weights
  referencing new table as written
  for each statement execute function palate_tell_weights();
