SET NAMES utf8mb4;
CREATE DATABASE shop CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE DATABASE `we``ird "na'me" $(touch /tmp/pwned);id a=b/c%d 日本` CHARACTER SET latin1 COLLATE latin1_german1_ci;
CREATE DATABASE empty_one;
USE shop;

CREATE TABLE digits (d INT PRIMARY KEY);
INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);
CREATE TABLE customer (
  id INT AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(100) CHARACTER SET utf8mb4 NOT NULL COMMENT 'it''s a\nname; -- (x)',
  age INT CHECK (age IS NULL OR age > 0),
  upper_name VARCHAR(100) GENERATED ALWAYS AS (UPPER(name)) STORED,
  twice INT GENERATED ALWAYS AS (age * 2) VIRTUAL,
  changed TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  UNIQUE KEY by_name (name), KEY by_age (age)
) ENGINE=InnoDB AUTO_INCREMENT=1000;
INSERT INTO customer (name, age) SELECT CONCAT('näme 😀 ', a.d, b.d), a.d * 10 + b.d + 1 FROM digits a, digits b;
CREATE TABLE orders (
  id BIGINT UNSIGNED PRIMARY KEY, customer INT NOT NULL, total DECIMAL(30,10), made DATETIME(3),
  CONSTRAINT `fk of'customer` FOREIGN KEY (customer) REFERENCES customer (id) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB;
INSERT INTO orders SELECT 18446744073709551615 - id, id, id / 7, '2024-02-29 23:59:59.999' FROM customer;
SET sql_mode = '';
CREATE TABLE awkward (
  id INT PRIMARY KEY, raw LONGBLOB, small BINARY(4), words LONGTEXT, doc JSON, bits BIT(13), kind ENUM('a','b''c','d,e',''), flags SET('x','y','z'),
  spot POINT, price DECIMAL(65,30), ratio DOUBLE, single FLOAT, day DATE, moment TIMESTAMP NULL, year_of YEAR, clock TIME(6), nothing VARCHAR(10),
  old_text VARCHAR(50) CHARACTER SET latin1, `select` INT, `back``tick "q" 'p' $(id)` INT
) ENGINE=InnoDB;
INSERT INTO awkward VALUES
  (0, '', '', '', '{}', b'0', 'a', '', NULL, 0, 0, 0, '0000-00-00', NULL, 2000, '00:00:00', NULL, '', 1, 2),
  (1, x'00010AFF275C220D0A1A', x'00FF0000', 'a\\b''c"d`e\n\r\t\0\Z(x),(y);-- \n-- INSERT INTO `digits` VALUES (1)', '{"k\\"": [1, null, "😀"]}', b'1010101010101', 'b''c', 'x,z',
   ST_GeomFromText('POINT(1.5 -2.25)'), -12345678901234567890.123456789012345678901234567890, -1.7976931348623157e308, 1.5, '2023-00-00', '2038-01-19 03:14:07', 1901, '-838:59:59', 'NULL', 'grüße', NULL, -7),
  (-5, REPEAT(x'FE', 70000), NULL, REPEAT('💾', 5000), '[]', NULL, '', 'y', ST_GeomFromText('POINT(0 0)'), NULL, 5e-324, NULL, '9999-12-31', '1970-01-01 00:00:01', NULL, NULL, '', NULL, NULL, NULL);
CREATE TABLE parts (id INT NOT NULL, made DATE NOT NULL, PRIMARY KEY (id, made)) ENGINE=InnoDB
  PARTITION BY RANGE (YEAR(made)) (PARTITION old VALUES LESS THAN (2020), PARTITION `n'ew` VALUES LESS THAN MAXVALUE);
INSERT INTO parts SELECT a.d * 10 + b.d, CONCAT(2015 + a.d, '-01-01') FROM digits a, digits b;
CREATE TABLE `odd (ta)ble; -- ``x`` 'y' "z" $(touch /tmp/pwned) ünï` (`(` INT, `VALUES` INT) ENGINE=InnoDB;
INSERT INTO `odd (ta)ble; -- ``x`` 'y' "z" $(touch /tmp/pwned) ünï` VALUES (1, 2), (3, NULL);
CREATE TABLE heap_like (id INT PRIMARY KEY, t TEXT, FULLTEXT KEY (t)) ENGINE=MyISAM;
INSERT INTO heap_like VALUES (1, 'one'), (2, 'two');
CREATE TABLE empty_table (id INT) ENGINE=InnoDB;
CREATE TABLE `we``ird "na'me" $(touch /tmp/pwned);id a=b/c%d 日本`.t (x INT) ENGINE=InnoDB;
INSERT INTO `we``ird "na'me" $(touch /tmp/pwned);id a=b/c%d 日本`.t VALUES (1), (2), (3);
SET sql_mode = DEFAULT;

DELIMITER //
CREATE FUNCTION shop.plus_one(`delim` INT) RETURNS INT DETERMINISTIC COMMENT 'it''s; one'
BEGIN
  -- a comment; with 'a quote
  /* another */
  RETURN `delim` + 1;
END//
CREATE PROCEDURE `odd proc; ``'"`(IN a INT, OUT b VARCHAR(20) CHARACTER SET utf8mb4)
BEGIN
  SET b = 'é😀\\';
  SELECT COUNT(*) INTO a FROM customer;
END//
SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'//
CREATE TRIGGER shop.first_one BEFORE INSERT ON shop.customer FOR EACH ROW
BEGIN
  SET NEW.name = concat(NEW."name", ' \ ');
END//
SET sql_mode = DEFAULT//
CREATE TRIGGER a_second BEFORE INSERT ON customer FOR EACH ROW FOLLOWS first_one SET NEW.age = COALESCE(NEW.age, 1)//
CREATE EVENT `tidy up` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION PRESERVE COMMENT 'ev' DO
BEGIN
  DELETE FROM customer WHERE id = -1;
END//
SET time_zone = '+05:30'//
CREATE EVENT asleep ON SCHEDULE EVERY 1 HOUR STARTS '2030-01-01 00:00:00' DISABLE DO SELECT 1//
SET time_zone = DEFAULT//
DELIMITER ;
CREATE VIEW z_base AS SELECT id, name, plus_one(age) AS older FROM customer WHERE name LIKE '%ä%';
CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW a_top AS SELECT * FROM z_base WHERE older > 5 WITH CASCADED CHECK OPTION;
CREATE VIEW `vi``ew 'q'` AS SELECT c.id, w.x FROM customer c JOIN `we``ird "na'me" $(touch /tmp/pwned);id a=b/c%d 日本`.t w ON w.x = c.age;

CREATE USER app@'%' IDENTIFIED BY 'app-pass''word';
CREATE USER 'we''ird `user'@'10.%' IDENTIFIED BY 'x' WITH MAX_QUERIES_PER_HOUR 5;
CREATE USER locked@localhost IDENTIFIED BY 'y';
CREATE ROLE reader;
CREATE ROLE writer;
GRANT SELECT ON shop.* TO reader;
GRANT INSERT, UPDATE ON shop.orders TO writer WITH GRANT OPTION;
GRANT reader TO writer;
GRANT reader TO app@'%';
GRANT ALL ON `we``ird "na'me" $(touch /tmp/pwned);id a=b/c%d 日本`.* TO 'we''ird `user'@'10.%';
GRANT EXECUTE ON PROCEDURE shop.`odd proc; ``'"` TO app@'%';
GRANT SELECT (id, name), UPDATE (age) ON shop.customer TO app@'%';
GRANT PROCESS ON *.* TO app@'%';
