-- Which version of the solver weights are of (docs/adr/0020-solver-version.md). A replica that does not know these
-- columns leaves solver_version as it finds it, and raises version: solver_version counts only while solver_version_at
-- is the version. Otherwise the weights are of solver version 1.
alter table expert_weights
  add column solver_version integer not null default 1,
  add column solver_version_at bigint;

alter table expert_weights_history
  add column solver_version integer not null default 1;

comment on column bulk_solve.model_version is
  'The model version, a slash and the solver version; without a slash, solver version 1. A replica of an older solver takes it for another model and leaves the ranges alone.';
