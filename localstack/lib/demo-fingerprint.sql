-- One database as sorted lines. A table's checksum is the sum of two 64-bit hashes of each whole row, so the order of rows does not matter.
set timezone = 'UTC';
set extra_float_digits = 1;
select format('select %L || count(*) || '' '' || coalesce(sum(hashtextextended(t::text, 1)::numeric), 0) || ''/'' || coalesce(sum(hashtextextended(t::text, 2)::numeric), 0) from only %I.%I t',
  'table ' || n.nspname || '.' || c.relname || ' rows and checksum: ', n.nspname, c.relname)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by 1 \gexec
select 'sequence ' || schemaname || '.' || sequencename || ' ' || concat_ws(' ', start_value, increment_by, coalesce(last_value::text, 'unused'))
from pg_sequences order by 1;
select 'large objects ' || count(*) || ' ' || coalesce(sum(hashtextextended(oid || ':' || md5(lo_get(oid)), 1)::numeric), 0)
from pg_largeobject_metadata;
select concat_ws(' ', 'relation', c.oid::regclass, c.relkind, c.relpersistence, 'owner', pg_get_userbyid(c.relowner), 'rls', c.relrowsecurity)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1;
select concat_ws(' ', 'column', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated)
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where a.attnum > 0 and not a.attisdropped and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1;
select 'grant ' || what || ' ' || acl::text from (
  select c.oid::regclass::text as what, unnest(c.relacl) as acl from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  union all select a.attrelid::regclass || '.' || a.attname, unnest(a.attacl) from pg_attribute a where a.attrelid >= 16384
  union all select 'large object ' || oid, unnest(lomacl) from pg_largeobject_metadata
  union all select 'schema ' || nspname, unnest(nspacl) from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
  union all select 'default of ' || pg_get_userbyid(defaclrole), unnest(defaclacl) from pg_default_acl) g order by 1;
select 'index ' || indexdef from pg_indexes where schemaname !~ '^pg_' order by 1;
select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
where connamespace in (select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema') order by 1;
select 'view ' || schemaname || '.' || viewname || ' ' || md5(definition) from pg_views where schemaname !~ '^pg_' and schemaname <> 'information_schema' order by 1;
select 'materialized view ' || schemaname || '.' || matviewname || ' ' || ispopulated || ' ' || md5(definition) from pg_matviews order by 1;
select 'partition ' || c.oid::regclass || ' ' || pg_get_expr(c.relpartbound, c.oid) from pg_class c where c.relispartition and c.relkind = 'r' order by 1;
select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by 1;
select 'policy ' || polrelid::regclass || ' ' || polname || ' ' || pg_get_expr(polqual, polrelid) from pg_policy order by 1;
select 'enum ' || enumtypid::regtype || ' ' || string_agg(enumlabel, ',' order by enumsortorder) from pg_enum group by enumtypid order by 1;
select 'extension ' || extname || ' ' || extversion from pg_extension order by 1;
select 'comment ' || objoid::regclass || ' ' || description from pg_description where classoid = 'pg_class'::regclass and objoid >= 16384 order by 1;
