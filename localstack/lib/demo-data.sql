-- Data for the demo. Text is hashed, because blank or repeated filler would flatter every figure.
create role shop_owner login;
create role shop_reader nologin;
create role "Odd Role" nologin connection limit 3;
grant shop_reader to "Odd Role";
create database shop owner shop_owner;
create database "odd ""name""";
\connect shop
create extension pg_trgm;
create extension hstore;
grant create on schema public to shop_owner;
set role shop_owner;

create table pgbench_branches (bid int primary key, bbalance int not null, filler text not null);
insert into pgbench_branches select n, n % 1000, md5(n::text) from generate_series(1, 100) n;
create table pgbench_accounts (
  aid int primary key,
  bid int not null references pgbench_branches,
  abalance int not null,
  filler text not null
);
insert into pgbench_accounts
select n, 1 + n % 100, n * 7919::bigint % 100000, md5(n::text) || md5(n || 'b') || md5(n || 'c') from generate_series(1, :accounts) n;
create index pgbench_accounts_by_balance on pgbench_accounts (abalance) where abalance > 99000;

create table blob (id int generated always as identity primary key, content bytea);
insert into blob (content) select (select decode(string_agg(md5(n || ':' || part), ''), 'hex') from generate_series(0, n) part) from generate_series(1, 500) n;
insert into blob (content) values (''), (null), ('\x00ff0a0d5c00'), (decode(repeat('00', 3000000), 'hex'));

create type mood as enum ('calm', 'it''s odd', 'ärgerlich');
create domain positive as int check (value > 0);
create table document (
  id positive primary key,
  body jsonb not null,
  tags text[],
  grid int[][],
  feeling mood,
  during tstzrange,
  origin inet,
  extra hstore,
  price numeric,
  ratio double precision,
  total numeric generated always as (price * 2) stored
);
insert into document (id, body, tags, grid, feeling, during, origin, extra, price, ratio)
select n, jsonb_build_object('n', n, 'text', md5(n::text), 'nested', jsonb_build_array(n, null, true)),
  array['a', 'b c', '"quoted"', null, e'line\nbreak\ttab'], array[[n, 2], [3, null]],
  (array['calm', 'it''s odd', 'ärgerlich']::mood[])[1 + n % 3],
  tstzrange('2026-01-01 00:00+00'::timestamptz + n * interval '1 hour', null),
  ('10.0.' || n % 256 || '.1')::inet, hstore('key', md5(n::text)), n / 7.0::numeric, sqrt(n)
from generate_series(1, 20000) n;
insert into document (id, body, price, ratio) values (900001, 'null', 'NaN', '-Infinity'), (900002, '{}', 1e100, 5e-324);
create index document_body on document using gin (body jsonb_path_ops);
create index document_text on document using gin ((body ->> 'text') gin_trgm_ops);

create table event (kind text not null, at timestamptz not null, payload jsonb) partition by range (at);
create table event_january partition of event for values from ('2026-01-01 00:00+00') to ('2026-02-01 00:00+00');
create table event_february partition of event for values from ('2026-02-01 00:00+00') to ('2026-03-01 00:00+00');
create table event_other partition of event default;
insert into event select 'tick', timestamptz '2026-01-01 00:00+00' + n * interval '3 minutes', jsonb_build_object('n', md5(n::text))
from generate_series(1, 40000) n;

create sequence ticket start 1000 increment 7;
select nextval('ticket') from generate_series(1, 123) \g /dev/null
create sequence untouched;

create table "Odd ""Table"", äöü" ("a column" text, "select" int);
insert into "Odd ""Table"", äöü" values ('\.', 1), (e'\\N', 2), (null, 3), ('', 4), (e'tab\there', 5), ('日本語 🐘', 6);
create table empty (id int);
create table columnless ();
insert into columnless default values;

create function touch() returns trigger language plpgsql as $$ begin new.filler := new.filler; return new; end $$;
create trigger touched before update on pgbench_branches for each row execute function touch();
create materialized view account_total as select bid, count(*) as accounts, sum(abalance) as balance from pgbench_accounts group by bid;
create unique index account_total_bid on account_total (bid);
create view rich as select aid from pgbench_accounts where abalance > 99000;

grant select on pgbench_accounts, rich to shop_reader;
grant select (id, tags), update (tags) on document to "Odd Role";
grant usage on sequence ticket to shop_reader;
alter default privileges for role shop_owner grant select on tables to shop_reader;
alter table document enable row level security;
create policy mine on document for select to "Odd Role" using (id < 100);

select lo_from_bytea(50000 + n, (select decode(string_agg(md5(n || '/' || part), ''), 'hex') from generate_series(1, 300 * n) part)) from generate_series(1, 40) n \g /dev/null
select lo_create(60000) \g /dev/null
grant select on large object 50001 to shop_reader;
comment on table document is 'a comment with ''quotes''';
reset role;
alter role shop_reader in database shop set statement_timeout = '7s';
\connect "odd ""name"""
create schema "Schema 2";
create table "Schema 2".note (id int primary key, text text);
insert into "Schema 2".note select n, md5(n::text) from generate_series(1, 1000) n;
