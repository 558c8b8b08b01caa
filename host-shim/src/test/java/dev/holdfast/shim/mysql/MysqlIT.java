package dev.holdfast.shim.mysql;

final class MysqlIT extends MysqlContract {
    MysqlIT() {
        super(Flavour.MYSQL, "holdfast-test/mysql:1");
    }

    @Override
    String more() {
        return """
                CREATE TABLE computed (id INT PRIMARY KEY, made VARCHAR(40) DEFAULT (CONCAT('a', 'b')), hidden INT INVISIBLE, KEY ((id + 1)));
                INSERT INTO computed (id, hidden) VALUES (1, 2);
                GRANT reader TO 'we''ird `user'@'10.%' WITH ADMIN OPTION;
                SET DEFAULT ROLE reader TO app@'%';
                ALTER USER locked@localhost ACCOUNT LOCK ATTRIBUTE '{"note": "it''s \\\\"quoted\\\\""}';
                """;
    }

    @Override
    String usersOnly() {
        return "TRUE";
    }
}
