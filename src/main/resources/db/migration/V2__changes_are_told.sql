-- Tells every replica whose cached weights are out of date (docs/adr/0010-listen-notify.md). By triggers, so that no
-- writer can forget it, an older version of Palate on this schema included. Sent by PostgreSQL if and only if the
-- change commits. A user is named by a hash: whoever may listen to the database need not learn who labels.
create function palate_tell_change() returns trigger language plpgsql as $$
declare
  who text;
begin
  if tg_table_name = 'users' then
    who := old.id;
  else
    who := new.user_id;
  end if;
  perform pg_notify('palate_users', tg_argv[0] || left(encode(sha256(convert_to(who, 'UTF8')), 'hex'), 32));
  return null;
end
$$;

create trigger tell_labels_changed after update of feedback_seq on users
  for each row when (old.feedback_seq is distinct from new.feedback_seq)
  execute function palate_tell_change('c');

create trigger tell_erased after delete on users
  for each row execute function palate_tell_change('e');

create trigger tell_weights_changed after insert or update on expert_weights
  for each row execute function palate_tell_change('c');
