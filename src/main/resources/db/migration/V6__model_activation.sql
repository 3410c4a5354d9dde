-- Which bundle was made the serving one, when and by whom; the newest row is what replicas follow.
create table model_activation (
  id                 bigserial   primary key,
  -- The name of its directory, beside that of the configured bundle
  bundle             text        not null,
  model_version      text        not null,
  -- A replica that was started with another bundle since then does not follow
  configured_version text        not null,
  activated_at       timestamptz not null default now(),
  activated_by       text        not null
);
