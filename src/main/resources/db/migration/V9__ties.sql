-- Labels that prefer neither response (docs/adr/0019-ties.md). Texts and margins of a tie are in columns of their own: to
-- a replica that does not know them it is a label whose texts were dropped and that no model has scored, never a
-- preference.
alter table label
  add column tie boolean not null default false,
  add column tie_prompt text,
  add column tie_first text,
  add column tie_second text,
  add constraint label_tie_texts check (num_nulls(tie_prompt, tie_first, tie_second) in (0, 3)),
  add constraint label_tie check (case when tie then prompt is null else tie_prompt is null end);

-- As label_created_at
create index label_tie_created_at on label (created_at, id) where tie_prompt is not null;

alter table label_margin
  -- The first response's rewards less the second's; null, as of a preference: the label is set aside
  add column tie_margins real[],
  add column tie_routing real[],
  add constraint label_margin_tie check (
    (tie_margins is null) = (tie_routing is null) and (margins is null or tie_margins is null));
