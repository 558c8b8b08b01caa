package dev.holdfast.shim.mysql;

import dev.holdfast.shim.restore.RestoreFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Users and roles with password hashes and grants, as a script that can be run on a server that has some of them: those keep their
 * passwords and attributes.
 */
final class Accounts {
    /** A grant on one table or routine, not on all of a database. */
    private static final Pattern ON_OBJECT =
            Pattern.compile(" ON (?:PROCEDURE |FUNCTION |PACKAGE |PACKAGE BODY )?`((?:[^`]|``)*)`\\.`");

    private static final int SYNTAX_ERROR = 1064;
    private static final int NO_SUCH_ACCOUNT = 1133;
    private static final String END = "-- End of accounts\n";

    private Accounts() {}

    /**
     * The script, and the accounts that are not in it because the server itself does not honour them (with skip-name-resolve, those of
     * named hosts). Throws {@link SqlFailedException} when the server's user may not read accounts.
     */
    static Taken take(MysqlServer server) throws IOException {
        List<Account> accounts;
        try (MysqlSession session = server.session()) {
            accounts = list(session, server.flavour());
        }
        List<String> creates = new ArrayList<>();
        // MariaDB repeats with a role the grants of the roles it has.
        Set<String> grants = new LinkedHashSet<>();
        List<String> last = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        int next = 0;
        while (next < accounts.size()) {
            try (MysqlSession session = server.session()) {
                if (!session.query("SHOW VARIABLES LIKE 'print_identified_with_as_hex'")
                        .isEmpty()) {
                    session.execute("SET SESSION print_identified_with_as_hex = ON");
                }
                while (next < accounts.size()) {
                    next++;
                    show(session, accounts.get(next - 1), creates, grants, last);
                }
            } catch (SqlFailedException e) {
                if (e.code() != NO_SUCH_ACCOUNT) {
                    throw e;
                }
                ignored.add(accounts.get(next - 1).sql());
            }
        }
        StringBuilder script = new StringBuilder("-- Users, roles and their grants\n");
        creates.forEach(statement -> script.append(statement).append(";\n"));
        grants.forEach(statement -> script.append(statement).append(";\n"));
        last.forEach(statement -> script.append(statement).append(";\n"));
        return new Taken(script.append(END).toString(), ignored);
    }

    /** What {@link #take} gives. */
    record Taken(String script, List<String> ignored) {}

    private static void show(
            MysqlSession session, Account account, List<String> creates, Set<String> grants, List<String> last)
            throws IOException {
        if (!account.role()) {
            create(account, session.value("SHOW CREATE USER " + account.sql()), creates, last);
        } else if (!account.name().equals("PUBLIC")) {
            creates.add("CREATE ROLE IF NOT EXISTS " + account.sql());
        }
        for (String grant : session.column("SHOW GRANTS FOR " + account.sql())) {
            if (grant.startsWith("SET ")) {
                last.add(grant);
            } else {
                grant(grant, grants);
            }
        }
    }

    /** Makes the accounts that are missing; gives warnings. */
    static List<String> create(MysqlServer server, String script) throws IOException {
        return run(server, statements(script, true));
    }

    /**
     * Grants what the accounts had, to those that were there before too; gives warnings.
     *
     * @param only the one database that is restored, if it is not all: grants on tables and routines of others are left out
     */
    static List<String> grant(MysqlServer server, String script, Optional<String> only) throws IOException {
        return run(
                server,
                statements(script, false).stream()
                        .filter(grant ->
                                only.map(database -> concerns(grant, database)).orElse(true))
                        .toList());
    }

    private static boolean concerns(String grant, String database) {
        int on = Sql.indexOutsideQuotes(grant, " ON ", 0);
        Matcher object = ON_OBJECT.matcher(on < 0 ? "" : grant.substring(on));
        return !object.lookingAt() || object.group(1).replace("``", "`").equals(database);
    }

    private static List<String> statements(String script, boolean creates) throws RestoreFailedException {
        if (!script.endsWith(END)) {
            throw new RestoreFailedException("the accounts of the snapshot are not whole");
        }
        return Sql.statements(script).stream()
                .filter(statement -> statement.startsWith("CREATE ") == creates)
                .toList();
    }

    /** A statement that fails ends its session, so the rest goes on in another. */
    private static List<String> run(MysqlServer server, List<String> statements) throws IOException {
        List<String> warnings = new ArrayList<>();
        int next = 0;
        while (next < statements.size()) {
            try (MysqlSession session = server.session()) {
                while (next < statements.size()) {
                    next++;
                    session.execute(statements.get(next - 1));
                }
            } catch (SqlFailedException e) {
                warnings.add("of the accounts, this could not be made: " + safe(statements.get(next - 1)) + ": "
                        + (e.code() == SYNTAX_ERROR ? "the server does not understand it" : e.getMessage()));
            }
        }
        return warnings;
    }

    /** A statement up to where a password hash may begin. */
    private static String safe(String statement) {
        int identified = Sql.indexOutsideQuotes(statement, " IDENTIFIED ", 0);
        return identified < 0 ? statement : statement.substring(0, identified);
    }

    private static void create(Account account, String shown, List<String> creates, List<String> last) {
        String create = shown;
        int roles = Sql.indexOutsideQuotes(create, " DEFAULT ROLE ", 0);
        if (roles >= 0) {
            // The roles need not be there yet.
            int end = Sql.indexOutsideQuotes(create, " REQUIRE ", roles);
            last.add("ALTER USER " + account.sql() + create.substring(roles, end));
            create = create.substring(0, roles) + create.substring(end);
        }
        creates.add("CREATE USER IF NOT EXISTS" + create.substring("CREATE USER".length()));
    }

    /** Without password and limits, which some servers repeat in the first grant: they would overwrite those of an account that is there. */
    private static void grant(String shown, Set<String> grants) {
        String grant = shown;
        int to = Sql.indexOutsideQuotes(grant, " TO ", 0);
        int cut = to < 0 ? -1 : Sql.indexOutsideQuotes(grant, " IDENTIFIED ", to);
        cut = cut >= 0 || to < 0 ? cut : Sql.indexOutsideQuotes(grant, " REQUIRE ", to);
        if (cut >= 0) {
            grant = grant.substring(0, cut) + (grant.endsWith("GRANT OPTION") ? " WITH GRANT OPTION" : "");
        }
        boolean nothing = grant.startsWith("GRANT USAGE ON *.* ") && !grant.endsWith("GRANT OPTION");
        if (!nothing) {
            grants.add(grant);
        }
    }

    private static List<Account> list(MysqlSession session, Flavour flavour) throws IOException {
        String role = flavour == Flavour.MARIADB ? "is_role" : "'N'";
        List<Account> accounts = new ArrayList<>();
        for (List<String> row : session.query("SELECT User, Host, " + role + " FROM mysql.user"
                + " WHERE User NOT IN ('mysql.sys', 'mysql.session', 'mysql.infoschema', 'mariadb.sys')"
                + " ORDER BY User, Host")) {
            accounts.add(new Account(row.get(0), row.get(1), row.get(2).equals("Y")));
        }
        return accounts;
    }

    private record Account(String name, String host, boolean role) {
        String sql() {
            if (role) {
                return name.equals("PUBLIC") ? name : Sql.identifier(name);
            }
            return Sql.identifier(name) + "@" + Sql.identifier(host);
        }
    }
}
