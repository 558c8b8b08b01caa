CREATE SCHEMA shop AUTHORIZATION app_owner;
CREATE SCHEMA "Odd Schema";
CREATE EXTENSION pg_trgm SCHEMA public;
CREATE EXTENSION hstore SCHEMA shop;
SET search_path = shop, public;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s "great"');
CREATE TYPE address AS (street text, zip varchar(10));
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TYPE price_range AS RANGE (subtype = numeric);
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN NEW.changed := timestamptz '2024-01-01 00:00+00'; RETURN NEW; END; $f$;
CREATE TABLE customer (
    id integer GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 5) PRIMARY KEY,
    name text NOT NULL UNIQUE,
    name_length integer GENERATED ALWAYS AS (length(name)) STORED,
    mood mood, address address, age positive, prices price_range, nick shop.hstore,
    photo bytea, doc jsonb, tags text[], matrix int[][], ip inet, mac macaddr, uid uuid, bits bit varying(9),
    born date, changed timestamptz, span interval, money numeric(30,10), f8 double precision, xml xml, pt point, ts tsvector);
CREATE TRIGGER customer_note BEFORE INSERT OR UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION note_change();
INSERT INTO customer (name, mood, address, age, prices, nick, photo, doc, tags, matrix, ip, mac, uid, bits, born, span, money, f8, xml, pt, ts)
SELECT 'name ' || i || E'\t\n\\ "ü" 日本''', 'it''s "great"', ROW('a "street", (x)', '12' || i)::address, i, price_range(i, i + 1, '[)'), shop.hstore('k' || i, NULL),
    decode(md5(i::text), 'hex') || '\x00ff00'::bytea, jsonb_build_object('a', ARRAY[1, NULL, i], 'b', E'\u00e9"\\'), ARRAY['a,b', 'NULL', NULL, '{"x"}'],
    ARRAY[[1, i], [NULL, 4]], '2001:db8::1/64', '08:00:2b:01:02:03', md5(i::text)::uuid, B'10101', DATE '0044-03-15 BC', '1 year -3 days 04:05:06.789',
    1e18 + i / 7.0, 'NaN', '<a b="c">&amp;</a>', point(i, -i), to_tsvector('simple', 'some words ' || i)
FROM generate_series(1, 500) i;
INSERT INTO customer (name) VALUES ('');
CREATE INDEX customer_trgm ON customer USING gin (name public.gin_trgm_ops);
CREATE INDEX customer_part ON customer (lower(name)) WHERE age > 10;
CREATE TABLE orders (
    id bigserial, customer_id integer NOT NULL REFERENCES customer (id) ON DELETE CASCADE DEFERRABLE, at date NOT NULL, total numeric DEFAULT 0,
    PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE orders_2023 PARTITION OF orders FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE orders_2024 PARTITION OF orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY HASH (id);
CREATE TABLE orders_2024_0 PARTITION OF orders_2024 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE orders_2024_1 PARTITION OF orders_2024 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE orders_rest PARTITION OF orders DEFAULT;
INSERT INTO orders (customer_id, at, total) SELECT 100 + 5 * (i % 500), DATE '2023-06-01' + i, i FROM generate_series(1, 1000) i;
CREATE TABLE "Odd Schema"."Ta""ble; DROP" ("Col umn" text, "ünï" integer);
INSERT INTO "Odd Schema"."Ta""ble; DROP" SELECT 'x' || i, i FROM generate_series(1, 37) i;
CREATE TABLE parent (a int);
CREATE TABLE child (b text) INHERITS (parent);
INSERT INTO parent VALUES (1), (2);
INSERT INTO child VALUES (3, 'c');
CREATE UNLOGGED TABLE scratchpad (x int);
INSERT INTO scratchpad SELECT generate_series(1, 9);
CREATE TABLE empty_table (nothing int);
CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(total) AS total FROM orders GROUP BY customer_id;
CREATE UNIQUE INDEX totals_customer ON totals (customer_id);
CREATE MATERIALIZED VIEW unfilled AS SELECT 1 AS one WITH NO DATA;
CREATE VIEW happy AS SELECT name FROM customer WHERE mood = 'it''s "great"' WITH CHECK OPTION;
CREATE SEQUENCE lone START 42;
SELECT nextval('lone'), nextval('lone');
ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON customer FOR SELECT TO "Reader Role" USING (name = current_user);
GRANT SELECT ON customer TO "Reader Role";
GRANT UPDATE (name) ON customer TO "semi;colon";
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO "Reader Role";
ALTER TABLE customer OWNER TO app_owner;
COMMENT ON TABLE customer IS 'people''s data';
COMMENT ON COLUMN customer.name IS 'a name; with semicolon';
CREATE PUBLICATION everything FOR ALL TABLES;
SELECT lo_from_bytea(0, decode(repeat(md5(i::text), 400), 'hex')) FROM generate_series(1, 5) i;
CREATE STATISTICS customer_stats (dependencies) ON mood, age FROM customer;
CREATE TABLE bulk AS SELECT i AS id, md5(i::text) || md5((i * 7)::text) AS text FROM generate_series(1, 20000) i;
