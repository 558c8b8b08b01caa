CREATE ROLE app_owner LOGIN PASSWORD 'owner''s; secret' CONNECTION LIMIT 7;
CREATE ROLE "Reader Role" NOLOGIN;
CREATE ROLE "semi;colon" LOGIN IN ROLE "Reader Role";
GRANT "Reader Role" TO app_owner WITH ADMIN OPTION;
ALTER ROLE app_owner SET work_mem = '8MB';
ALTER ROLE app_owner SET search_path = shop, "$user", public;
COMMENT ON ROLE app_owner IS 'owns; the ''app''
on two lines';
CREATE DATABASE shop OWNER app_owner;
COMMENT ON DATABASE shop IS 'the shop''s database';
ALTER DATABASE shop SET search_path = shop, public, "Odd Schema";
ALTER DATABASE shop SET statement_timeout = '90s';
ALTER DATABASE shop SET default_transaction_read_only = off;
ALTER ROLE app_owner IN DATABASE shop SET maintenance_work_mem = '32MB';
ALTER DATABASE shop CONNECTION LIMIT 50;
REVOKE CONNECT ON DATABASE shop FROM PUBLIC;
GRANT CONNECT ON DATABASE shop TO "Reader Role";
GRANT CREATE, TEMPORARY ON DATABASE shop TO "semi;colon" WITH GRANT OPTION;
CREATE DATABASE "we""ird 'näme' $(touch /tmp/pwned);`id` a=b/c%d 日本" TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C';
