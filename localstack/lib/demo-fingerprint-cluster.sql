-- What belongs to the cluster, as sorted lines.
select 'database ' || datname || ' owner ' || pg_get_userbyid(datdba) || ' ' || pg_encoding_to_char(encoding) || ' ' || datcollate
from pg_database where datname not in ('template0', 'template1') order by 1;
select 'role ' || rolname || ' ' || concat_ws(' ', rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolconnlimit, rolbypassrls)
from pg_roles where rolname !~ '^pg_' order by 1;
select 'member ' || pg_get_userbyid(member) || ' of ' || pg_get_userbyid(roleid) from pg_auth_members where roleid >= 16384 order by 1;
select 'setting ' || coalesce(pg_get_userbyid(nullif(setrole, 0)), '-') || ' in ' || coalesce(datname, '-') || ' ' || setconfig::text
from pg_db_role_setting left join pg_database d on d.oid = setdatabase order by 1;
