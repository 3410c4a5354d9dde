-- A label's texts may be dropped, its margins stay (docs/adr/0013-texts-may-be-dropped.md)
alter table label
  alter column prompt drop not null,
  alter column chosen drop not null,
  alter column rejected drop not null,
  add constraint label_texts check (num_nulls(prompt, chosen, rejected) in (0, 3));

-- Whose texts are there still, the oldest first
create index label_created_at on label (created_at, id) where prompt is not null;

create index idempotency_created_at on idempotency (created_at);
