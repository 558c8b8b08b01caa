package dev.holdfast.shim.mysql;

final class MariadbIT extends MysqlContract {
    MariadbIT() {
        super(Flavour.MARIADB, "holdfast-test/mariadb:1");
    }

    @Override
    String more() {
        return """
                CREATE SEQUENCE numbers START WITH 100 INCREMENT BY 10;
                SELECT NEXTVAL(numbers);
                GRANT reader TO 'we''ird `user'@'10.%' WITH ADMIN OPTION;
                SET DEFAULT ROLE reader FOR app@'%';
                ALTER USER locked@localhost ACCOUNT LOCK;
                """;
    }

    @Override
    String usersOnly() {
        return "is_role = 'N'";
    }
}
