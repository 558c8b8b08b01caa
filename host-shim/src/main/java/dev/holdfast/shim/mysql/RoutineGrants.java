package dev.holdfast.shim.mysql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Grants on single routines: the server forgets them when the routine is dropped, so they are kept and given again. */
final class RoutineGrants {
    private RoutineGrants() {}

    /** As statements; none when the session's user may not read them. */
    static List<String> take(MysqlServer server, String database) throws IOException {
        List<List<String>> rows;
        try (MysqlSession session = server.session()) {
            rows = session.query(
                    "SELECT User, Host, Routine_type, Routine_name, Proc_priv FROM mysql.procs_priv WHERE Db = "
                            + Sql.literal(database));
        } catch (SqlFailedException e) {
            return List.of();
        }
        List<String> grants = new ArrayList<>();
        for (List<String> row : rows) {
            String account =
                    Sql.identifier(row.get(0)) + (row.get(1).isEmpty() ? "" : "@" + Sql.identifier(row.get(1)));
            String privileges = Arrays.stream(row.get(4).split(","))
                    .filter(privilege -> !privilege.isEmpty() && !privilege.equals("Grant"))
                    .collect(Collectors.joining(", "));
            grants.add("GRANT " + (privileges.isEmpty() ? "USAGE" : privileges) + " ON " + row.get(2) + " "
                    + Sql.table(database, row.get(3)) + " TO " + account
                    + (row.get(4).contains("Grant") ? " WITH GRANT OPTION" : ""));
        }
        return grants;
    }
}
