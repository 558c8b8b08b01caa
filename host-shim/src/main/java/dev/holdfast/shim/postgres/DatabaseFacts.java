package dev.holdfast.shim.postgres;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What CREATE DATABASE must be told, and what hangs on a database as a whole (owner, grants, settings, comment): pg_restore
 * restores none of it into a database of another name. Kept as the tree that goes into the evidence.
 */
record DatabaseFacts(String name, Map<String, Object> properties) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Columns differ by version, so the whole row is taken as JSON. Nulls are stripped. */
    private static final String LIST = """
            SELECT jsonb_agg(jsonb_strip_nulls(
                (to_jsonb(d) - '{oid,datdba,encoding,datfrozenxid,datminmxid,dattablespace,datlastsysoid,datacl}'::text[])
                || jsonb_build_object(
                    'owner', pg_get_userbyid(d.datdba),
                    'encoding', pg_encoding_to_char(d.encoding),
                    'tablespace', (SELECT spcname FROM pg_tablespace t WHERE t.oid = d.dattablespace),
                    'comment', shobj_description(d.oid, 'pg_database'),
                    'defaultGrants', d.datacl IS NULL,
                    'grants', (SELECT jsonb_agg(jsonb_build_object(
                            'role', CASE WHEN a.grantee = 0 THEN '' ELSE pg_get_userbyid(a.grantee) END,
                            'privilege', a.privilege_type,
                            'grantable', a.is_grantable)) FROM aclexplode(d.datacl) a),
                    'settings', (SELECT jsonb_agg(jsonb_build_object(
                            'role', CASE WHEN s.setrole = 0 THEN '' ELSE pg_get_userbyid(s.setrole) END,
                            'setting', c.setting))
                        FROM pg_db_role_setting s, unnest(s.setconfig) c(setting) WHERE s.setdatabase = d.oid))
                ) ORDER BY d.datname)::text
            FROM pg_database d WHERE NOT d.datistemplate AND d.datallowconn""";

    /** Settings whose value is a list of quoted names: variable_is_guc_list_quote() in PostgreSQL's dumputils.c. */
    private static final List<String> LIST_SETTINGS = List.of(
            "local_preload_libraries",
            "search_path",
            "session_preload_libraries",
            "shared_preload_libraries",
            "temp_tablespaces",
            "unix_socket_directories",
            "restrict_nonsystem_relation_kind");

    /** Every database that is no template and may be connected to. */
    static List<DatabaseFacts> list(PsqlSession session) throws IOException {
        List<DatabaseFacts> databases = new ArrayList<>();
        for (JsonNode row : session.json(LIST)) {
            Map<String, Object> properties = JSON.convertValue(row, new TypeReference<>() {});
            databases.add(new DatabaseFacts(row.path("datname").asText(), properties));
        }
        return databases;
    }

    String owner() {
        return text("owner").orElse("postgres");
    }

    /** CREATE DATABASE under another name, from template0, with the recorded locale. */
    String create(String as) {
        StringBuilder sql = new StringBuilder(
                "CREATE DATABASE " + Sql.identifier(as) + " TEMPLATE template0 OWNER " + Sql.identifier(owner()));
        option(sql, "ENCODING", "encoding");
        option(sql, "LC_COLLATE", "datcollate");
        option(sql, "LC_CTYPE", "datctype");
        String provider = text("datlocprovider").orElse("c");
        if (provider.equals("i")) {
            sql.append(" LOCALE_PROVIDER icu");
            option(sql, "ICU_LOCALE", text("daticulocale").isPresent() ? "daticulocale" : "datlocale");
            option(sql, "ICU_RULES", "daticurules");
        } else if (provider.equals("b")) {
            sql.append(" LOCALE_PROVIDER builtin");
            option(sql, "BUILTIN_LOCALE", "datlocale");
        }
        text("tablespace")
                .filter(tablespace -> !tablespace.equals("pg_default"))
                .ifPresent(tablespace -> sql.append(" TABLESPACE ").append(Sql.identifier(tablespace)));
        return sql.toString();
    }

    /** What is set on the database as a whole, to be run once its data is in: such settings could hinder the restore itself. */
    List<String> dress(String as) {
        String database = Sql.identifier(as);
        List<String> statements = new ArrayList<>();
        text("comment")
                .ifPresent(text -> statements.add("COMMENT ON DATABASE " + database + " IS " + Sql.literal(text)));
        if (properties.get("datconnlimit") instanceof Number limit && limit.intValue() != -1) {
            statements.add("ALTER DATABASE " + database + " CONNECTION LIMIT " + limit.intValue());
        }
        if (!Boolean.TRUE.equals(properties.get("defaultGrants"))) {
            statements.add("REVOKE ALL ON DATABASE " + database + " FROM PUBLIC");
            statements.add("REVOKE ALL ON DATABASE " + database + " FROM " + Sql.identifier(owner()));
            for (Map<?, ?> grant : maps("grants")) {
                statements.add("GRANT " + grant.get("privilege") + " ON DATABASE " + database + " TO "
                        + role(String.valueOf(grant.get("role")))
                        + (Boolean.TRUE.equals(grant.get("grantable")) ? " WITH GRANT OPTION" : ""));
            }
        }
        for (Map<?, ?> setting : maps("settings")) {
            String assignment = assignment(String.valueOf(setting.get("setting")));
            String role = String.valueOf(setting.get("role"));
            statements.add(
                    role.isEmpty()
                            ? "ALTER DATABASE " + database + " SET " + assignment
                            : "ALTER ROLE " + Sql.identifier(role) + " IN DATABASE " + database + " SET " + assignment);
        }
        return statements;
    }

    private static String assignment(String setting) {
        int equals = setting.indexOf('=');
        String name = setting.substring(0, equals);
        String value = setting.substring(equals + 1);
        // A list is stored ready-quoted, so each of its names stands as it is; a lone empty value must still be a
        // literal.
        boolean list = LIST_SETTINGS.contains(name) && !value.isEmpty();
        String target = String.join(
                ".", List.of(name.split("\\.")).stream().map(Sql::identifier).toList());
        return target + " TO " + (list ? value : Sql.literal(value));
    }

    private static String role(String name) {
        return name.isEmpty() ? "PUBLIC" : Sql.identifier(name);
    }

    private void option(StringBuilder sql, String keyword, String property) {
        text(property)
                .ifPresent(value -> sql.append(' ').append(keyword).append(' ').append(Sql.literal(value)));
    }

    private Optional<String> text(String property) {
        return properties.get(property) instanceof String text && !text.isEmpty()
                ? Optional.of(text)
                : Optional.empty();
    }

    private List<Map<?, ?>> maps(String property) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (properties.get(property) instanceof List<?> list) {
            for (Object entry : list) {
                if (entry instanceof Map<?, ?> map) {
                    maps.add(map);
                }
            }
        }
        return maps;
    }
}
