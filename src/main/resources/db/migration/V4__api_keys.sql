-- Keys of callers (SECURITY.md). The secret is 256 random bits and is not here: only its SHA-256 is.
create table api_key (
  id           text        primary key,
  -- In the order of creation, for keyset paging
  row          bigserial   not null unique,
  secret_hash  bytea       not null check (octet_length(secret_hash) = 32),
  name         text        not null,
  scopes       text[]      not null
    check (cardinality(scopes) > 0 and scopes <@ array['score', 'feedback', 'read', 'admin']),
  -- Bound to one user, to the users of a tenant, or (both null) to none. No foreign key: a user exists by being named
  user_id      text,
  user_prefix  text,
  created_at   timestamptz not null,
  -- The id of the key that asked for it, or 'command line'
  created_by   text        not null,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  -- Coarse: written once in some minutes, not with each request
  last_used_at timestamptz,
  check (user_id is null or user_prefix is null)
);
