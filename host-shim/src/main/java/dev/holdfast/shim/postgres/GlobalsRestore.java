package dev.holdfast.shim.postgres;

import dev.holdfast.shim.restore.RestoreFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the roles and tablespaces that are missing. A role that is there keeps its password and attributes: the server's users log in with
 * them now. Memberships and settings of roles are added either way.
 */
final class GlobalsRestore {
    private static final String NAME = "(\"(?:[^\"]|\"\")+\"|[^\\s;\"]+)";
    private static final Pattern CREATE_ROLE = Pattern.compile("CREATE ROLE " + NAME + "\\s*");
    private static final Pattern ATTRIBUTES = Pattern.compile("ALTER ROLE " + NAME + " WITH .*", Pattern.DOTALL);
    private static final Pattern TABLESPACE = Pattern.compile("(?:CREATE|ALTER) TABLESPACE .*", Pattern.DOTALL);
    private static final String DUPLICATE_OBJECT = "42710";

    private GlobalsRestore() {}

    /** Runs the script; gives warnings. Throws {@link RestoreFailedException} when a role or grant cannot be made. */
    static List<String> run(PsqlSession session, String script) throws IOException {
        List<String> warnings = new ArrayList<>();
        Set<String> existing = new HashSet<>();
        for (String statement : Sql.statements(script)) {
            Matcher attributes = ATTRIBUTES.matcher(statement);
            if (attributes.matches() && existing.contains(attributes.group(1))) {
                continue;
            }
            Matcher create = CREATE_ROLE.matcher(statement);
            try {
                session.execute(statement);
            } catch (SqlFailedException e) {
                if (e.state().equals(DUPLICATE_OBJECT) && create.matches()) {
                    existing.add(create.group(1));
                } else if (TABLESPACE.matcher(statement).matches()) {
                    warnings.add("a tablespace was not made: " + e.getMessage());
                } else {
                    throw new RestoreFailedException("roles could not be restored: " + e.getMessage(), e);
                }
            }
        }
        return warnings;
    }
}
